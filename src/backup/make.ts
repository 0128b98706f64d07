import { CalicoError, DatastoreError } from '../base/errors.js';
import type { Notify } from '../base/notice.js';
import { Pace } from '../base/pace.js';
import { backupText } from '../datastore/file/backup-text.js';
import { FORMAT, type BackupHeader } from '../datastore/file/lines.js';
import type { Entry, Store } from '../datastore/store.js';
import { CLUSTER_KEY, clusterFacts } from '../ipam/cluster/facts.js';
import type { BackupNotice } from './notices.js';

/** The beginning of every key of Calico. */
export const PREFIX = '/calico/';

/** Keys in a page: with many addresses a block has some 10 KB, and three pages are held at once. */
const KEYS_IN_PAGE = 2000;

/** Times a backup is begun anew where compaction overtakes it. */
const TRIES = 3;

/** What a backup is to say of itself, and who hears of it. */
export interface BackupRequest {
  readonly madeBy: string;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly notify: Notify<BackupNotice>;
}

/** What a backup holds. */
export interface MadeBackup {
  readonly header: BackupHeader;
  readonly keys: number;
}

/**
 * Reads everything below PREFIX at one revision and hands it to `write` as the text of a backup. Where compaction overtakes that,
 * it begins anew with a new text, if `write` can begin anew. Throws DatastoreError, what `write` throws, and CalicoError
 * (`missing`) where nothing is stored.
 */
export async function makeBackup(store: Store, request: BackupRequest, write: (pieces: AsyncIterable<string>) => Promise<void>, canBeginAnew: boolean): Promise<MadeBackup> {
  for (let tries = 1; ; tries++) {
    try {
      return await makeOnce(store, request, write);
    } catch (error) {
      if (!(error instanceof DatastoreError) || error.stage !== 'compaction') throw error;
      if (canBeginAnew && tries < TRIES) continue;
      throw new DatastoreError('compaction', `etcd was compacted while it was read, so that the backup is not whole: ${error.message}`, 'try again; a larger --auto-compaction-retention of etcd leaves more time');
    }
  }
}

async function makeOnce(store: Store, { madeBy, now, signal, notify }: BackupRequest, write: (pieces: AsyncIterable<string>) => Promise<void>): Promise<MadeBackup> {
  const { revision, ranges } = await store.snapshot([{ key: CLUSTER_KEY }]);
  const cluster = ranges[0]?.[0];
  const header: BackupHeader = { calicoctlBackup: FORMAT, made: now().toISOString(), madeBy, revision, prefix: PREFIX, ...(cluster && clusterOf(cluster)) };
  const pace = new Pace(signal);
  let keys = 0;
  const counted = function* (entries: Iterable<Entry>): Generator<Entry> {
    for (const entry of entries) {
      keys++;
      yield entry;
    }
  };
  const pages = async function* (): AsyncGenerator<Iterable<Entry>> {
    for await (const { entries } of store.list(PREFIX, { revision, pageSize: KEYS_IN_PAGE })) {
      const before = keys;
      yield counted(entries);
      notify({ code: 'backup.progress', did: 'read', count: keys });
      await pace.done(keys - before);
    }
    if (keys === 0) throw new CalicoError('missing', `nothing is stored below ${PREFIX}: there is nothing to back up`, { hint: 'is this the etcd of the cluster? --log-level info says which one is asked' });
  };
  await write(backupText(header, pages()));
  return { header, keys };
}

function clusterOf(entry: Entry): Pick<BackupHeader, 'cluster'> {
  const { guid, version, locked } = clusterFacts(entry);
  return { cluster: { guid, calicoVersion: version, locked } };
}
