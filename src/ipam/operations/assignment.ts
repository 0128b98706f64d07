import type { Deed, Store } from '../../datastore/store.js';
import { transact, type Draft } from '../../datastore/draft.js';
import { addressAt, containsCidr, containsIp, formatCidr, formatIp, type Cidr, type Ip } from '../../net/address.js';
import { refuseLocked } from '../cluster/facts.js';
import type { Pool } from '../cluster/resources.js';
import { assign, freeOrdinals, isEmpty, type Owner } from '../records/block.js';
import { decodeBlock, isUnreadable, type Block } from '../records/block-codec.js';
import { BLOCK_PREFIX, affinityKey, blockKey, parseAffinityText, type AffinityKey, type Claimant } from '../records/keys.js';
import { raiseHandle, readBlock, storeBlock } from '../records/records-in-draft.js';
import { affinitiesOf, planClaim, planReleaseAffinity, releaseAffinities } from './affinities.js';
import { hasUnreserved, startingPlace, unusedBlocks } from './free-blocks.js';
import { readBlockCidrs } from './locate.js';

/** An empty block of another host may be taken over so many milliseconds after its claim. */
const RECLAIM_AFTER = 60_000;

export interface Assigned {
  readonly ip: Ip;
  readonly block: Cidr;
}

/** What a transaction did that was to assign addresses of a block: what it assigned, else something about the block alone. */
export function assignedDeeds(assigned: readonly Assigned[] | undefined, cidr: Cidr): readonly Deed[] {
  if (assigned === undefined || assigned.length === 0) return [{ did: 'changed', what: `the owner of block ${formatCidr(cidr)}` }];
  return assigned.map(({ ip, block }) => ({ did: 'assigned', what: `IP address ${formatIp(ip)} from block ${formatCidr(block)}`, data: { ip: formatIp(ip), block: formatCidr(block) } }));
}

/** A request for addresses of one family. */
export interface AssignmentRequest {
  readonly host: string;
  readonly owner: Owner;
  readonly version: 4 | 6;
  readonly count: number;
  /** Also while the datastore is locked. */
  readonly whileLocked?: boolean;
  /** Only from these, where they were named; empty blocks outside them are kept then. */
  readonly pools?: readonly Cidr[];
}

/** An empty block, and who has it. */
export interface Reclaimable {
  readonly cidr: Cidr;
  readonly previous: AffinityKey;
}

/** How a block may be used: as the host's own, as one to claim, or as another's. */
type Mode = 'own' | 'claim' | 'borrow';

/** Addresses of one request, as they are assigned block by block. Each block changes in a transaction of its own. */
export class Assignment {
  readonly addresses: Assigned[] = [];
  readonly #claimant: Claimant;

  constructor(
    readonly store: Store,
    readonly request: AssignmentRequest,
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

  /** Takes an empty block from the host that has it, and assigns what is missing from it; false where it is not empty any more. */
  async reclaim({ cidr, previous }: Reclaimable): Promise<boolean> {
    const taken = await transact(this.store, async (draft) => {
      if ((await planReleaseAffinity(draft, previous, true)) !== 'released') return undefined;
      return this.#plan(draft, cidr, 'claim');
    }, (planned) => assignedDeeds(planned, cidr));
    this.addresses.push(...(taken ?? []));
    return taken !== undefined;
  }

  /** Blocks that nobody has, pool by pool, each from a place that differs from host to host. */
  async unusedBlocks(): Promise<Iterable<Cidr>> {
    const { pools, reservations, request } = this;
    const taken = this.missing === 0 ? [] : [...(await readBlockCidrs(this.store)).values()];
    return (function* () {
      for (const pool of pools) for (const cidr of unusedBlocks(pool, taken, reservations, request.host)) if (hasUnreserved(cidr, reservations)) yield cidr;
    })();
  }

  /** Empty blocks of other hosts that were claimed long enough ago. */
  async reclaimableBlocks(): Promise<readonly Reclaimable[]> {
    const latest = Number(this.now() / 1_000_000n) - RECLAIM_AFTER;
    return (await this.blocksInPools()).flatMap((block) => {
      const claimant = parseAffinityText(block.affinity);
      const other = claimant?.type === 'host' && claimant.name !== this.request.host;
      if (!other || !isEmpty(block) || Date.parse(block.claimTime ?? '1970-01-01T00:00:00Z') > latest) return [];
      return hasUnreserved(block.cidr, this.reservations) ? [{ cidr: block.cidr, previous: { claimant, cidr: block.cidr } }] : [];
    });
  }

  /** The readable blocks of the pools, from a place that differs from host to host. */
  async blocksInPools(): Promise<Block[]> {
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
