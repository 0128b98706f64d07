import { bits, formatCidr, subnetAt, type Cidr } from './address.js';

const LONGEST_NAME = 253;
/** More pools than this serve nobody, and take every tool long to list. */
const MOST_PARTS = 4096;

/** The equal parts of a pool, in order; or why it cannot be split so (v3-storage.md 6.10). */
export function splitCidr(cidr: Cidr, parts: number, blockSize: number): readonly Cidr[] | { readonly problem: string } {
  if (!Number.isSafeInteger(parts) || parts < 2 || !Number.isInteger(Math.log2(parts))) return { problem: `${parts} is not a power of two from 2` };
  if (parts > MOST_PARTS) return { problem: `${parts} parts are more than ${MOST_PARTS}` };
  const length = cidr.length + Math.log2(parts);
  if (length > bits(cidr.address)) return { problem: `${formatCidr(cidr)} is not large enough for ${parts} parts` };
  if (length > blockSize) return { problem: `${parts} parts of ${formatCidr(cidr)} would be smaller than a block (/${blockSize})` };
  return Array.from({ length: parts }, (_, index) => subnetAt(cidr, length, index));
}

/** The name of a part, as the official tool gives it; the pool's name is cut where the whole would be longer than names may be. */
export function partName(pool: string, index: number): string {
  const room = LONGEST_NAME - `split--${index}`.length;
  return `split-${pool.slice(0, room)}-${index}`;
}
