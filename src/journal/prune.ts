import { intoTransactions } from '../datastore/batches.js';
import type { Store } from '../datastore/store.js';
import { listRecords, type Listed } from './read.js';

/** What the records of the journal may be together, and what is left of them where they are more. */
const MOST_BYTES = 64 * 1024 * 1024;
const LEFT_BYTES = 48 * 1024 * 1024;

/** What went: the records, with the time of the newest of them. */
export interface Pruned {
  readonly records: number;
  readonly bytes: number;
  readonly until?: string | undefined;
}

/** Deletes the records from before a time. Throws DatastoreError. */
export async function pruneBefore(store: Store, time: string, { dryRun = false }: { readonly dryRun?: boolean } = {}): Promise<Pruned> {
  const old = (await listRecords(store)).filter((record) => record.time < time);
  return dryRun ? sumOf(old) : remove(store, old);
}

/** Deletes the oldest records where all of them are more than the journal may hold. Throws DatastoreError. */
export async function pruneToSize(store: Store, { most = MOST_BYTES, left = LEFT_BYTES }: { readonly most?: number; readonly left?: number } = {}): Promise<Pruned> {
  const records = await listRecords(store);
  let bytes = records.reduce((sum, record) => sum + record.bytes, 0);
  if (bytes <= most) return sumOf([]);
  const old = records.filter((record) => {
    const isTooMuch = bytes > left;
    if (isTooMuch) bytes -= record.bytes;
    return isTooMuch;
  });
  return remove(store, old);
}

/** What somebody else deletes meanwhile is gone, which is all that was wanted. */
async function remove(store: Store, records: readonly Listed[]): Promise<Pruned> {
  const gone: Listed[] = [];
  const byKey = new Map(records.map((record) => [record.key, record]));
  for await (const operations of intoTransactions(records.map(({ key, modRevision }) => ({ action: 'delete', key, expect: modRevision })))) {
    const { done } = await store.commit(operations, []);
    for (const { key } of done ? operations : []) gone.push(byKey.get(key)!);
    for (const operation of done ? [] : operations) if ((await store.commit([operation], [])).done) gone.push(byKey.get(operation.key)!);
  }
  return sumOf(gone);
}

function sumOf(records: readonly Listed[]): Pruned {
  return { records: records.length, bytes: records.reduce((sum, { bytes }) => sum + bytes, 0), until: records.at(-1)?.time };
}
