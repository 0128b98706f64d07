import { v3Identity } from '../objects/target.js';
import type { AnyDocument, StoredKind, StoredObject } from '../resources/kind.js';
import { kindOfDocument } from '../resources/registry.js';
import { hasUnknown, known } from '../resources/unknown-fields.js';
import { storedDocumentType } from '../resources/v3/document.js';

/** What an export had to leave out, to be told. */
export class Exported {
  /** Identities of resources with fields that this version does not know, and another store would not be given by it. */
  readonly unknown: string[] = [];
  /** Identities of resources that Calico keeps itself in every store. */
  readonly kept: string[] = [];
}

const OF_THIS_CLUSTER = ['uid', 'resourceVersion', 'selfLink', 'generation', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'ownerReferences', 'managedFields'];

/** Whether a resource of a listing may be written to another store at all. */
export function isExported(document: AnyDocument, told: Exported): boolean {
  const kind = storedKindOf(document);
  if (kind?.readOnly?.(document as StoredObject, 'apply') === undefined) return true;
  told.kept.push(identityOf(kind, document as StoredObject));
  return false;
}

/**
 * A document without what belongs to its cluster only, so that any store takes it. Classic ones have nothing of that kind.
 * The namespace goes where one resource was asked for by name, as in the official tool; in a listing it tells the resources apart.
 */
export function exported(document: AnyDocument, told: Exported, { inList = false } = {}): AnyDocument {
  const kind = storedKindOf(document);
  if (kind === undefined) return document;
  const type = storedDocumentType(kind);
  if (hasUnknown(type, document)) told.unknown.push(identityOf(kind, document as StoredObject));
  const object = known(type, document) as StoredObject;
  const left = Object.entries(object.metadata).filter(([field]) => !OF_THIS_CLUSTER.includes(field) && (inList || field !== 'namespace'));
  return { ...object, metadata: Object.fromEntries(left) } as unknown as AnyDocument;
}

function storedKindOf({ apiVersion, kind }: AnyDocument): StoredKind | undefined {
  const found = kindOfDocument(apiVersion, kind);
  return found?.dialect === 'v3' ? found : undefined;
}

function identityOf(kind: StoredKind, { metadata: { name, namespace } }: StoredObject): string {
  return v3Identity(kind, name, namespace);
}
