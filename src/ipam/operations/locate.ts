import type { Store } from '../../datastore/store.js';
import { containsIp, enclosing, formatIp, ordinalOf, type Cidr, type Ip } from '../../net/address.js';
import { isAllocated } from '../records/block.js';
import { decodeBlock, isUnreadable } from '../records/block-codec.js';
import { POOL_PREFIX, RESERVATION_PREFIX, decodeReservation, readablePools, type Pool } from '../cluster/resources.js';
import { BLOCK_PREFIX, blockKey, parseBlockKey } from '../records/keys.js';

/** Every IPPool that can be read, disabled ones too, in order of name. */
export async function readPools(store: Store): Promise<Pool[]> {
  return (await readAllPools(store)).pools;
}

/** The same with those that cannot be read. */
export async function readAllPools(store: Store): Promise<ReturnType<typeof readablePools>> {
  const { ranges } = await store.snapshot([{ prefix: POOL_PREFIX }]);
  return readablePools(ranges[0]!);
}

/** Every network that IPReservations keep from automatic assignment; one that cannot be read keeps none, as with Calico. */
export async function readReservations(store: Store): Promise<Cidr[]> {
  const { ranges } = await store.snapshot([{ prefix: RESERVATION_PREFIX }]);
  return ranges[0]!.flatMap((entry) => {
    const cidrs = decodeReservation(entry);
    return isUnreadable(cidrs) ? [] : cidrs;
  });
}

/** The networks of all stored blocks, by key, in order of key. Keys that are not what Calico writes are passed over. */
export async function readBlockCidrs(store: Store): Promise<Map<string, Cidr>> {
  const cidrs = new Map<string, Cidr>();
  for await (const { entries } of store.list(BLOCK_PREFIX, { keysOnly: true })) {
    for (const { key } of entries) {
      const cidr = parseBlockKey(key);
      if (cidr !== undefined && blockKey(cidr) === key) cidrs.set(key, cidr);
    }
  }
  return cidrs;
}

/**
 * How to find the block that holds an address: of the blocks around it, which may be older than the pools and overlap, the one that
 * has allocated it, else the one that a pool says. One address that the expected block has allocated costs one read; otherwise all
 * keys are listed.
 */
export async function blockFinder(store: Store, pools: readonly Pool[], ips: readonly Ip[]): Promise<(ip: Ip) => Cidr | undefined> {
  const expected = (ip: Ip): Cidr[] => pools.filter((pool) => containsIp(pool.cidr, ip)).map((pool) => enclosing(ip, pool.blockSize));
  if (ips.length === 1) {
    const holder = await holderOf(store, ips[0]!, expected(ips[0]!));
    if (holder !== undefined) return () => holder;
  }
  const known = await readBlockCidrs(store);
  const lengths = { 4: new Set<number>(), 6: new Set<number>() };
  for (const { address, length } of known.values()) lengths[address.version].add(length);
  const around = (ip: Ip): Cidr[] => {
    const all = [...expected(ip), ...[...lengths[ip.version]].sort((a, b) => b - a).map((length) => enclosing(ip, length))];
    return [...new Map(all.map((cidr) => [blockKey(cidr), cidr]))].filter(([key]) => known.has(key)).map(([, cidr]) => cidr);
  };
  const holders = new Map<string, Cidr>();
  for (const ip of ips) {
    const blocks = around(ip);
    const holder = blocks.length > 1 ? await holderOf(store, ip, blocks) : blocks[0];
    if (holder !== undefined) holders.set(formatIp(ip), holder);
  }
  return (ip) => holders.get(formatIp(ip)) ?? around(ip)[0];
}

/** The first of the blocks that has given the address out. */
async function holderOf(store: Store, ip: Ip, cidrs: readonly Cidr[]): Promise<Cidr | undefined> {
  for (const cidr of cidrs) {
    const value = (await store.get(blockKey(cidr)))?.value;
    const block = value === undefined ? undefined : decodeBlock(value);
    if (block !== undefined && !isUnreadable(block) && isAllocated(block, ordinalOf(cidr, ip)!)) return cidr;
  }
  return undefined;
}
