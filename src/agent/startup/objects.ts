import type { Data } from '../../base/data.js';
import { CalicoError, DatastoreError } from '../../base/errors.js';
import { newIdentity, type Sources } from '../../changes/initialize.js';
import type { Entry, Store } from '../../datastore/store.js';
import { keyOf } from '../../resources/keys.js';
import type { StoredKind, StoredObject } from '../../resources/kind.js';
import { Problems } from '../../resources/problem.js';
import { decodeStored, encodeStored, isCorrupt } from '../../resources/stored-value.js';
import { API_VERSION, readStoredDocument } from '../../resources/v3/document.js';
import { Overtaken } from '../repeat.js';

/** An object and the entry that it was read from. */
export interface Found<Spec extends Data> {
  readonly object: StoredObject<Spec>;
  readonly entry: Entry;
}

/** Reads an object; undefined where there is none. Throws DatastoreError, stage `data`, for one that cannot be read. */
export async function read<Spec extends Data>(store: Store, kind: StoredKind<Spec>, name: string): Promise<Found<Spec> | undefined> {
  const entry = await store.get(keyOf(kind, name));
  if (entry === undefined) return undefined;
  const object = decodeStored(kind, entry);
  if (isCorrupt(object) || entry.invalid) throw new DatastoreError('data', `${entry.key} cannot be read: ${isCorrupt(object) ? object.reason : 'its value is not UTF-8'}`);
  return { object, entry };
}

/** Creates an object, with the defaults of every client. Returns false where somebody was faster. Throws CalicoError where no client would take it. */
export async function create<Spec extends Data>(store: Store, kind: StoredKind<Spec>, name: string, spec: Data, sources: Sources): Promise<boolean> {
  const object = accepted(kind, { kind: kind.kind, apiVersion: API_VERSION, metadata: { name }, spec });
  object.metadata = { name, ...newIdentity(sources) };
  const { done } = await store.commit([{ action: 'put', key: keyOf(kind, name), expect: '0', value: encodeStored(kind, object) }]);
  return done;
}

/** Writes what became of an object, unless that is nothing. Throws Overtaken where somebody was faster, and CalicoError where no client would take it. */
export async function replace<Spec extends Data>(store: Store, kind: StoredKind<Spec>, { object, entry }: Found<Spec>, spec: Data): Promise<void> {
  const value = encodeStored(kind, accepted(kind, { ...object, spec }));
  if (value === entry.value) return;
  const { done } = await store.commit([{ action: 'put', key: entry.key, expect: entry.modRevision, value }]);
  if (!done) throw new Overtaken(`${kind.kind}(${object.metadata.name}) was changed meanwhile`);
}

/** Decoded strictly, with defaults, as every client writes it; fields of a newer Calico stay. */
function accepted(kind: StoredKind, raw: Data): StoredObject {
  const problems = new Problems();
  const object = readStoredDocument(kind, raw, problems, undefined, new Problems());
  const wrong = problems.list.filter(({ severity }) => severity === 'error');
  if (object !== undefined && wrong.length === 0) return object;
  throw new CalicoError('invalid-document', `${kind.kind}(${String((raw['metadata'] as Data)['name'])}): ${wrong.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`);
}
