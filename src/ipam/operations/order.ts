import type { Configuration } from '../records/records.js';
import type { Assignment } from './assignment.js';

/** Blocks a host may have where the configuration does not say (reference/ipam 2). */
const DEFAULT_MAX_BLOCKS = 20;

/**
 * Assigns what is missing, from the nearest blocks to the farthest (reference/ipam 2): the host's own blocks; unused blocks, which
 * it claims; empty blocks of other hosts, which it reclaims; and, unless affinity is strict, from any block, which it borrows from.
 * Returns why it ended where the host may not have more blocks.
 */
export async function assignInOrder(assignment: Assignment, configuration: Configuration): Promise<string | undefined> {
  const own = await assignment.ownBlocks();
  for (const cidr of own.cidrs) await assignment.take(cidr, 'own');
  const limited = configuration.autoAllocateBlocks ? await claimOrReclaim(assignment, own.count, limitOf(configuration)) : undefined;
  if (limited === undefined && !configuration.strictAffinity) await borrow(assignment);
  return limited;
}

/** Until nothing is missing or the host has as many blocks as it may have, which is said then. */
async function claimOrReclaim(assignment: Assignment, owned: number, limit: number): Promise<string | undefined> {
  let count = owned;
  const mayNot = (): string | undefined => (count >= limit ? `${assignment.request.host} has ${count} blocks, the most that a host can have` : undefined);
  if (assignment.missing === 0) return undefined;
  if (mayNot() !== undefined) return mayNot();
  for (const cidr of await assignment.unusedBlocks()) {
    if (await assignment.take(cidr, 'claim')) count++;
    if (assignment.missing === 0) return undefined;
    if (mayNot() !== undefined) return mayNot();
  }
  for (const block of await assignment.reclaimableBlocks()) {
    if (await assignment.reclaim(block)) count++;
    if (assignment.missing === 0) return undefined;
    if (mayNot() !== undefined) return mayNot();
  }
  return undefined;
}

/** From any block of the pools with a free address, whoever has it. */
async function borrow(assignment: Assignment): Promise<void> {
  if (assignment.missing === 0) return;
  for (const block of await assignment.blocksInPools()) if (block.unallocated.length > 0) await assignment.take(block.cidr, 'borrow');
}

function limitOf({ maxBlocksPerHost }: Configuration): number {
  return maxBlocksPerHost > 0 ? maxBlocksPerHost : DEFAULT_MAX_BLOCKS;
}
