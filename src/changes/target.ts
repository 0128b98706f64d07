import type { AnyDocument, Kind, StoredKind, StoredObject } from '../resources/kind.js';

/** A resource that a command is about: read from a manifest and found right, or named on the command line. */
export interface Target {
  /** The kind as the operator or the document names it. */
  readonly kind: Kind;
  readonly stored: StoredKind;
  readonly document: AnyDocument;
  /** What it is stored as, before it is joined with what is there already. */
  readonly object: StoredObject;
  /** `Policy(name=a)` or `NetworkPolicy(default/a)`, for messages. */
  readonly identity: string;
  /** `policies.yaml:12`, where it came from a file; a function, since the line takes parsing the document once more. */
  readonly place?: () => string;
}

/** The identity of a v3 object, as Calico writes it in messages. */
export function storedIdentity(kind: StoredKind, name: string, namespace?: string): string {
  return kind.namespaced ? `${kind.kind}(${namespace ?? 'default'}/${name})` : `${kind.kind}(${name})`;
}

/** A target of a v3 object. */
export function storedTarget(kind: StoredKind, object: StoredObject): Target {
  const { name, namespace } = object.metadata;
  return { kind, stored: kind, document: object, object, identity: storedIdentity(kind, name, namespace) };
}
