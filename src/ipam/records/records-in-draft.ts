import { DatastoreError } from '../../base/errors.js';
import { formatCidr, addressCount, type Cidr } from '../../net/address.js';
import { attributeAt, handleOf, isDisposable } from './block.js';
import { decodeBlock, encodeBlock, isUnreadable, type Block, type Unreadable } from './block-codec.js';
import { decodeAffinity, decodeHandle, encodeHandle, type AffinityState, type HandleCounts } from './records.js';
import type { Draft } from '../../datastore/draft.js';
import { affinityKey, blockKey, handleKey, type Claimant } from './keys.js';

/** The block as the draft would leave it; undefined where there is none. Throws DatastoreError for one that cannot be read. */
export async function readBlock(draft: Draft, cidr: Cidr): Promise<Block | undefined> {
  const key = blockKey(cidr);
  const value = await draft.value(key);
  if (value === undefined) return undefined;
  const block = readable(key, decodeBlock(value));
  if (formatCidr(block.cidr) === formatCidr(cidr)) return block;
  throw unreadable(key, `the block says it is ${formatCidr(block.cidr)}`);
}

/** Writes a changed block, or removes it where it is empty and nobody's (reference/ipam 4). */
export function storeBlock(draft: Draft, block: Block): void {
  const key = blockKey(block.cidr);
  if (isDisposable(block)) draft.remove(key);
  else draft.put(key, encodeBlock(block));
}

/** The state of an affinity; undefined where there is none. */
export async function readAffinity(draft: Draft, claimant: Claimant, cidr: Cidr): Promise<AffinityState | undefined> {
  const key = affinityKey(claimant, cidr);
  const value = await draft.value(key);
  return value === undefined ? undefined : readable(key, decodeAffinity(value)).state;
}

/** The counts of a handle; undefined where there is none. */
export async function readHandle(draft: Draft, handle: string): Promise<HandleCounts | undefined> {
  const key = handleKey(handle);
  const value = await draft.value(key);
  return value === undefined ? undefined : readable(key, decodeHandle(value)).counts;
}

/** The counts of a handle; undefined also where it cannot be read, for what needs no more than a guess or repairs it. */
export async function readableHandle(draft: Draft, handle: string): Promise<HandleCounts | undefined> {
  const value = await draft.readableValue(handleKey(handle));
  const decoded = value === undefined ? undefined : decodeHandle(value);
  return decoded === undefined || isUnreadable(decoded) ? undefined : decoded.counts;
}

/** Writes a handle's counts; a handle without blocks is removed. */
export function storeHandle(draft: Draft, handle: string, counts: HandleCounts): void {
  if (counts.size === 0) draft.remove(handleKey(handle));
  else draft.put(handleKey(handle), encodeHandle(counts));
}

/** Counts further addresses of the block to a handle, which is made where it is missing. */
export async function raiseHandle(draft: Draft, handle: string, cidr: Cidr, added: number): Promise<void> {
  const counts = new Map(await readHandle(draft, handle));
  const name = formatCidr(cidr);
  counts.set(name, (counts.get(name) ?? 0) + added);
  storeHandle(draft, handle, counts);
}

/**
 * Takes freed addresses off the handles' counts for a block; a handle that counts no more than were freed loses its
 * entry. The number freed is subtracted, not the sum set: another client may have raised the count for a block write
 * that is still to come. Handles that are missing or cannot be read are passed over.
 */
export async function lowerHandles(draft: Draft, cidr: Cidr, freed: ReadonlyMap<string, number>): Promise<void> {
  await draft.load([...freed.keys()].map(handleKey));
  const name = formatCidr(cidr);
  for (const [handle, number] of freed) {
    const counts = new Map(await readableHandle(draft, handle));
    const count = counts.get(name);
    if (count === undefined) continue;
    if (count <= number) counts.delete(name);
    else counts.set(name, count - number);
    storeHandle(draft, handle, counts);
  }
}

/** How many addresses of the block each handle really has. */
export function heldBy(block: Block): Map<string, number> {
  const held = new Map<string, number>();
  const size = Number(addressCount(block.cidr));
  for (let ordinal = 0; ordinal < Math.min(size, block.allocations.length); ordinal++) {
    const handle = handleOf(attributeAt(block, ordinal));
    if (handle !== undefined) held.set(handle, (held.get(handle) ?? 0) + 1);
  }
  return held;
}

function readable<Value extends object>(key: string, decoded: Value | Unreadable): Value {
  if (isUnreadable(decoded)) throw unreadable(key, decoded.problem);
  return decoded;
}

function unreadable(key: string, problem: string): DatastoreError {
  return new DatastoreError('data', `${key} cannot be read: ${problem}`, 'nothing of it was changed; `calicoctl ipam check` lists everything of this kind');
}
