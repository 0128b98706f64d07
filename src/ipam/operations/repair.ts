import type { Deed, Store } from '../../datastore/store.js';
import { formatCidr, parseCidr, type Cidr } from '../../net/address.js';
import { affinitiesWithin } from './affinities.js';
import { clearAffinity, isEmpty } from '../records/block.js';
import { decodeBlock, isUnreadable, type Block } from '../records/block-codec.js';
import { mayMake, type Pool } from '../cluster/resources.js';
import { transact, type Draft } from '../../datastore/draft.js';
import { inParallel } from '../../base/in-parallel.js';
import { faultsOf, soundBlock } from '../records/inspect.js';
import { BLOCK_PREFIX, affinityKey, affinityText, blockKey, handleKey, parseAffinityText, type AffinityKey } from '../records/keys.js';
import { readAllPools } from './locate.js';
import { CONFIRMED, decodeAffinity } from '../records/records.js';
import { heldBy, readBlock, readableHandle, storeBlock, storeHandle } from '../records/records-in-draft.js';
import { keysText, type UnreadableKey } from '../cluster/unreadable.js';
import { readUnknownUsers } from '../cluster/uses.js';

/** What a repair did to a handle. */
export type HandleRepair = 'sound' | 'counted' | 'removed';

/**
 * Makes handles count what the blocks really have. Each handle and all blocks it counts on, or that have addresses of
 * it, are compared in one transaction. A handle without addresses goes. Killed in between, each handle is done or not.
 */
export async function repairHandles(store: Store, handles: readonly string[]): Promise<Map<string, HandleRepair>> {
  const wanted = new Set(handles);
  const holders = new Map<string, Cidr[]>();
  for await (const { entries } of store.list(BLOCK_PREFIX)) {
    for (const { value } of entries) {
      const block = decodeBlock(value);
      if (isUnreadable(block)) continue;
      for (const handle of heldBy(block).keys()) if (wanted.has(handle)) holders.set(handle, [...(holders.get(handle) ?? []), block.cidr]);
    }
  }
  const repairs = await inParallel([...wanted], (handle) => transact(store, (draft) => planRepairHandle(draft, handle, holders.get(handle) ?? []), () => [repairedHandle(handle)]));
  return new Map([...wanted].map((handle, index) => [handle, repairs[index]!]));
}

/** What a repair did to a block. */
export interface BlockRepair {
  /** What was done, one sentence each. */
  readonly done: readonly string[];
  /** Why an empty block that no pool makes was left, where that is not known well enough. */
  readonly kept?: string;
}

/** What a transaction did that repaired a handle. */
export function repairedHandle(handle: string): Deed {
  return { did: 'repaired', what: `handle ${handle}` };
}

/** What a transaction did that repaired a block or its affinities. */
export function repairedBlock(cidr: Cidr): Deed {
  return { did: 'repaired', what: `block ${formatCidr(cidr)}` };
}

/** Plans the recount of a handle over the blocks it counts on and those given. What it counts on a block that cannot be read stays. */
export async function planRepairHandle(draft: Draft, handle: string, holders: readonly Cidr[]): Promise<HandleRepair> {
  const before = await readableHandle(draft, handle);
  const counted = [...(before?.keys() ?? [])].map(parseCidr).filter((cidr) => cidr !== undefined);
  const cidrs = new Map([...counted, ...holders].map((cidr) => [formatCidr(cidr), cidr]));
  await draft.load([...cidrs.values()].map(blockKey));
  const counts = new Map<string, number>();
  for (const [name, cidr] of cidrs) {
    const value = await draft.readableValue(blockKey(cidr));
    const block = value === undefined ? undefined : decodeBlock(value);
    // What it counts on a block that cannot be read stays: nobody knows better.
    const unknown = value === undefined ? await draft.has(blockKey(cidr)) : isUnreadable(block!);
    const held = unknown ? (before?.get(name) ?? 0) : block === undefined ? 0 : (heldBy(block as Block).get(handle) ?? 0);
    if (held > 0) counts.set(name, held);
  }
  const sound = before !== undefined && before.size === counts.size && [...counts].every(([name, count]) => before.get(name) === count);
  const missing = !(await draft.has(handleKey(handle)));
  if (counts.size === 0 ? missing : sound) return 'sound';
  storeHandle(draft, handle, counts);
  return counts.size === 0 ? 'removed' : 'counted';
}

/**
 * Makes a block and its affinities agree, in one transaction: repairs its contradictions, removes affinities that are
 * not its owner's, confirms its owner's, and removes an empty block that no pool would make. An affinity that cannot be read is written anew. Throws DatastoreError for a block that
 * cannot be read.
 */
export async function repairBlock(store: Store, cidr: Cidr): Promise<BlockRepair> {
  const affinities = (await affinitiesWithin(store, cidr)).filter((affinity) => affinity.cidr.length === cidr.length);
  const { pools, unreadable } = await readAllPools(store);
  let users: Promise<readonly UnreadableKey[]> | undefined;
  const known = { pools, unknownPools: unreadable, unknownUsers: () => (users ??= readUnknownUsers(store)) };
  return transact(store, (draft) => planRepairBlock(draft, cidr, affinities, known), () => [repairedBlock(cidr)]);
}

/** What the removal of a block depends on: pools, and the pools, endpoints and nodes that cannot be read. */
export interface Surroundings {
  readonly pools: readonly Pool[];
  readonly unknownPools: readonly UnreadableKey[];
  unknownUsers(): readonly UnreadableKey[] | Promise<readonly UnreadableKey[]>;
}

/** Plans that repair, with the affinities there are for the block. */
export async function planRepairBlock(draft: Draft, cidr: Cidr, affinities: readonly AffinityKey[], known: Surroundings): Promise<BlockRepair> {
  const done: string[] = [];
  const stored = await readBlock(draft, cidr);
  const block = stored === undefined ? undefined : repaired(stored, done);
  const astray = block !== undefined && !mayMake(cidr, known.pools, known.unknownPools);
  const unknown = astray && isEmpty(block) ? await known.unknownUsers() : [];
  const removed = astray && isEmpty(block) && unknown.length === 0;
  const owner = block === undefined || removed ? undefined : parseAffinityText(block.affinity);
  for (const { claimant } of affinities) {
    if (owner !== undefined && affinityText(owner) === affinityText(claimant)) continue;
    const key = affinityKey(claimant, cidr);
    await draft.load([key]);
    draft.remove(key);
    done.push(`the affinity of ${affinityText(claimant)} was removed`);
  }
  if (removed) {
    draft.remove(blockKey(cidr));
    return { done: [...done, 'the empty block was removed'] };
  }
  if (owner !== undefined && !(await isUsable(draft, affinityKey(owner, cidr)))) {
    draft.put(affinityKey(owner, cidr), CONFIRMED);
    done.push(`the affinity of ${affinityText(owner)} was confirmed`);
  }
  if (block !== undefined && block !== stored) storeBlock(draft, block);
  if (unknown.length > 0) return { done, kept: `the block is empty and no pool creates such a block, but it stays: the users of its addresses are unknown until ${keysText(unknown)} can be read` };
  return { done: astray ? [...done, 'no pool creates such a block; it can be removed once its addresses are released'] : done };
}

/** Whether the affinity is confirmed, or of an old version that wrote no state. */
async function isUsable(draft: Draft, key: string): Promise<boolean> {
  const value = await draft.readableValue(key);
  const affinity = value === undefined ? undefined : decodeAffinity(value);
  return affinity !== undefined && !isUnreadable(affinity) && (affinity.state === 'confirmed' || affinity.state === '');
}

/** The block without contradictions, and without an owner that cannot be one. */
function repaired(stored: Block, done: string[]): Block {
  done.push(...faultsOf(stored).map((fault) => `repaired: ${fault}`));
  const block = soundBlock(stored);
  if (block.affinity === null || parseAffinityText(block.affinity) !== undefined) return block;
  done.push(`its owner "${block.affinity}" was removed`);
  return clearAffinity(block);
}
