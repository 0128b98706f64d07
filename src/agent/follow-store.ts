import { setTimeout as sleep } from 'node:timers/promises';
import { pauseMs } from '../base/back-off.js';
import { DatastoreError } from '../base/errors.js';
import type { DatastoreNotice } from '../datastore/notices.js';
import type { Entry, Range, Store } from '../datastore/store.js';
import type { Log } from '../text/log.js';

const PAUSES = { firstMs: 200, longestMs: 5000, fixed: 0.5 };

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
export async function followStore(following: Following): Promise<void> {
  const { log, signal } = following;
  const isOver = (): boolean => signal.aborted;
  let said = '';
  for (let tried = 0; !isOver(); tried++) {
    try {
      await follow(following, () => {
        if (said !== '') log.info('the datastore is there again');
        tried = 0;
        said = '';
      });
    } catch (error) {
      if (isOver()) return;
      if (!(error instanceof DatastoreError)) throw error;
      if (error.message !== said) log.warning(`the datastore cannot be used, trying again: ${error.message}`);
      said = error.message;
    }
    await sleep(pauseMs(PAUSES, tried), undefined, { signal }).catch(() => undefined);
  }
}

/** One store: reads all, then follows what changes until that fails. */
async function follow({ connect, ranges, log, signal, onEntries }: Following, onRead: () => void): Promise<void> {
  const store = await connect({ signal, notify: (notice) => sayNotice(notice, log) });
  try {
    const snapshot = await store.snapshot(ranges);
    const entries = new Map(snapshot.ranges.flat().map((entry) => [entry.key, entry]));
    onRead();
    onEntries(entries);
    const known = new Map([...entries].map(([key, { modRevision }]) => [key, modRevision]));
    for await (const { changes } of store.watch(ranges, { after: snapshot.revision, known })) {
      for (const { key, entry } of changes) {
        if (entry === undefined) entries.delete(key);
        else entries.set(key, entry);
      }
      if (changes.length > 0) onEntries(entries);
    }
  } finally {
    store.close();
  }
}

function sayNotice(notice: DatastoreNotice, log: Log): void {
  if (notice.code === 'datastore.watch-lost') log.warning(`the connection to the datastore is lost, what was read until now stays in use: ${notice.reason}`);
  if (notice.code === 'datastore.watch-back') log.info(`connected to the datastore again, at ${notice.endpoint}`);
}
