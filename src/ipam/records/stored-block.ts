import { addressCount, type Cidr } from '../../net/address.js';
import { isAllocated, isEmpty } from './block.js';
import { decodeBlock, type Block } from './block-codec.js';
import { faultsOf } from './inspect.js';

/**
 * A block as a snapshot keeps it: what is asked of every block, and its text, from which the rest is read when it is wanted. There
 * are tens of megabytes of texts: as bytes the garbage collector does not move them.
 */
export interface StoredBlock {
  readonly cidr: Cidr;
  readonly affinity: string | null;
  /** How many addresses it lists; in a damaged block not as many as its network has. */
  readonly capacity: number;
  /** How many of those it lists are allocated. */
  readonly used: number;
  /** The ordinals of addresses of its network that are allocated, in order. */
  readonly ordinals: readonly number[];
  /** Whether it has no address but those kept back from Windows hosts. */
  readonly empty: boolean;
  /** What contradicts itself in it. */
  readonly faults: readonly string[];
  readonly value: Buffer;
}

/** What a snapshot keeps of a block; `value` is the text it was decoded from. */
export function storedBlock(block: Block, value: string): StoredBlock {
  const { cidr, affinity, allocations } = block;
  let used = 0;
  for (let ordinal = 0; ordinal < allocations.length; ordinal++) if (isAllocated(block, ordinal)) used++;
  return { cidr, affinity, capacity: allocations.length, used, ordinals: allocatedOrdinals(block), empty: isEmpty(block), faults: faultsOf(block), value: Buffer.from(value) };
}

/** The whole block. */
export function wholeBlock({ value }: StoredBlock): Block {
  // It was read from the same text before.
  return decodeBlock(value.toString()) as Block;
}

/** The ordinals that are allocated, in order; what a damaged block lists beyond its network has none. */
export function allocatedOrdinals(block: Block): number[] {
  const end = Math.min(Number(addressCount(block.cidr)), block.allocations.length);
  const ordinals: number[] = [];
  for (let ordinal = 0; ordinal < end; ordinal++) if (isAllocated(block, ordinal)) ordinals.push(ordinal);
  return ordinals;
}
