import { containsCidr, containsIp, ordinalOf, overlaps, addressCount, subnetAt, type Cidr } from '../../net/address.js';
import type { Pool } from '../cluster/resources.js';

/** Blocks of a pool that are numbered at most; nothing needs more, and the numbers stay exact. */
const MOST_BLOCKS = 2 ** 40;

/**
 * The blocks of a pool that nobody has, from a place that depends on the seed, once around. Blocks that a stored block
 * of any size overlaps, or a reservation covers whole, are skipped.
 */
export function* unusedBlocks(pool: Pool, taken: Iterable<Cidr>, reservations: readonly Cidr[], seed: string): Generator<Cidr> {
  const count = Math.min(2 ** (pool.blockSize - pool.cidr.length), MOST_BLOCKS);
  const { single, ranges } = occupied(pool, taken, reservations);
  const start = startingPlace(seed, count);
  for (const [from, end] of [[start, count], [0, start]] as const) {
    for (let index = from; index < end; index++) {
      const range = ranges.find(([first, last]) => index >= first && index <= last);
      if (range !== undefined) index = range[1];
      else if (!single.has(index)) yield subnetAt(pool.cidr, pool.blockSize, index);
    }
  }
}

/** Numbers of blocks that cannot be used: one by one, and in ranges from first to last. */
function occupied(pool: Pool, taken: Iterable<Cidr>, reservations: readonly Cidr[]): { single: Set<number>; ranges: [number, number][] } {
  const single = new Set<number>();
  const ranges: [number, number][] = [];
  for (const cidr of taken) {
    if (!overlaps(pool.cidr, cidr)) continue;
    if (cidr.length < pool.blockSize) ranges.push(rangeOf(pool, cidr));
    else single.add(indexOf(pool, cidr));
  }
  for (const cidr of reservations) if (overlaps(pool.cidr, cidr) && cidr.length <= pool.blockSize) ranges.push(rangeOf(pool, cidr));
  return { single, ranges };
}

function rangeOf(pool: Pool, cidr: Cidr): [number, number] {
  if (containsCidr(cidr, pool.cidr)) return [0, MOST_BLOCKS];
  const first = indexOf(pool, cidr);
  return [first, first + 2 ** (pool.blockSize - cidr.length) - 1];
}

/** The number of the block that holds the network's first address. */
function indexOf(pool: Pool, cidr: Cidr): number {
  const block = 2 ** ((cidr.address.version === 4 ? 32 : 128) - pool.blockSize);
  return Math.floor(ordinalOf(pool.cidr, cidr.address)! / block);
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
