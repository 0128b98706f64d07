import type { Store } from '../datastore/store.js';
import { decodeRecord, JOURNAL, readRecordKey, type JournalRecord, type RecordName } from './record.js';

/** A record of the journal before it is read: what its name and revision say. */
export interface Listed extends RecordName {
  readonly key: string;
  readonly modRevision: string;
  /** That of the transaction it tells of. */
  readonly revision: string;
}

/** All records, the oldest first; none of them is read. Throws DatastoreError. */
export async function listRecords(store: Store): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  for await (const { entries } of store.list(JOURNAL, { keysOnly: true })) {
    for (const { key, modRevision } of entries) {
      const name = readRecordKey(key);
      // No record tells of what came after it: this is somebody else's.
      if (name === undefined || BigInt(name.revision ?? 0) > BigInt(modRevision)) continue;
      found.push({ ...name, revision: name.revision ?? modRevision, key, modRevision });
    }
  }
  return found;
}

/** Records that are read at once. */
const AT_ONCE = 64;

/** Reads records, in the order given. What is gone meanwhile, or cannot be read, is left out. Throws DatastoreError. */
export async function* readRecords(store: Store, listed: readonly Listed[]): AsyncGenerator<JournalRecord & { readonly revision: string }> {
  for (let start = 0; start < listed.length; start += AT_ONCE) {
    const part = listed.slice(start, start + AT_ONCE);
    const { ranges } = await store.snapshot(part.map(({ key }) => ({ key })));
    for (const [index, [entry]] of ranges.entries()) {
      const record = entry && decodeRecord(entry.value);
      if (record === undefined) continue;
      // What was found by its name is that.
      const { time, command, number, revision } = part[index]!;
      yield { ...record, time, command, number, revision };
    }
  }
}
