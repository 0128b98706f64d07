import type { DatastoreNotice } from '../datastore/notices.js';
import type { Entry, Range, Store } from '../datastore/store.js';
import type { Log } from '../text/log.js';
import { isDatastoreError, persist } from './datastore.js';

export interface Following {
  /** Makes a store; a new one for each attempt, as each has a time of its own. */
  readonly connect: (options: { readonly signal: AbortSignal; readonly notify: (notice: DatastoreNotice) => void }) => Promise<Store>;
  readonly ranges: readonly Range[];
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Told of all entries once they are read, and after each change. An entry that did not change is the same object. */
  readonly onEntries: (entries: ReadonlyMap<string, Entry>) => void;
}

/**
 * Keeps the entries of some ranges as the store has them: all at one revision, then every change, until the signal is aborted.
 * While etcd is away the last entries stay, and it is said. Where a watch is at its end (a restored store, another password) all is read anew.
 */
export async function followStore({ connect, ranges, log, signal, onEntries }: Following): Promise<void> {
  const open = (): Promise<Store> => connect({ signal, notify: (notice) => sayNotice(notice, log) });
  await persist({ open, passes: isDatastoreError, log, signal }, async (store, isServed) => {
    const snapshot = await store.snapshot(ranges);
    const entries = new Map(snapshot.ranges.flat().map((entry) => [entry.key, entry]));
    isServed();
    onEntries(entries);
    const known = new Map([...entries].map(([key, { modRevision }]) => [key, modRevision]));
    for await (const { changes } of store.watch(ranges, { after: snapshot.revision, known })) {
      for (const { key, entry } of changes) {
        if (entry === undefined) entries.delete(key);
        else entries.set(key, entry);
      }
      if (changes.length > 0) onEntries(entries);
    }
  }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

function sayNotice(notice: DatastoreNotice, log: Log): void {
  if (notice.code === 'datastore.watch-lost') log.warning(`the connection to the datastore is lost, what was read until now stays in use: ${notice.reason}`);
  if (notice.code === 'datastore.watch-back') log.info(`connected to the datastore again, at ${notice.endpoint}`);
}
