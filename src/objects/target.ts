import type { Diagnostic } from '../base/errors.js';
import type { AnyDocument, ClassicDocument, ClassicKind, Kind, StoredKind, StoredObject } from '../resources/kind.js';
import type { Problem } from '../resources/problem.js';
import { API_VERSION } from '../resources/v3/document.js';
import type { Doubts } from './doubts.js';
import type { ReadAt } from './read-at.js';

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
  /** `policies.yaml:12`, where it came from a file; asked for, since the line takes parsing the document once more. */
  place?(): string;
  /** A problem of the document with its place in the file, where it came from one. */
  locate?(problem: Problem): Diagnostic;
  /** Set where the document came out of a store and is right only in its sight. */
  readonly doubts?: Doubts | undefined;
  /** Set where a classic document says at which revision it was read: what somebody changed since then is not overwritten. */
  readonly readAt?: ReadAt | undefined;
}

/** The identity of a v3 object, as Calico writes it in messages. */
export function v3Identity(kind: StoredKind, name: string, namespace?: string): string {
  return kind.namespaced ? `${kind.kind}(${namespace ?? 'default'}/${name})` : `${kind.kind}(${name})`;
}

/** A target of a classic identity, without content: something to delete or to look for. Where parts of the identity are missing it has no name. */
export function classicIdentityTarget(kind: ClassicKind, metadata: ClassicDocument['metadata']): Target {
  const complete = kind.missingIdentifiers(metadata, 'delete').length === 0;
  const [name = ''] = complete ? kind.storedNames(metadata) : [];
  const namespace = complete ? kind.namespaceOf?.(metadata) : undefined;
  const object = { kind: kind.stored.kind, apiVersion: API_VERSION, metadata: { name, ...(namespace === undefined ? {} : { namespace }) }, spec: {} } as const;
  return { kind, stored: kind.stored, document: { kind: kind.kind, apiVersion: 'v1', metadata, spec: {} }, object, identity: kind.identityText(metadata) };
}

/** A target of a v3 object. */
export function storedTarget(kind: StoredKind, object: StoredObject): Target {
  const { name, namespace } = object.metadata;
  return { kind, stored: kind, document: object, object, identity: v3Identity(kind, name, namespace) };
}
