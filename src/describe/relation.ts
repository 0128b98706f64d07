import type { StoredKind, StoredObject } from '../resources/kind.js';

/** A resource that another one has to do with. */
export interface Related {
  readonly kind: StoredKind;
  readonly name: string;
  readonly namespace?: string | undefined;
  /** Absent where it is only named and does not exist. */
  readonly object?: StoredObject | undefined;
  /** What more there is to say of it: its place in the order, the address that it has. */
  readonly note?: string;
}

/** What is no resource of its own: a block, or a label by the key that it has in v3. */
export type Fact = { readonly text: string } | { readonly label: string; readonly value: string };

/** Resources, or facts, that a resource has to do with in one way. */
export interface Relation {
  /** How, for a reader: `policies that select it, in order`. */
  readonly title: string;
  /** The same for programs: `policies`. */
  readonly code: string;
  readonly items: readonly (Related | Fact)[];
}

export interface Relations {
  readonly refersTo: readonly Relation[];
  readonly referredToBy: readonly Relation[];
}

/** An object as one that is related. */
export function related(kind: StoredKind, object: StoredObject, note?: string): Related {
  const { name, namespace } = object.metadata;
  return { kind, name, namespace, object, ...(note === undefined ? {} : { note }) };
}
