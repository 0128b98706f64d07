import { CalicoError } from '../base/errors.js';
import type { Store } from '../datastore/store.js';
import { listRecords } from './read.js';

/** A revision with the time at which the journal has it. */
export interface TimedRevision {
  readonly revision: string;
  readonly time: string;
}

/**
 * The last revision that the journal has at a time or before it. Throws CalicoError (`missing`) where it has none, and DatastoreError.
 * @param time RFC 3339 in UTC with milliseconds, as in records
 */
export async function revisionAt(store: Store, time: string): Promise<TimedRevision> {
  const all = await listRecords(store);
  const latest = all.filter((record) => record.time <= time).reduce<TimedRevision | undefined>((last, record) => (last !== undefined && BigInt(last.revision) > BigInt(record.revision) ? last : record), undefined);
  if (latest !== undefined) return { revision: latest.revision, time: latest.time };
  const [first] = all;
  if (first === undefined) throw new CalicoError('missing', 'which revision that was is not known: etcd keeps no times, and the journal, which keeps them, is empty', { hint: 'give a revision: `calicoctl history` lists them. Times are known from when the journal is turned on, with `journal: true` in the configuration or CALICOCTL_JOURNAL=on' });
  throw new CalicoError('missing', `which revision that was is not known: the journal begins at ${first.time}, with revision ${first.revision}, and ${time} is before that`, { hint: 'give a later time, or a revision: `calicoctl history` lists them' });
}
