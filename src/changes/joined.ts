import { sortKeys } from '../go/json.js';
import type { Metadata, StoredKind, StoredObject } from '../resources/kind.js';
import { classicOf } from '../resources/registry.js';
import { withUnknown } from '../resources/unknown-fields.js';
import { OWN_WORDS } from '../resources/v1/own-words.js';
import { isNamedByWords } from '../resources/v1/view.js';
import { inStoredOrder } from '../resources/v3/defaults.js';
import { metadataType } from '../resources/v3/metadata.js';
import type { Existing } from './find.js';
import type { Identity } from './initialize.js';
import type { Target } from '../objects/target.js';

/** A new object keeps only what a document may say of metadata (reference/storage 2.5), and what a newer Calico has there. */
export function created(target: Target, identity: Identity): StoredObject {
  const { object } = target;
  const { metadata } = object;
  const { name, namespace, labels, annotations } = metadata;
  return { ...object, metadata: orderedMetadata({ name, namespace, ...identity, labels, annotations, ...unknownMembers(metadata, METADATA_FIELDS) }) };
}

/**
 * What is stored keeps its identity, its classic name too, and the fields that nobody knows here; labels, annotations and spec
 * are the document's (reference/storage 2.5).
 */
export function replaced(target: Target, found: Existing): StoredObject {
  const { kind, stored } = target;
  const object = kind.dialect === 'v1' && kind.mergeOnto !== undefined ? kind.mergeOnto(found.object, target.object) : target.object;
  const { labels: _labels, annotations: _annotations, resourceVersion: _revision, ...kept } = found.object.metadata;
  const { labels } = object.metadata;
  const annotations = kind.dialect === 'v1' ? object.metadata.annotations : withOldWords(stored, object, found.object);
  const status = found.object.status === undefined ? {} : { status: found.object.status };
  const spec = withUnknown(stored.spec, object.spec, found.object.spec) as StoredObject['spec'];
  return { ...object, ...unknownMembers(found.object, DOCUMENT_FIELDS), spec, ...status, metadata: orderedMetadata({ ...kept, labels, annotations }) };
}

/**
 * The annotations of a v3 document, with the classic words of the object it replaces. A document that somebody converted, or
 * wrote, has none: under its classic name the object would be lost. Of words that the document contradicts only the name is
 * believed (v1/view.ts). Who wants them gone gives the annotation an empty value.
 */
function withOldWords(stored: StoredKind, { metadata: { annotations } }: StoredObject, existing: StoredObject): Metadata['annotations'] {
  const words = existing.metadata.annotations?.[OWN_WORDS];
  const kind = classicOf(stored);
  if (words === undefined || kind === undefined || (annotations !== undefined && Object.hasOwn(annotations, OWN_WORDS)) || !isNamedByWords(kind, existing)) return annotations;
  return sortKeys({ ...annotations, [OWN_WORDS]: words });
}

const DOCUMENT_FIELDS = new Set(['kind', 'apiVersion', 'metadata', 'spec', 'status']);
const METADATA_FIELDS = new Set(metadataType.fields.map(({ name }) => name));

function unknownMembers(map: object, fields: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([name]) => !fields.has(name)));
}

/** Metadata in the order in which they are stored, without what is undefined. */
function orderedMetadata(metadata: { readonly [Name in keyof Metadata]: Metadata[Name] | undefined }): Metadata {
  return inStoredOrder(metadataType, metadata) as Metadata;
}
