import { addressText, attributeAt, handleOf, sequenceAt, WINDOWS_RESERVED_HANDLE } from './block.js';
import type { Attribute, Block } from './block-codec.js';
import { formatCidr } from './address.js';
import type { IpamSnapshot } from './snapshot.js';
import { ownerText, type Use } from './uses.js';

/** An address that a block has given out. */
export interface Allocation {
  readonly address: string;
  readonly block: Block;
  readonly ordinal: number;
  readonly handle: string | undefined;
  readonly attribute: Attribute | undefined;
}

/** A snapshot, and what follows from it at once. */
export interface Survey {
  readonly snapshot: IpamSnapshot;
  /** In order of block, then of address. */
  readonly allocations: readonly Allocation[];
  /** How many addresses each handle has, block by block. */
  readonly held: ReadonlyMap<string, Held>;
}

/** The addresses of a handle in one block, and those in its other blocks. Most handles have one block: this is the smallest form. */
export interface Held {
  readonly cidr: string;
  count: number;
  readonly next: Held | undefined;
}

/** The counts that a handle with these addresses must have. */
export function heldCounts(held: Held): Map<string, number> {
  const counts = new Map<string, number>();
  for (let each: Held | undefined = held; each !== undefined; each = each.next) counts.set(each.cidr, each.count);
  return counts;
}

/** Every address that the block has given out, in order. */
export function* allocationsOf(block: Block): Generator<Allocation> {
  const size = 2 ** ((block.cidr.address.version === 4 ? 32 : 128) - block.cidr.length);
  for (let ordinal = 0; ordinal < Math.min(size, block.allocations.length); ordinal++) {
    if (block.allocations[ordinal] === null) continue;
    const attribute = attributeAt(block, ordinal);
    yield { address: addressText(block, ordinal), block, ordinal, handle: handleOf(attribute), attribute };
  }
}

/** Lists every allocation and counts them by handle. */
export function survey(snapshot: IpamSnapshot): Survey {
  const allocations: Allocation[] = [];
  const held = new Map<string, Held>();
  for (const block of snapshot.blocks) {
    const cidr = formatCidr(block.cidr);
    for (const allocation of allocationsOf(block)) {
      allocations.push(allocation);
      if (allocation.handle !== undefined) count(held, allocation.handle, cidr);
    }
  }
  return { snapshot, allocations, held };
}

/** Blocks come one after the other, so the block being counted is always the first. */
function count(held: Map<string, Held>, handle: string, cidr: string): void {
  const first = held.get(handle);
  if (first?.cidr === cidr) first.count++;
  else held.set(handle, { cidr, count: 1, next: first });
}

/** Who uses an allocated address, in words; empty where nobody does. Addresses kept back from Windows hosts are in use by that. */
export function ownersOf({ snapshot }: Survey, allocation: Allocation): string[] {
  if (allocation.handle === WINDOWS_RESERVED_HANDLE) return ['Reserved for Windows'];
  return givenUses(snapshot.uses.get(allocation.address)).map(ownerText);
}

/** Whether anybody uses an allocated address. */
export function isInUse({ snapshot }: Survey, { handle, address }: Allocation): boolean {
  return handle === WINDOWS_RESERVED_HANDLE || (snapshot.uses.get(address)?.some(({ kind }) => kind !== 'node') ?? false);
}

/** Whether the store can tell if the address is in use. Those of services are used by Kubernetes objects that are not in it. */
export function canBeJudged({ block, attribute }: Allocation): boolean {
  const { pod, service } = attribute?.secondary ?? {};
  return service === undefined && (pod !== undefined || !block.affinity?.startsWith('virtual:'));
}

/** The uses that address management knows: workloads and tunnels, not the nodes' own addresses. */
export function givenUses(uses: readonly Use[] | undefined): readonly Use[] {
  return uses?.filter(({ kind }) => kind !== 'node') ?? [];
}

/** The owner of a block as the official tool names it when it looks for borrowed addresses (v3-storage.md 6.6). */
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
