import { addressAt, formatIp, addressCount, type Cidr } from '../../net/address.js';
import type { Attribute, Block } from './block-codec.js';

/** The handle under which addresses are kept back from Windows hosts' pods; it does not keep a block alive. */
export const WINDOWS_RESERVED_HANDLE = 'windows-reserved-ipam-handle';

/** For whom an address is taken. */
export interface Owner {
  readonly handle: string | undefined;
  readonly attributes: Readonly<Record<string, string>> | undefined;
}

/** One address to give back, with what it must still be for that. */
export interface ReleaseRequest {
  readonly ordinal: number;
  /** The handle it must have. */
  readonly handle?: string | undefined;
  /** The sequence number its allocation must have. */
  readonly sequence?: bigint | undefined;
}

export type Release =
  | {
      readonly kind: 'done';
      readonly block: Block;
      readonly released: readonly number[];
      /** Asked for, but free already. */
      readonly unallocated: readonly number[];
      /** How many addresses each handle loses here. */
      readonly handles: ReadonlyMap<string, number>;
    }
  /** An address is not what the request says; nothing of the block may be released. */
  | { readonly kind: 'conflict'; readonly ordinal: number; readonly handle: string | undefined; readonly sequence: bigint }
  /** The block contradicts itself where the request needs it. */
  | { readonly kind: 'damaged'; readonly ordinal: number; readonly problem: string };

/** A block nobody has an address of yet. `now` is in nanoseconds since 1970, the first sequence number. */
export function newBlock(cidr: Cidr, affinity: string, now: bigint): Block {
  const size = Number(addressCount(cidr));
  return {
    cidr,
    affinity,
    claimTime: claimTimeText(now),
    allocations: new Array<null>(size).fill(null),
    unallocated: Array.from({ length: size }, (_, ordinal) => ordinal),
    attributes: null,
    sequenceNumber: now,
    sequences: new Map(),
    deleted: false,
  };
}

/** The second in which a block was claimed, as blocks store it. `now` is in nanoseconds since 1970. */
export function claimTimeText(now: bigint): string {
  return new Date(Number(now / 1_000_000_000n) * 1000).toISOString().replace('.000Z', 'Z');
}

/** The sanitised handle of an ordinal's owner: a migration once left `\r` and an interface name behind it. */
export function handleOf(attribute: Attribute | undefined): string | undefined {
  const handle = attribute?.handle_id ?? undefined;
  if (handle === undefined) return undefined;
  const end = handle.indexOf('\r');
  return end < 0 ? handle : handle.slice(0, end);
}

/** The attribute of an allocated ordinal; undefined where it is free or the index leads nowhere. */
export function attributeAt(block: Block, ordinal: number): Attribute | undefined {
  const index = block.allocations[ordinal];
  return index === null || index === undefined ? undefined : block.attributes?.[index];
}

export function isAllocated(block: Block, ordinal: number): boolean {
  return (block.allocations[ordinal] ?? null) !== null;
}

/** The sequence number of an ordinal's allocation, 0 where there is none. */
export function sequenceAt(block: Block, ordinal: number): bigint {
  return block.sequences?.get(String(ordinal)) ?? 0n;
}

/** Whether no address is allocated but those kept back from Windows hosts. */
export function isEmpty(block: Block): boolean {
  return block.allocations.every((index) => index === null || isWindowsReserved(block.attributes?.[index]));
}

/** Whether the block should be removed rather than stored: empty, and nobody's. */
export function isDisposable(block: Block): boolean {
  return block.affinity === null && isEmpty(block);
}

/** Ordinals that can be allocated, first ones first; those a reservation covers keep their place in the queue. */
export function freeOrdinals(block: Block, isReserved: (ordinal: number) => boolean, most = Infinity): number[] {
  const free = new Set<number>();
  for (const ordinal of block.unallocated) {
    if (free.size >= most) break;
    if (block.allocations[ordinal] === null && !isReserved(ordinal)) free.add(ordinal);
  }
  return [...free];
}

/** Gives the ordinals, which must be free, to the owner. One write: the sequence number goes up by one. */
export function assign(block: Block, ordinals: readonly number[], owner: Owner): Block {
  const taken = new Set(ordinals);
  const [attributes, index] = withAttribute(block.attributes ?? [], owner);
  const allocations = [...block.allocations];
  const sequences = new Map(block.sequences);
  for (const ordinal of ordinals) {
    allocations[ordinal] = index;
    sequences.set(String(ordinal), block.sequenceNumber);
  }
  const unallocated = block.unallocated.filter((ordinal) => !taken.has(ordinal));
  return { ...block, allocations, unallocated, attributes, sequences, sequenceNumber: block.sequenceNumber + 1n };
}

/**
 * Gives addresses back: all that are as requested, or none. An address that is free already is not a conflict unless a
 * sequence number was given that it does not have (reference/ipam 4).
 */
export function release(block: Block, requests: readonly ReleaseRequest[]): Release {
  const released = new Set<number>();
  const unallocated: number[] = [];
  const handles = new Map<string, number>();
  for (const { ordinal, handle, sequence } of requests) {
    const owner = attributeAt(block, ordinal);
    const conflict = { kind: 'conflict', ordinal, handle: handleOf(owner), sequence: sequenceAt(block, ordinal) } as const;
    if (sequence !== undefined && sequence !== conflict.sequence) return conflict;
    if (!isAllocated(block, ordinal)) {
      unallocated.push(ordinal);
      continue;
    }
    if (owner === undefined) return damaged(block, ordinal);
    if (handle !== undefined && handle !== conflict.handle) return conflict;
    if (released.has(ordinal)) continue;
    released.add(ordinal);
    if (conflict.handle !== undefined) handles.set(conflict.handle, (handles.get(conflict.handle) ?? 0) + 1);
  }
  const ordinals = [...released];
  if (ordinals.length === 0) return { kind: 'done', block, released: ordinals, unallocated, handles };
  const sequences = block.sequences === null ? null : new Map(block.sequences);
  for (const ordinal of ordinals) sequences?.delete(String(ordinal));
  return { kind: 'done', block: free({ ...block, sequences }, ordinals), released: ordinals, unallocated, handles };
}

/**
 * Gives back every address of a handle. Sequence numbers of what was freed stay behind, as Calico leaves them: they
 * are overwritten when the ordinal is allocated again.
 */
export function releaseHandle(block: Block, handle: string): { readonly block: Block; readonly released: readonly number[] } {
  const released: number[] = [];
  for (const [ordinal, index] of block.allocations.entries()) {
    if (index !== null && handleOf(block.attributes?.[index]) === handle) released.push(ordinal);
  }
  return { block: released.length === 0 ? block : free(block, released), released };
}

/** Takes the block away from its owner; its addresses stay allocated. */
export function clearAffinity(block: Block): Block {
  return { ...block, affinity: null, claimTime: undefined, sequenceNumber: block.sequenceNumber + 1n };
}

/** The address of an ordinal as text. */
export function addressTextAt(block: Pick<Block, 'cidr'>, ordinal: number): string {
  return formatIp(addressAt(block.cidr, ordinal));
}

function isWindowsReserved(attribute: Attribute | undefined): boolean {
  return attribute?.handle_id === WINDOWS_RESERVED_HANDLE;
}

function damaged(block: Block, ordinal: number): Release {
  const index = block.allocations[ordinal];
  const count = block.attributes?.length ?? 0;
  return { kind: 'damaged', ordinal, problem: `${addressTextAt(block, ordinal)} refers to attribute ${index}, but the block has ${count}` };
}

/** The attributes with one for the owner, and its index; an equal one is shared. */
function withAttribute(attributes: readonly Attribute[], owner: Owner): [readonly Attribute[], number] {
  const index = attributes.findIndex((attribute) => attribute.alternateOwnerAttrs == null && belongsTo(attribute, owner));
  if (index >= 0) return [attributes, index];
  const added: Attribute = {
    ...(owner.handle === undefined ? {} : { handle_id: owner.handle }),
    ...(owner.attributes === undefined ? {} : { secondary: owner.attributes }),
  };
  return [[...attributes, added], attributes.length];
}

function belongsTo(attribute: Attribute, owner: Owner): boolean {
  if ((attribute.handle_id ?? undefined) !== owner.handle) return false;
  const stored = attribute.secondary ?? undefined;
  if (stored === undefined || owner.attributes === undefined) return stored === owner.attributes;
  const names = Object.keys(stored);
  return names.length === Object.keys(owner.attributes).length && names.every((name) => stored[name] === owner.attributes![name]);
}

/** Frees allocated ordinals; attributes that lose their last address go, and the indexes of the others move up. */
function free(block: Block, ordinals: readonly number[]): Block {
  const allocations = [...block.allocations];
  const touched = new Set<number>();
  for (const ordinal of ordinals) {
    touched.add(allocations[ordinal]!);
    allocations[ordinal] = null;
  }
  for (const index of allocations) if (index !== null) touched.delete(index);
  const moved = new Map<number, number>();
  const attributes = (block.attributes ?? []).filter((_, index) => {
    if (!touched.has(index)) moved.set(index, moved.size);
    return !touched.has(index);
  });
  return {
    ...block,
    allocations: allocations.map((index) => (index === null ? null : (moved.get(index) ?? index))),
    unallocated: [...block.unallocated, ...ordinals],
    attributes,
    sequenceNumber: block.sequenceNumber + 1n,
  };
}
