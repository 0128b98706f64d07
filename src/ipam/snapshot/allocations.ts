import { addressAt } from '../../net/address.js';
import { addressTextAt, attributeAt, handleOf, sequenceAt, WINDOWS_RESERVED_HANDLE } from '../records/block.js';
import type { Attribute, Block } from '../records/block-codec.js';
import type { IpamSnapshot } from './snapshot.js';
import { allocatedOrdinals, wholeBlock, type StoredBlock } from '../records/stored-block.js';
import { givenUses } from './use-table.js';
import { unreadablePools, unreadableUsers, type UnreadableKey } from '../cluster/unreadable.js';
import { ownerText } from '../cluster/uses.js';

/** An address that a block has allocated. */
export interface Allocation {
  readonly address: string;
  readonly block: Block;
  readonly ordinal: number;
  readonly handle: string | undefined;
  readonly attribute: Attribute | undefined;
}

/** A snapshot, and the addresses that are allocated in it. */
export interface Survey {
  readonly snapshot: IpamSnapshot;
  /** In order of block, then of address. They are read from the blocks again whenever they are asked for. */
  readonly allocations: Iterable<Allocation>;
  /** Workload endpoints and nodes that cannot be read: where there is one, no address is known to be unused. */
  readonly unknownUsers: readonly UnreadableKey[];
  /** Pools that cannot be read: where there is one, nothing is known to lie in no pool. */
  readonly unknownPools: readonly UnreadableKey[];
}

/** Every address that the block has allocated, in order. */
export function* allocationsOf(block: Block): Generator<Allocation> {
  for (const ordinal of allocatedOrdinals(block)) yield allocationAt(block, ordinal);
}

/** What the block says of an ordinal that it has allocated. */
export function allocationAt(block: Block, ordinal: number): Allocation {
  const attribute = attributeAt(block, ordinal);
  return { address: addressTextAt(block, ordinal), block, ordinal, handle: handleOf(attribute), attribute };
}

/** Goes through what a snapshot has read. */
export function survey(snapshot: IpamSnapshot): Survey {
  const { blocks, unreadable } = snapshot;
  return { snapshot, allocations: { [Symbol.iterator]: () => allAllocations(blocks) }, unknownUsers: unreadableUsers(unreadable), unknownPools: unreadablePools(unreadable) };
}

function* allAllocations(blocks: readonly StoredBlock[]): Generator<Allocation> {
  for (const block of blocks) yield* allocationsOf(wholeBlock(block));
}

/** Addresses that are allocated and in use nowhere, those of services too. Only blocks that have such are read again. */
export function* unusedAllocations({ snapshot }: Survey): Generator<Allocation> {
  for (const stored of snapshot.blocks) {
    const unused = stored.ordinals.filter((ordinal) => !snapshot.uses.isGiven(addressAt(stored.cidr, ordinal)));
    if (unused.length === 0) continue;
    const block = wholeBlock(stored);
    for (const ordinal of unused) {
      const allocation = allocationAt(block, ordinal);
      if (allocation.handle !== WINDOWS_RESERVED_HANDLE) yield allocation;
    }
  }
}

/** Who uses an allocated address, in words; empty where nobody does. Addresses kept back from Windows hosts are in use by that. */
export function ownersOf({ snapshot }: Survey, { handle, block, ordinal }: Allocation): string[] {
  if (handle === WINDOWS_RESERVED_HANDLE) return ['Reserved for Windows'];
  return givenUses(snapshot.uses.get(addressAt(block.cidr, ordinal))).map(ownerText);
}

/**
 * Whether the store can tell if the address is in use. Those of services are used by Kubernetes objects that are not in it, and any
 * address may be that of an endpoint or a node that cannot be read.
 */
export function canBeJudged({ unknownUsers }: Survey, { block, attribute }: Allocation): boolean {
  if (unknownUsers.length > 0) return false;
  const { pod, service } = attribute?.secondary ?? {};
  return service === undefined && (pod !== undefined || !block.affinity?.startsWith('virtual:'));
}

/** The owner of a block as the official tool names it when it looks for borrowed addresses (reference/ipam 6). */
export function blockOwner({ affinity }: Block): string {
  const parts = (affinity ?? '').split(':');
  return parts.length === 2 ? parts[1]! : parts[0]!;
}

/** Whether the address was given to another node than its block's owner; undefined where no node is recorded. */
export function isBorrowed({ block, attribute }: Allocation): boolean | undefined {
  const node = attribute?.secondary?.['node'];
  return node === undefined || node === '' ? undefined : node !== blockOwner(block);
}

/** The sequence number of an allocation, as reports record it. */
export function sequenceOf({ block, ordinal }: Allocation): bigint {
  return sequenceAt(block, ordinal);
}
