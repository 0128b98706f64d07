import type { Store } from '../../datastore/store.js';
import { addressAt, compareIp, containsIp, formatIp, overlaps, type Cidr, type Ip } from '../../net/address.js';
import { attributeAt, handleOf, WINDOWS_RESERVED_HANDLE } from '../../ipam/records/block.js';
import { decodeBlock, isUnreadable } from '../../ipam/records/block-codec.js';
import { decodePool } from '../../ipam/cluster/resources.js';
import { BLOCK_PREFIX, BLOCKS_IN_PAGE, parseBlockKey } from '../../ipam/records/keys.js';
import { allocatedOrdinals } from '../../ipam/records/stored-block.js';
import type { UnreadableKey } from '../../ipam/cluster/unreadable.js';
import { eachUse, ownerText, type UseOf } from '../../ipam/cluster/uses.js';
import { isLeaving, type Deleted, type DeletedTogether } from './draft.js';

/** A pool that is deleted, and its addresses in use by their texts. */
interface PoolUses {
  readonly cidr: Cidr;
  readonly inUse: Map<string, { readonly ip: Ip; readonly user: string | undefined }>;
}

/** Finds the addresses of pools that stay in use: those that blocks have allocated, and those that endpoints and tunnels have; and what may have more but cannot be read. */
export async function findPoolUses(store: Store, pools: readonly Deleted[], gone: DeletedTogether, revision: string): Promise<void> {
  if (pools.length === 0) return;
  const { ranges } = await store.snapshot(pools.map(({ step }) => ({ key: step.key })), { revision });
  const found = pools.map((draft, index) => {
    const entry = ranges[index]?.[0];
    const pool = entry && decodePool(entry);
    if (pool !== undefined && isUnreadable(pool)) draft.unreadable.push({ key: draft.step.key, problem: pool.problem });
    const cidr = pool === undefined || isUnreadable(pool) ? undefined : pool.cidr;
    return { draft, uses: cidr && { cidr, inUse: new Map<string, { ip: Ip; user: string | undefined }>() } };
  });
  const readable = found.map(({ uses }) => uses).filter((uses) => uses !== undefined);
  const { released, unreadable } = await findUsers(store, readable, gone, revision);
  const unreadableBlocks = await findAllocated(store, readable, released, revision);
  for (const { draft, uses } of found) {
    if (uses === undefined) continue;
    draft.unreadable.push(...unreadable, ...unreadableBlocks.filter(({ key }) => overlaps(uses.cidr, parseBlockKey(key)!)));
    draft.inUse.push(...[...uses.inUse.values()].sort((a, b) => compareIp(a.ip, b.ip)).map(({ ip, user }) => ({ ip: formatIp(ip), user })));
  }
}

/** Notes who has addresses of the pools. Returns the addresses that go with their nodes, and what stays and may have some but cannot be read. */
async function findUsers(store: Store, pools: readonly PoolUses[], gone: DeletedTogether, revision: string): Promise<{ readonly released: ReadonlySet<string>; readonly unreadable: readonly UnreadableKey[] }> {
  const released = new Set<string>();
  const unreadable: UnreadableKey[] = [];
  const tell = ({ ip, use }: UseOf): void => {
    const pool = use.kind === 'node' ? undefined : pools.find(({ cidr }) => containsIp(cidr, ip));
    if (pool === undefined) return;
    if (gone.nodes.has(use.node)) released.add(formatIp(ip));
    // An endpoint that is deleted without its node does not give its address back.
    else if (!isLeaving(use, gone) && !pool.inUse.has(formatIp(ip))) pool.inUse.set(formatIp(ip), { ip, user: ownerText(use) });
  };
  await eachUse(store, { revision, asks: () => true }, tell, (each) => {
    if (!gone.keys.has(each.key)) unreadable.push(each);
  });
  return { released, unreadable };
}

/** Notes what blocks have allocated of the pools, but for what is released and what is kept back from Windows hosts. Returns the blocks that cannot be read. */
async function findAllocated(store: Store, pools: readonly PoolUses[], released: ReadonlySet<string>, revision: string): Promise<readonly UnreadableKey[]> {
  const unreadable: UnreadableKey[] = [];
  for await (const { entries } of store.list(BLOCK_PREFIX, { revision, pageSize: BLOCKS_IN_PAGE })) {
    for (const { key, value } of entries) {
      const cidr = parseBlockKey(key);
      if (cidr === undefined || !pools.some((pool) => overlaps(pool.cidr, cidr))) continue;
      const block = decodeBlock(value);
      if (isUnreadable(block)) {
        unreadable.push({ key, problem: block.problem });
        continue;
      }
      for (const ordinal of allocatedOrdinals(block)) {
        const ip = addressAt(block.cidr, ordinal);
        const pool = pools.find((each) => containsIp(each.cidr, ip));
        if (pool === undefined || released.has(formatIp(ip)) || pool.inUse.has(formatIp(ip)) || handleOf(attributeAt(block, ordinal)) === WINDOWS_RESERVED_HANDLE) continue;
        pool.inUse.set(formatIp(ip), { ip, user: undefined });
      }
    }
  }
  return unreadable;
}
