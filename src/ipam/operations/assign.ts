import { CommandError } from '../../base/errors.js';
import { ExitCode } from '../../base/exit-codes.js';
import type { Deed, Store } from '../../datastore/store.js';
import { addressAt, containsCidr, containsIp, formatCidr, formatIp, type Cidr, type Ip } from '../../net/address.js';
import { affinitiesOf, planClaim, planReleaseAffinity, releaseAffinities } from './affinities.js';
import { assign, freeOrdinals, isEmpty, type Owner } from '../records/block.js';
import { decodeBlock, isUnreadable, type Block } from '../records/block-codec.js';
import { NODE_PREFIX, decodeLabels, selects, selectsNode, type Pool, type PoolUse } from '../cluster/resources.js';
import { LockedError, refuseLocked } from '../cluster/facts.js';
import { readConfiguration } from './configuration.js';
import { transact, type Draft } from '../../datastore/draft.js';
import { BLOCK_PREFIX, affinityKey, blockKey, parseAffinityText, type AffinityKey, type Claimant } from '../records/keys.js';
import { readBlockCidrs, readPools, readReservations } from './locate.js';
import type { Configuration } from '../records/records.js';
import { raiseHandle, readBlock, storeBlock } from '../records/records-in-draft.js';
import { hasUnreserved, startingPlace, unusedBlocks } from './free-blocks.js';

/** Blocks a host may have where the configuration does not say (reference/ipam 2). */
const DEFAULT_MAX_BLOCKS = 20;
/** An empty block of another host may be taken over so many milliseconds after its claim. */
const RECLAIM_AFTER = 60_000;

/** A wish for any addresses of one family. */
export interface AutoRequest {
  readonly host: string;
  readonly owner: Owner;
  readonly version: 4 | 6;
  readonly count: number;
  /** What pools must allow; for workloads unless given. */
  readonly use?: PoolUse;
  /** Also while the datastore is locked. */
  readonly whileLocked?: boolean;
  /** Only from these pools, whatever nodes they select. */
  readonly pools?: readonly Cidr[];
}

export interface Assigned {
  readonly ip: Ip;
  readonly block: Cidr;
}

/** What was assigned; `shortage` says why it is less than was asked for. */
export interface AutoResult {
  readonly addresses: readonly Assigned[];
  readonly shortage?: string;
}

/** What a transaction did that was to assign addresses of a block: what it assigned, else something about the block alone. */
export function assignedDeeds(assigned: readonly Assigned[] | undefined, cidr: Cidr): readonly Deed[] {
  if (assigned === undefined || assigned.length === 0) return [{ did: 'changed', what: `the owner of block ${formatCidr(cidr)}` }];
  return assigned.map(({ ip, block }) => ({ did: 'assigned', what: `IP address ${formatIp(ip)} from block ${formatCidr(block)}`, data: { ip: formatIp(ip), block: formatCidr(block) } }));
}

/** Nanoseconds since 1970, as blocks count their writes. */
export function nanoseconds(): bigint {
  return BigInt(Date.now()) * 1_000_000n + BigInt(Math.floor((performance.now() % 1) * 1_000_000));
}

/**
 * Assigns addresses as the CNI plugin would (reference/ipam 2): from the host's own blocks, from blocks it claims,
 * and, unless affinity is strict, from other hosts' blocks. Block, affinity and handle change in one transaction each
 * time, with true counts. Throws CommandError where there is no such node or no pool for it, LockedError where the
 * datastore is locked before anything was assigned.
 */
export async function autoAssign(store: Store, request: AutoRequest, now: () => bigint = nanoseconds): Promise<AutoResult> {
  const configuration = await readConfiguration(store);
  const pools = await choosePools(store, request);
  const run = new AssignmentRun(store, request, pools, await readReservations(store), now);
  try {
    const own = await run.ownBlocks();
    for (const cidr of own.cidrs) await run.take(cidr, 'own');
    const limited = configuration.autoAllocateBlocks ? await run.claimBlocks(own.count, limitOf(configuration)) : undefined;
    if (limited === undefined && !configuration.strictAffinity) await run.borrow();
    if (run.missing === 0) return { addresses: run.addresses };
    return { addresses: run.addresses, shortage: limited ?? shortageText(pools, configuration) };
  } catch (error) {
    if (!(error instanceof LockedError) || run.addresses.length === 0) throw error;
    return { addresses: run.addresses, shortage: LockedError.MEANWHILE };
  }
}

/** How a block may be used: as the host's own, as one to claim, or as another's. */
type Mode = 'own' | 'claim' | 'borrow';

class AssignmentRun {
  readonly addresses: Assigned[] = [];
  readonly #claimant: Claimant;

  constructor(
    readonly store: Store,
    readonly request: AutoRequest,
    readonly pools: readonly Pool[],
    readonly reservations: readonly Cidr[],
    readonly now: () => bigint,
  ) {
    this.#claimant = { type: 'host', name: request.host };
  }

  get missing(): number {
    return this.request.count - this.addresses.length;
  }

  /** The host's blocks of the family inside the pools, and how many it has at all. Empty ones outside the pools are given up. */
  async ownBlocks(): Promise<{ cidrs: Cidr[]; count: number }> {
    const all = (await affinitiesOf(this.store, this.#claimant)).filter(({ cidr }) => cidr.address.version === this.request.version);
    const inside = all.filter(({ cidr }) => this.#inPools(cidr));
    const outside = all.filter(({ cidr }) => !this.#inPools(cidr));
    if (this.request.pools !== undefined) return { cidrs: inside.map(({ cidr }) => cidr), count: all.length };
    const given = await releaseAffinities(this.store, outside, true);
    return { cidrs: inside.map(({ cidr }) => cidr), count: inside.length + given.filter((outcome) => outcome === 'occupied').length };
  }

  /** Assigns what is missing from one block, as far as it goes; false where the block could not be had. */
  async take(cidr: Cidr, mode: Mode): Promise<boolean> {
    if (this.missing === 0) return true;
    const taken = await transact(this.store, (draft) => this.#plan(draft, cidr, mode), (planned) => assignedDeeds(planned, cidr));
    this.addresses.push(...(taken ?? []));
    return taken !== undefined;
  }

  /** Claims unused blocks, then empty ones of other hosts, until nothing is missing; says so when the limit stops it. */
  async claimBlocks(owned: number, limit: number): Promise<string | undefined> {
    let count = owned;
    const free = await this.#claimable();
    while (this.missing > 0) {
      if (count >= limit) return `${this.request.host} has ${count} blocks, the most a host may have`;
      const next = free.next();
      if (next.done === true) break;
      if (await this.take(next.value, 'claim')) count++;
    }
    for (const { cidr, previous } of this.missing > 0 ? await this.#reclaimable() : []) {
      if (this.missing === 0) break;
      if (count >= limit) return `${this.request.host} has ${count} blocks, the most a host may have`;
      if (await this.#reclaim(cidr, previous)) count++;
    }
    return undefined;
  }

  /** Takes what is missing from any block of the pools, whoever has it. */
  async borrow(): Promise<void> {
    if (this.missing === 0) return;
    for (const block of await this.#blocksInPools()) if (block.unallocated.length > 0) await this.take(block.cidr, 'borrow');
  }

  async #plan(draft: Draft, cidr: Cidr, mode: Mode): Promise<Assigned[] | undefined> {
    const keys = mode === 'borrow' ? [blockKey(cidr)] : [blockKey(cidr), affinityKey(this.#claimant, cidr)];
    if (this.request.whileLocked !== true) await refuseLocked(draft, keys);
    const block = mode === 'borrow' ? await readBlock(draft, cidr) : await planClaim(draft, this.#claimant, cidr, this.now());
    if (block === undefined) return undefined;
    const ordinals = freeOrdinals(block, (ordinal) => this.#isReserved(addressAt(cidr, ordinal)), this.missing);
    if (ordinals.length === 0) return [];
    storeBlock(draft, assign(block, ordinals, this.request.owner));
    const { handle } = this.request.owner;
    if (handle !== undefined) await raiseHandle(draft, handle, cidr, ordinals.length);
    return ordinals.map((ordinal) => ({ ip: addressAt(cidr, ordinal), block: cidr }));
  }

  async #reclaim(cidr: Cidr, previous: AffinityKey): Promise<boolean> {
    const taken = await transact(this.store, async (draft) => {
      if ((await planReleaseAffinity(draft, previous, true)) !== 'released') return undefined;
      return this.#plan(draft, cidr, 'claim');
    }, (planned) => assignedDeeds(planned, cidr));
    this.addresses.push(...(taken ?? []));
    return taken !== undefined;
  }

  async #claimable(): Promise<Iterator<Cidr>> {
    const { pools, reservations, request } = this;
    const taken = this.missing === 0 ? [] : [...(await readBlockCidrs(this.store)).values()];
    return (function* () {
      for (const pool of pools) for (const cidr of unusedBlocks(pool, taken, reservations, request.host)) if (hasUnreserved(cidr, reservations)) yield cidr;
    })();
  }

  async #reclaimable(): Promise<{ cidr: Cidr; previous: AffinityKey }[]> {
    const latest = Number(this.now() / 1_000_000n) - RECLAIM_AFTER;
    return (await this.#blocksInPools()).flatMap((block) => {
      const claimant = parseAffinityText(block.affinity);
      const other = claimant?.type === 'host' && claimant.name !== this.request.host;
      if (!other || !isEmpty(block) || Date.parse(block.claimTime ?? '1970-01-01T00:00:00Z') > latest) return [];
      return hasUnreserved(block.cidr, this.reservations) ? [{ cidr: block.cidr, previous: { claimant, cidr: block.cidr } }] : [];
    });
  }

  /** The readable blocks of the pools, from a place that differs from host to host. */
  async #blocksInPools(): Promise<Block[]> {
    const blocks: Block[] = [];
    for await (const { entries } of this.store.list(`${BLOCK_PREFIX}ipv${this.request.version}/`)) {
      for (const { value } of entries) {
        const block = decodeBlock(value);
        if (!isUnreadable(block) && this.#inPools(block.cidr)) blocks.push(block);
      }
    }
    const start = startingPlace(this.request.host, blocks.length);
    return [...blocks.slice(start), ...blocks.slice(0, start)];
  }

  #inPools(cidr: Cidr): boolean {
    return this.pools.some((pool) => containsCidr(pool.cidr, cidr));
  }

  #isReserved(ip: Ip): boolean {
    return this.reservations.some((reservation) => containsIp(reservation, ip));
  }
}

/** The pools that may serve the request, in order of name (reference/ipam 2, step 1). */
async function choosePools(store: Store, request: AutoRequest): Promise<Pool[]> {
  const { host, version, use = 'Workload' } = request;
  const node = await store.get(NODE_PREFIX + host);
  if (node === undefined) throw new CommandError(`node ${host} does not exist`, ExitCode.conflict);
  const enabled = (await readPools(store)).filter((pool) => pool.cidr.address.version === version && !pool.disabled && pool.allocatable);
  const labels = decodeLabels(node.value) ?? {};
  const chosen = request.pools === undefined ? enabled.filter((pool) => suits(pool, labels)) : request.pools.map((cidr) => named(enabled, cidr));
  const usable = chosen.filter((pool) => pool.allowedUses.includes(use));
  if (usable.length > 0) return usable;
  if (enabled.length === 0) throw new CommandError(`there is no enabled IPv${version} pool`);
  throw new CommandError(chosen.length === 0 ? `no IPv${version} pool is for node ${host}` : `no IPv${version} pool for node ${host} allows the use ${use}`);
}

function suits(pool: Pool, labels: Readonly<Record<string, string>>): boolean {
  return !pool.manual && selectsNode(pool, labels) && (pool.namespaceSelector === undefined || selects(pool.namespaceSelector, {}));
}

function named(enabled: readonly Pool[], cidr: Cidr): Pool {
  const pool = enabled.find((candidate) => formatCidr(candidate.cidr) === formatCidr(cidr));
  if (pool === undefined) throw new CommandError(`the pool ${formatCidr(cidr)} does not exist, or is not enabled`, ExitCode.conflict);
  return pool;
}

function limitOf({ maxBlocksPerHost }: Configuration): number {
  return maxBlocksPerHost > 0 ? maxBlocksPerHost : DEFAULT_MAX_BLOCKS;
}

function shortageText(pools: readonly Pool[], { strictAffinity, autoAllocateBlocks }: Configuration): string {
  const names = pools.map(({ name, cidr }) => `${name} (${formatCidr(cidr)})`).join(', ');
  if (!autoAllocateBlocks) return `the host's own blocks are full, and no blocks are allocated automatically`;
  return strictAffinity ? `no free block is left in ${names}, and affinity is strict` : `no free address is left in ${names}`;
}
