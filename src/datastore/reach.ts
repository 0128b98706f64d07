import { CalicoError, DatastoreError } from '../base/errors.js';
import { PinnedStore } from './pinned-store.js';
import type { Store } from './store.js';

/** Any key that may be read will do: what is asked is only whether etcd still has a revision. */
const ASKED = '/calico/resources/v3/projectcalico.org/';

/** The revisions that can be read. */
export interface Reach {
  readonly oldest: string;
  readonly newest: string;
}

/** The store as it was at a revision. Throws CalicoError (`missing`) where etcd has that revision no more, or not yet, and DatastoreError. */
export async function storeAt(store: Store, revision: string): Promise<Store> {
  const newest = await newestRevision(store);
  if (BigInt(revision) > BigInt(newest)) throw await unreachable(store, `revision ${revision} does not exist yet`, newest);
  if (!(await isKept(store, BigInt(revision)))) throw await unreachable(store, `revision ${revision} is compacted: etcd does not have it any more`, newest);
  return new PinnedStore(store, revision);
}

async function unreachable(store: Store, what: string, newest: string): Promise<CalicoError> {
  return new CalicoError('missing', what, { hint: `the oldest revision that can be reached is ${await oldestRevision(store, newest)}, the newest ${newest}` });
}

/** Throws DatastoreError. */
export async function reachOf(store: Store): Promise<Reach> {
  const newest = await newestRevision(store);
  return { oldest: await oldestRevision(store, newest), newest };
}

/** The revision of the store. Throws DatastoreError. */
export async function newestRevision(store: Store): Promise<string> {
  return (await store.snapshot([{ key: ASKED }])).revision;
}

/** The oldest revision that can be read is found by halving: etcd tells it nobody. */
async function oldestRevision(store: Store, newest: string): Promise<string> {
  let [lost, kept] = [0n, BigInt(newest)];
  while (kept - lost > 1n) {
    const middle = (kept + lost) / 2n;
    if (await isKept(store, middle)) kept = middle;
    else lost = middle;
  }
  return String(kept);
}

async function isKept(store: Store, revision: bigint): Promise<boolean> {
  try {
    await store.get(ASKED, { revision: String(revision) });
    return true;
  } catch (error) {
    if (error instanceof DatastoreError && error.stage === 'compaction') return false;
    throw error;
  }
}
