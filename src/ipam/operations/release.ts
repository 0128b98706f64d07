import { DatastoreError } from '../../base/errors.js';
import type { Deed, Store } from '../../datastore/store.js';
import { addressAt, containsIp, formatCidr, formatIp, ordinalOf, parseCidr, type Cidr, type Ip } from '../../net/address.js';
import { addressTextAt, isEmpty, release, releaseHandle, type Release } from '../records/block.js';
import type { Block } from '../records/block-codec.js';
import { NODE_PREFIX, decodeLabels, selectsNode, type Pool } from '../cluster/resources.js';
import { transact, type Draft } from '../../datastore/draft.js';
import { affinityKey, blockKey, parseAffinityText } from '../records/keys.js';
import { blockFinder, readPools } from './locate.js';
import { lowerHandles, readBlock, readHandle, storeBlock, storeHandle } from '../records/records-in-draft.js';

/** Addresses of one transaction: each may have a handle of its own, and etcd takes 128 keys. */
const MOST_ADDRESSES = 100;
/** Blocks of one transaction that releases a handle. */
const MOST_BLOCKS = 50;

/** An address to give back, with what it must still be for that. */
export interface AddressRequest {
  readonly ip: Ip;
  readonly handle?: string | undefined;
  readonly sequence?: bigint | undefined;
}

export interface AddressRelease {
  readonly ip: Ip;
  /** `refused`: the address, or another of its block, is not what the request says; `reason` tells which. */
  readonly outcome: 'released' | 'unallocated' | 'refused';
  readonly reason?: string;
}

/**
 * Gives addresses back (reference/ipam 4, with true handle counts). Each block changes together with its handles, or
 * not at all; one wrong handle or sequence number leaves its whole block as it is, other blocks go on. Killed in
 * between, whole blocks are done and the same call finishes the rest. Answers in the order asked. With `rehearse` for
 * `run` it answers what would be.
 */
export async function releaseAddresses(store: Store, requests: readonly AddressRequest[], run: typeof transact = transact): Promise<AddressRelease[]> {
  const pools = await readPools(store);
  const answers = new Map<string, AddressRelease>();
  for (const [cidr, wanted] of await byBlock(store, pools, requests)) {
    for (let from = 0; from < wanted.length; from += MOST_ADDRESSES) {
      for (const answer of await releaseTogether(store, pools, cidr, wanted.slice(from, from + MOST_ADDRESSES), run)) answers.set(formatIp(answer.ip), answer);
    }
  }
  return requests.map(({ ip }) => answers.get(formatIp(ip)) ?? { ip, outcome: 'unallocated' });
}

/** Plans the release of addresses of one block. */
export async function planRelease(draft: Draft, pools: readonly Pool[], cidr: Cidr, requests: readonly AddressRequest[]): Promise<AddressRelease[]> {
  const block = await readBlock(draft, cidr);
  if (block === undefined) return requests.map(({ ip }) => ({ ip, outcome: 'unallocated' }));
  const done = release(
    block,
    requests.map(({ ip, handle, sequence }) => ({ ordinal: ordinalOf(cidr, ip)!, handle, sequence })),
  );
  if (done.kind !== 'done') return refusals(block, requests, done);
  if (done.released.length > 0) {
    await lowerHandles(draft, cidr, done.handles);
    await storeReleased(draft, pools, done.block);
  }
  const released = new Set(done.released);
  return requests.map(({ ip }) => ({ ip, outcome: released.has(ordinalOf(cidr, ip)!) ? 'released' : 'unallocated' }));
}

/**
 * Gives back every address of a handle and removes it; undefined where there is no such handle, else the number of
 * addresses. A handle over more than fifty blocks goes in several transactions; killed in between, the handle still
 * counts exactly the blocks that are left.
 */
export async function releaseByHandle(store: Store, handle: string): Promise<number | undefined> {
  const pools = await readPools(store);
  let total = 0;
  for (let first = true; ; first = false) {
    const part = await transact(store, (draft) => planReleaseByHandle(draft, pools, handle), (planned) => (planned?.released ?? []).map(releasedDeed));
    if (part === undefined) return first ? undefined : total;
    total += part.released.length;
    if (part.complete) return total;
  }
}

/** Plans the release of a handle's addresses in its first fifty blocks. */
export async function planReleaseByHandle(draft: Draft, pools: readonly Pool[], handle: string): Promise<{ released: readonly Ip[]; complete: boolean } | undefined> {
  const counts = await readHandle(draft, handle);
  if (counts === undefined) return undefined;
  const left = new Map(counts);
  const blocks = [...counts.keys()].slice(0, MOST_BLOCKS).map((text) => [text, parseCidr(text)] as const);
  await draft.load(blocks.flatMap(([, cidr]) => (cidr === undefined ? [] : [blockKey(cidr)])));
  const released: Ip[] = [];
  for (const [text, cidr] of blocks) {
    left.delete(text);
    if (cidr === undefined) continue;
    const block = await readBlock(draft, cidr);
    if (block === undefined) continue;
    const freed = releaseHandle(block, handle);
    if (freed.released.length > 0) await storeReleased(draft, pools, freed.block);
    released.push(...freed.released.map((ordinal) => addressAt(cidr, ordinal)));
  }
  storeHandle(draft, handle, left);
  return { released, complete: left.size === 0 };
}

async function releaseTogether(store: Store, pools: readonly Pool[], cidr: Cidr, requests: readonly AddressRequest[], run: typeof transact): Promise<AddressRelease[]> {
  try {
    return await run(store, (draft) => planRelease(draft, pools, cidr, requests), (answers) => answers.filter(({ outcome }) => outcome === 'released').map(({ ip }) => releasedDeed(ip)));
  } catch (error) {
    if (!(error instanceof DatastoreError) || error.stage !== 'data') throw error;
    return requests.map(({ ip }) => ({ ip, outcome: 'refused', reason: error.message }));
  }
}

function releasedDeed(ip: Ip): Deed {
  return { did: 'released', what: `IP address ${formatIp(ip)}`, data: { ip: formatIp(ip) } };
}

/** Stores a block that lost addresses. An empty one leaves its owner when a pool has it but none selects the owner's node any more. */
async function storeReleased(draft: Draft, pools: readonly Pool[], block: Block): Promise<void> {
  const claimant = parseAffinityText(block.affinity);
  if (claimant?.type !== 'host' || !isEmpty(block)) return storeBlock(draft, block);
  const own = pools.filter((pool) => containsIp(pool.cidr, block.cidr.address));
  const node = own.length === 0 ? undefined : await draft.value(NODE_PREFIX + claimant.name);
  const labels = node === undefined ? undefined : decodeLabels(node);
  // Whom a node is selected by that cannot be read is not known: its block stays.
  if (labels === undefined || own.some((pool) => selectsNode(pool, labels))) return storeBlock(draft, block);
  const affinity = affinityKey(claimant, block.cidr);
  await draft.load([affinity]);
  draft.remove(affinity);
  storeBlock(draft, { ...block, affinity: null });
}

function refusals(block: Block, requests: readonly AddressRequest[], found: Exclude<Release, { kind: 'done' }>): AddressRelease[] {
  const culprit = addressTextAt(block, found.ordinal);
  const reason = found.kind === 'damaged' ? found.problem : conflictText(culprit, requests, found);
  return requests.map(({ ip }) => ({ ip, outcome: 'refused', reason: formatIp(ip) === culprit ? reason : `its block ${formatCidr(block.cidr)} was left alone: ${reason}` }));
}

function conflictText(culprit: string, requests: readonly AddressRequest[], found: Extract<Release, { kind: 'conflict' }>): string {
  const { sequence, handle } = requests.find(({ ip }) => formatIp(ip) === culprit)!;
  if (sequence !== undefined && sequence !== found.sequence) return `${culprit} was released or assigned again since (sequence number ${found.sequence}, not ${sequence})`;
  return `${culprit} belongs to ${found.handle === undefined ? 'no handle' : `handle ${found.handle}`}, not to ${handle}`;
}

/** The requests by the block that holds the address; addresses in no block are left out. */
async function byBlock(store: Store, pools: readonly Pool[], requests: readonly AddressRequest[]): Promise<Map<Cidr, AddressRequest[]>> {
  const find = await blockFinder(store, pools, requests.map(({ ip }) => ip));
  const groups = new Map<string, [Cidr, AddressRequest[]]>();
  for (const request of requests) {
    const cidr = find(request.ip);
    if (cidr === undefined) continue;
    const key = blockKey(cidr);
    const group = groups.get(key) ?? [cidr, []];
    group[1].push(request);
    groups.set(key, group);
  }
  return new Map(groups.values());
}
