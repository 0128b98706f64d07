import { CalicoError } from '../../base/errors.js';
import type { Store } from '../../datastore/store.js';
import { containsIp, enclosing, formatCidr, ordinalOf, overlaps, type Cidr, type Ip } from '../../net/address.js';
import { planClaim } from './affinities.js';
import { nanoseconds } from './auto-assign.js';
import { assignedDeeds, type Assigned } from './assignment.js';
import { assign, attributeAt, handleOf, isAllocated, newBlock, type Owner } from '../records/block.js';
import type { Block } from '../records/block-codec.js';
import { NODE_PREFIX } from '../cluster/resources.js';
import { refuseLocked } from '../cluster/facts.js';
import { readConfiguration } from './configuration.js';
import { transact, type Draft } from '../../datastore/draft.js';
import { affinityText, blockKey, type Claimant } from '../records/keys.js';
import { blockFinder, readBlockCidrs, readPools } from './locate.js';
import { Refusal } from './refusal.js';
import { raiseHandle, readBlock, storeBlock } from '../records/records-in-draft.js';

/** A request for one particular address. */
export interface AddressAssignment {
  readonly ip: Ip;
  readonly host: string;
  readonly owner: Owner;
  /**
   * Whether the owner has the address in use already: then it is only written down what is so, and neither the state of
   * its pool, whose the block is, nor whether the host still is in the store can be reasons against it.
   */
  readonly inUse?: boolean;
  /** Also while the datastore is locked. */
  readonly whileLocked?: boolean;
}

/**
 * Assigns one particular address (reference/ipam 3): it must lie in an enabled pool; reservations and node selectors
 * do not matter. A missing block is claimed for the host. Throws Refusal where the address is taken or in no pool, or the block
 * is not the host's while affinity is strict; LockedError where the datastore is locked. With `rehearse` for `run` it
 * answers what would be.
 */
export async function assignAddress(store: Store, request: AddressAssignment, now: () => bigint = nanoseconds, run: typeof transact = transact): Promise<Assigned> {
  const [{ strictAffinity }, cidr] = await Promise.all([readConfiguration(store), blockFor(store, request)]);
  const claimant: Claimant = { type: 'host', name: request.host };
  return run(store, async (draft) => {
    if (request.whileLocked !== true) await refuseLocked(draft, [blockKey(cidr)]);
    const stored = await readBlock(draft, cidr);
    const block = stored ?? (await planBlock(draft, claimant, cidr, { now: now(), inUse: request.inUse === true }));
    const ordinal = ordinalOf(cidr, request.ip)!;
    if (strictAffinity && request.inUse !== true && block.affinity !== affinityText(claimant)) throw new Refusal({ kind: 'foreign-block', block: cidr, owner: block.affinity ?? undefined });
    if (isAllocated(block, ordinal)) throw new Refusal({ kind: 'assigned', ip: request.ip, handle: handleOf(attributeAt(block, ordinal)) });
    storeBlock(draft, assign(block, [ordinal], request.owner));
    if (request.owner.handle !== undefined) await raiseHandle(draft, request.owner.handle, cidr, 1);
    return { ip: request.ip, block: cidr };
  }, (assigned) => assignedDeeds([assigned], cidr));
}

/** A new block: the host's, or nobody's where the host is not there to have it. */
async function planBlock(draft: Draft, claimant: Claimant, cidr: Cidr, { now, inUse }: { readonly now: bigint; readonly inUse: boolean }): Promise<Block> {
  if (inUse && (await draft.value(NODE_PREFIX + claimant.name)) === undefined) return { ...newBlock(cidr, '', now), affinity: null, claimTime: undefined };
  // Only a block that is there can be another's.
  return (await planClaim(draft, claimant, cidr, now))!;
}

/** The stored block around the address, or the one its pool would make. */
async function blockFor(store: Store, { ip, inUse = false }: AddressAssignment): Promise<Cidr> {
  const pools = await readPools(store);
  const pool = pools.find(({ cidr, disabled, allocatable }) => !disabled && allocatable && containsIp(cidr, ip));
  if (pool === undefined && !inUse) throw new Refusal({ kind: 'outside-pools', ip });
  const around = (await blockFinder(store, pools, [ip]))(ip);
  if (around !== undefined) return around;
  if (pool === undefined) throw new Refusal({ kind: 'outside-pools', ip });
  const own = enclosing(ip, pool.blockSize);
  const near = [...(await readBlockCidrs(store)).values()].filter((cidr) => overlaps(cidr, own));
  if (near.length === 0) return own;
  throw new CalicoError('taken', `block ${formatCidr(own)} cannot be created: ${near.map(formatCidr).join(', ')} is inside it`, { subject: formatCidr(own) });
}
