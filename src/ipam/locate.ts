import type { Store } from '../datastore/store.js';
import { containsIp, enclosing, type Cidr, type Ip } from './address.js';
import { POOL_PREFIX, RESERVATION_PREFIX, decodePool, decodeReservation, type Pool } from './cluster.js';
import { BLOCK_PREFIX, blockKey, parseBlockKey } from './keys.js';

/** Every IPPool that can be read, disabled ones too, in order of name. */
export async function readPools(store: Store): Promise<Pool[]> {
  const { ranges } = await store.snapshot([{ prefix: POOL_PREFIX }]);
  return ranges[0]!.map(({ key, value }) => decodePool(key, value)).filter((pool) => pool !== undefined);
}

/** Every network that IPReservations keep from automatic assignment. */
export async function readReservations(store: Store): Promise<Cidr[]> {
  const { ranges } = await store.snapshot([{ prefix: RESERVATION_PREFIX }]);
  return ranges[0]!.flatMap(({ value }) => decodeReservation(value));
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
 * How to find the block that holds an address: the one a pool says, else any stored block around it (blocks may be
 * older than the pools). One address in the expected block costs one read; otherwise all keys are listed.
 */
export async function blockFinder(store: Store, pools: readonly Pool[], ips: readonly Ip[]): Promise<(ip: Ip) => Cidr | undefined> {
  const expected = (ip: Ip): Cidr[] => pools.filter((pool) => containsIp(pool.cidr, ip)).map((pool) => enclosing(ip, pool.blockSize));
  if (ips.length === 1) {
    for (const cidr of expected(ips[0]!)) if ((await store.get(blockKey(cidr))) !== undefined) return () => cidr;
  }
  const known = await readBlockCidrs(store);
  const lengths = { 4: new Set<number>(), 6: new Set<number>() };
  for (const { address, length } of known.values()) lengths[address.version].add(length);
  return (ip) => {
    const around = [...lengths[ip.version]].sort((a, b) => b - a).map((length) => enclosing(ip, length));
    return [...expected(ip), ...around].find((cidr) => known.has(blockKey(cidr)));
  };
}
