import type { Store } from '../datastore/store.js';
import { releasePoolAffinities } from '../ipam/operations/affinities.js';
import { decodeStored, encodeStored, isCorrupt } from '../resources/stored-value.js';
import { inStoredOrder } from '../resources/v3/defaults.js';
import { ipPool, poolCidr } from '../resources/v3/ip-pool.js';
import { commitOrRefuse } from './commit.js';
import type { Step } from './step.js';

/** How long an address plugin may still be at work with a pool that it saw enabled (reference/storage 2.7: the official tool waits as long). */
const SETTLING_MS = 500;

/**
 * Deletes a pool: disables it, so that nobody claims further blocks, takes its blocks from their nodes, removes it.
 * Killed in between, the pool is disabled and the same command finishes.
 */
export async function deletePool(store: Store, step: Step): Promise<void> {
  const entry = await store.get(step.key);
  if (entry === undefined) return;
  const pool = decodeStored(ipPool, entry);
  let revision = entry.modRevision;
  if (!isCorrupt(pool)) {
    if (pool.spec.disabled !== true) {
      const value = encodeStored(ipPool, { ...pool, spec: inStoredOrder(ipPool.spec, { ...pool.spec, disabled: true }) });
      revision = await commitOrRefuse(store, [{ action: 'put', key: step.key, expect: revision, value }], step, { did: 'disabled', what: `${step.target.identity}: no node can claim a block from it any more` });
      await new Promise((resolve) => setTimeout(resolve, SETTLING_MS));
    }
    const cidr = poolCidr(pool);
    if (cidr !== undefined) await releasePoolAffinities(store, cidr);
  }
  await commitOrRefuse(store, [{ action: 'delete', key: step.key, expect: revision }], step);
}
