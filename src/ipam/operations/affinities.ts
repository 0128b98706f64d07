import type { Deed, Store } from '../../datastore/store.js';
import { containsCidr, formatCidr, type Cidr } from '../../net/address.js';
import { clearAffinity, isEmpty, newBlock } from '../records/block.js';
import type { Block } from '../records/block-codec.js';
import { transact, type Draft } from '../../datastore/draft.js';
import { HOST_PREFIX, VIRTUAL_PREFIX, affinityKey, affinityPrefix, affinityText, blockKey, hostMarkerKey, parseAffinityKey, type AffinityKey, type Claimant } from '../records/keys.js';
import { CONFIRMED } from '../records/records.js';
import { readAffinity, readBlock, storeBlock } from '../records/records-in-draft.js';

/** Affinities of one transaction: two keys each, and room for what the caller adds. */
const BATCH = 40;

/**
 * `released`: the affinity is gone, and with it the block if it was empty.
 * `stale`: the affinity is gone; there was no block, or the block is another's, which keeps it.
 * `absent`: there was no such affinity. `occupied`: the block has addresses and was to be empty; nothing changed.
 */
export type AffinityRelease = 'released' | 'stale' | 'absent' | 'occupied';

/** Every affinity of a host or a virtual owner. Keys that are not affinities are passed over. */
export async function affinitiesOf(store: Store, claimant: Claimant): Promise<AffinityKey[]> {
  return listAffinities(store, affinityPrefix(claimant));
}

/** Every affinity, of hosts and of virtual owners, for a block inside the network. */
export async function affinitiesWithin(store: Store, cidr: Cidr): Promise<AffinityKey[]> {
  const all = [...(await listAffinities(store, HOST_PREFIX)), ...(await listAffinities(store, VIRTUAL_PREFIX))];
  return all.filter((affinity) => containsCidr(cidr, affinity.cidr));
}

/** Takes a block from its owner (reference/ipam 5): block and affinity change together or not at all. */
export async function planReleaseAffinity(draft: Draft, { claimant, cidr }: AffinityKey, mustBeEmpty = false): Promise<AffinityRelease> {
  const key = affinityKey(claimant, cidr);
  await draft.load([key, blockKey(cidr)]);
  if ((await draft.value(key)) === undefined) return 'absent';
  const block = await readBlock(draft, cidr);
  const foreign = block === undefined || (block.affinity !== null && block.affinity !== affinityText(claimant));
  if (!foreign && mustBeEmpty && !isEmpty(block)) return 'occupied';
  draft.remove(key);
  if (foreign) return 'stale';
  storeBlock(draft, clearAffinity(block));
  return 'released';
}

/**
 * Takes many blocks from their owners, in transactions of at most forty. Killed in between, those done are done and
 * the same call finishes the rest. Returns what became of each, in order.
 */
export async function releaseAffinities(store: Store, affinities: readonly AffinityKey[], mustBeEmpty = false): Promise<AffinityRelease[]> {
  const results: AffinityRelease[] = [];
  for (let from = 0; from < affinities.length; from += BATCH) {
    const batch = affinities.slice(from, from + BATCH);
    const outcomes = await transact(store, async (draft) => {
      await draft.load(batch.flatMap(({ claimant, cidr }) => [affinityKey(claimant, cidr), blockKey(cidr)]));
      const made: AffinityRelease[] = [];
      for (const affinity of batch) made.push(await planReleaseAffinity(draft, affinity, mustBeEmpty));
      return made;
    }, (made) => batch.filter((_, index) => isGone(made[index]!)).map(releasedDeed));
    results.push(...outcomes);
  }
  return results;
}

/** Takes every block of a pool from its owner, as the deletion of a pool does. Returns how many affinities went. */
export async function releasePoolAffinities(store: Store, pool: Cidr): Promise<number> {
  return countReleased(await releaseAffinities(store, await affinitiesWithin(store, pool)));
}

/** Removes a host from address management, as the deletion of a node does: its affinities, then its marker. Returns how many affinities went. */
export async function removeIpamHost(store: Store, host: string): Promise<number> {
  const outcomes = await releaseAffinities(store, await affinitiesOf(store, { type: 'host', name: host }));
  await transact(store, (draft) => planRemoveHostMarker(draft, host), () => [{ did: 'deleted', what: `the marker of node ${host} in IPAM` }]);
  return countReleased(outcomes);
}

/** Removes the key that older versions wrote for each host, whatever its value. */
export async function planRemoveHostMarker(draft: Draft, host: string): Promise<void> {
  const key = hostMarkerKey(host);
  await draft.load([key]);
  draft.remove(key);
}

/**
 * Sets a block aside for the claimant: one that is missing is made, one that names the claimant is confirmed. Returns
 * the block, or undefined where it is another's or nobody's; then an affinity of the claimant for it goes.
 * `now` is in nanoseconds since 1970.
 */
export async function planClaim(draft: Draft, claimant: Claimant, cidr: Cidr, now: bigint): Promise<Block | undefined> {
  const key = affinityKey(claimant, cidr);
  await draft.load([key, blockKey(cidr)]);
  const stored = await readBlock(draft, cidr);
  if (stored !== undefined && stored.affinity !== affinityText(claimant)) {
    draft.remove(key);
    return undefined;
  }
  if ((await readAffinity(draft, claimant, cidr)) !== 'confirmed') draft.put(key, CONFIRMED);
  const block = stored ?? newBlock(cidr, affinityText(claimant), now);
  if (stored === undefined) storeBlock(draft, block);
  return block;
}

async function listAffinities(store: Store, prefix: string): Promise<AffinityKey[]> {
  const affinities: AffinityKey[] = [];
  for await (const { entries } of store.list(prefix, { keysOnly: true })) {
    for (const { key } of entries) {
      const affinity = parseAffinityKey(key);
      if (affinity !== undefined && affinityKey(affinity.claimant, affinity.cidr) === key) affinities.push(affinity);
    }
  }
  return affinities;
}

function countReleased(outcomes: readonly AffinityRelease[]): number {
  return outcomes.filter(isGone).length;
}

function isGone(outcome: AffinityRelease): boolean {
  return outcome === 'released' || outcome === 'stale';
}

function releasedDeed({ claimant, cidr }: AffinityKey): Deed {
  return { did: 'released', what: `block ${formatCidr(cidr)} of ${claimant.type === 'host' ? `node ${claimant.name}` : affinityText(claimant)}` };
}
