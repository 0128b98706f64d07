import { bits, formatCidr, subnetAt, type Cidr } from '../../net/address.js';

const LONGEST_NAME = 253;
/** More pools than this serve nobody, and take every tool long to list. */
const MOST_PARTS = 4096;

/** Why no pool at all can be split into so many parts; undefined where some can. */
export function countProblem(parts: number): string | undefined {
  if (!Number.isSafeInteger(parts) || parts < 2 || !Number.isInteger(Math.log2(parts))) return `${parts} is not a power of two from 2`;
  return parts > MOST_PARTS ? `${parts} parts are more than ${MOST_PARTS}` : undefined;
}

/** The equal parts of a pool, in order; or why it cannot be split so (reference/ipam 10). */
export function splitCidr(cidr: Cidr, parts: number, blockSize: number): readonly Cidr[] | { readonly problem: string } {
  const problem = countProblem(parts);
  if (problem !== undefined) return { problem };
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
