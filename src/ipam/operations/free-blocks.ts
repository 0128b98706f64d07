import { GoRandom } from '../../go/random.js';
import { addressCount, bits, containsCidr, containsIp, network, overlaps, subnetAt, type Cidr } from '../../net/address.js';
import type { Pool } from '../cluster/resources.js';

/**
 * The blocks of a pool that nobody has, from the place where Calico begins for this host, once around. Blocks that a stored block
 * of any size overlaps, or a reservation covers whole, are skipped.
 */
export function* unusedBlocks(pool: Pool, taken: Iterable<Cidr>, reservations: readonly Cidr[], host: string): Generator<Cidr> {
  if (pool.blockSize < pool.cidr.length) return;
  const count = 1n << BigInt(pool.blockSize - pool.cidr.length);
  const { single, ranges } = occupied(pool, taken, reservations);
  const start = firstBlock(host, count);
  for (const [from, end] of [[start, count], [0n, start]] as const) {
    for (let index = from; index < end; index++) {
      const range = ranges.find(([first, last]) => index >= first && index <= last);
      if (range !== undefined) index = range[1];
      else if (!single.has(index)) yield subnetAt(pool.cidr, pool.blockSize, index);
    }
  }
}

/** The block of a pool with which Calico begins for a host: drawn by Go's generator, seeded with the host's name (reference/ipam 2.1). */
export function firstBlock(host: string, count: bigint): bigint {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(host)) hash = Math.imul(hash, 0x01000193) ^ byte;
  return new GoRandom(hash >>> 0).below(count);
}

/** Numbers of blocks that cannot be used: one by one, and in ranges from first to last. */
function occupied(pool: Pool, taken: Iterable<Cidr>, reservations: readonly Cidr[]): { single: Set<bigint>; ranges: [bigint, bigint][] } {
  const single = new Set<bigint>();
  const ranges: [bigint, bigint][] = [];
  for (const cidr of taken) {
    if (!overlaps(pool.cidr, cidr)) continue;
    if (cidr.length < pool.blockSize) ranges.push(rangeOf(pool, cidr));
    else single.add(indexOf(pool, cidr));
  }
  for (const cidr of reservations) if (overlaps(pool.cidr, cidr) && cidr.length <= pool.blockSize) ranges.push(rangeOf(pool, cidr));
  return { single, ranges };
}

function rangeOf(pool: Pool, cidr: Cidr): [bigint, bigint] {
  const within = containsCidr(cidr, pool.cidr) ? pool.cidr : cidr;
  const first = indexOf(pool, within);
  return [first, first + (1n << BigInt(pool.blockSize - within.length)) - 1n];
}

/** The number of the block that holds the network's first address. */
function indexOf(pool: Pool, cidr: Cidr): bigint {
  return (BigInt(cidr.address.value) - BigInt(network(pool.cidr).address.value)) >> BigInt(bits(cidr.address) - pool.blockSize);
}

/** Whether automatic assignment may give out some address of the network. */
export function hasUnreserved(cidr: Cidr, reservations: readonly Cidr[]): boolean {
  const near = reservations.filter((reservation) => overlaps(reservation, cidr));
  if (near.length === 0) return true;
  const size = Number(addressCount(cidr));
  for (let ordinal = 0; ordinal < size; ordinal++) {
    const address = subnetAt(cidr, cidr.address.version === 4 ? 32 : 128, ordinal).address;
    if (!near.some((reservation) => containsIp(reservation, address))) return true;
  }
  return false;
}

/** Where to begin among `count` things: hosts start at different places, each always at its own (FNV-1a of the seed). */
export function startingPlace(seed: string, count: number): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < seed.length; at++) value = Math.imul(value ^ seed.charCodeAt(at), 0x01000193);
  return count === 0 ? 0 : (value >>> 0) % count;
}
