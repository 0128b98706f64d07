import { addressCount } from '../../net/address.js';
import type { Attribute, Block } from './block-codec.js';

/** What contradicts itself in a block that could be read, one sentence each; none for a sound block. */
export function faultsOf(block: Block): string[] {
  const size = Number(addressCount(block.cidr));
  const count = block.attributes?.length ?? 0;
  const { allocations } = block;
  if (isSound(block, size, count)) return [];
  const faults: string[] = [];
  if (allocations.length !== size) faults.push(`it lists ${allocations.length} addresses instead of ${size}`);
  const astray = ordinalsWhere(allocations, (index) => index !== null && (index < 0 || index >= count));
  if (astray.length > 0) faults.push(`the addresses ${list(astray)} refer to attributes that do not exist`);
  const offered = new Set(block.unallocated);
  if (offered.size !== block.unallocated.length) faults.push('its queue of free addresses names some addresses twice');
  const wrong = [...offered].filter((ordinal) => ordinal < 0 || ordinal >= size || (allocations[ordinal] ?? null) !== null);
  if (wrong.length > 0) faults.push(`its queue of free addresses offers ${list(wrong)}, which are allocated or outside the block`);
  const missing = ordinalsWhere(allocations.slice(0, size), (index, ordinal) => index === null && !offered.has(ordinal));
  if (missing.length > 0) faults.push(`the free addresses ${list(missing)} are missing from its queue`);
  if (block.deleted) faults.push('it is marked as deleted');
  return faults;
}

/** The usual case in one go: every address is either free and offered once, or has an attribute. */
function isSound({ allocations, unallocated, deleted }: Block, size: number, count: number): boolean {
  if (deleted || allocations.length !== size) return false;
  let free = 0;
  for (const index of allocations) {
    if (index === null) free++;
    else if (index < 0 || index >= count) return false;
  }
  const offered = new Uint8Array(size);
  for (const ordinal of unallocated) {
    if (allocations[ordinal] !== null || offered[ordinal] === 1) return false;
    offered[ordinal] = 1;
  }
  return free === unallocated.length;
}

/**
 * The block without its contradictions. No address is freed: one whose attribute is not there keeps an empty one. The
 * queue keeps its order; free addresses it lacked come last. Returns the very block if it was sound.
 */
export function soundBlock(block: Block): Block {
  if (faultsOf(block).length === 0) return block;
  const size = Number(addressCount(block.cidr));
  const attributes: Attribute[] = [...(block.attributes ?? [])];
  const known = attributes.length;
  const allocations = Array.from({ length: size }, (_, ordinal) => {
    const index = block.allocations[ordinal] ?? null;
    if (index === null || (index >= 0 && index < known)) return index;
    if (attributes.length === known) attributes.push({});
    return known;
  });
  const free = (ordinal: number): boolean => ordinal >= 0 && ordinal < size && allocations[ordinal] === null;
  const queue = new Set([...block.unallocated.filter(free), ...allocations.keys()].filter(free));
  return { ...block, allocations, attributes, unallocated: [...queue], deleted: false, sequenceNumber: block.sequenceNumber + 1n };
}

function ordinalsWhere(allocations: readonly (number | null)[], matches: (index: number | null, ordinal: number) => boolean): number[] {
  return allocations.flatMap((index, ordinal) => (matches(index, ordinal) ? [ordinal] : []));
}

/** The first few ordinals, and how many more. */
function list(ordinals: readonly number[]): string {
  const most = 5;
  const shown = ordinals.slice(0, most).map((ordinal) => `no. ${ordinal}`).join(', ');
  return ordinals.length > most ? `${shown} and ${ordinals.length - most} more` : shown;
}
