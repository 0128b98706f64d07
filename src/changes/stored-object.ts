import type { Data } from '../base/data.js';
import { CalicoError, DatastoreError } from '../base/errors.js';
import type { Entry, Operation } from '../datastore/store.js';
import { keyOf } from '../resources/keys.js';
import type { StoredKind, StoredObject } from '../resources/kind.js';
import { Problems } from '../resources/problem.js';
import { decodeStored, encodeStored, isCorrupt } from '../resources/stored-value.js';
import { readStoredDocument } from '../resources/v3/document.js';
import { newIdentity, type Sources } from './initialize.js';

/** An object and the entry that it was read from. */
export interface Found<Spec extends Data = Data> {
  readonly object: StoredObject<Spec>;
  readonly entry: Entry;
}

/** The writing of one key. */
export type PutOperation = Extract<Operation, { action: 'put' }>;

/** The object of an entry. Throws DatastoreError, stage `data`, for one that cannot be read. */
export function foundIn<Spec extends Data>(kind: StoredKind<Spec>, entry: Entry): Found<Spec> {
  const object = decodeStored(kind, entry);
  if (isCorrupt(object) || entry.invalid) throw new DatastoreError('data', `${entry.key} cannot be read: ${isCorrupt(object) ? object.reason : 'its value is not UTF-8'}`);
  return { object, entry };
}

/** What creates an object, with the defaults of every client. Throws CalicoError where no client would take it. */
export function creationOf(kind: StoredKind, document: Data, sources: Sources): PutOperation {
  const object = accepted(kind, document);
  const { name, generateName, namespace, ...metadata } = object.metadata;
  object.metadata = { name, ...(generateName !== undefined && { generateName }), ...(namespace !== undefined && { namespace }), ...newIdentity(sources), ...metadata };
  return { action: 'put', key: keyOf(kind, name, namespace), expect: '0', value: encodeStored(kind, object) };
}

/** What writes a document in place of the object that was found; undefined where nothing is different. Throws CalicoError where no client would take it. */
export function replacementOf(kind: StoredKind, { entry }: Pick<Found, 'entry'>, document: Data): PutOperation | undefined {
  const value = encodeStored(kind, accepted(kind, document));
  return value === entry.value ? undefined : { action: 'put', key: entry.key, expect: entry.modRevision, value };
}

/** Decoded strictly, with defaults, as every client writes it; fields of a newer Calico stay. */
function accepted(kind: StoredKind, raw: Data): StoredObject {
  const problems = new Problems();
  const object = readStoredDocument(kind, raw, problems, undefined, new Problems());
  const wrong = problems.list.filter(({ severity }) => severity === 'error');
  if (object !== undefined && wrong.length === 0) return object;
  throw new CalicoError('invalid-document', `${kind.kind}(${String((raw['metadata'] as Data)['name'])}): ${wrong.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
}
