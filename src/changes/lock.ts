import { CalicoError } from '../base/errors.js';
import type { Store } from '../datastore/store.js';
import { CLUSTER_KEY } from '../ipam/cluster/facts.js';
import { transact } from '../datastore/draft.js';
import { decodeStored, encodeStored, isCorrupt } from '../resources/stored-value.js';
import { clusterInformation } from '../resources/v3/cluster-information.js';
import { ensureInitialized, INITIAL_KEYS, type Sources } from './initialize.js';

/**
 * Locks the datastore, or unlocks it (reference/storage 5.4): while it is locked, Felix and the network plugins of the
 * cluster wait. The initial objects are written where they are missing. Returns whether anything changed.
 */
export async function setLocked(store: Store, locked: boolean, sources: Sources): Promise<boolean> {
  const { ranges } = await store.snapshot(INITIAL_KEYS.map((key) => ({ key })));
  await ensureInitialized(store, new Set(ranges.flat().map(({ key }) => key)), sources);
  return transact(store, async (draft) => {
    const value = (await draft.value(CLUSTER_KEY)) ?? '';
    const object = decodeStored(clusterInformation, { key: CLUSTER_KEY, value, modRevision: '0' });
    if (isCorrupt(object)) throw new CalicoError('unreadable', `${CLUSTER_KEY} cannot be read: ${object.reason}`);
    if ((object.spec.datastoreReady === false) === locked) return false;
    draft.put(CLUSTER_KEY, encodeStored(clusterInformation, { ...object, spec: { ...object.spec, datastoreReady: !locked } }));
    return true;
  });
}
