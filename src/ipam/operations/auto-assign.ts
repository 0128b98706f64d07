import type { Store } from '../../datastore/store.js';
import { formatCidr, type Cidr } from '../../net/address.js';
import { LockedError } from '../cluster/facts.js';
import { NODE_PREFIX, decodeLabels, selects, selectsNode, type Pool } from '../cluster/resources.js';
import type { PoolUse } from '../../resources/v3/ip-pool-defaults.js';
import type { Configuration } from '../records/records.js';
import { Assignment, type Assigned, type AssignmentRequest } from './assignment.js';
import { readConfiguration } from './configuration.js';
import { readPools, readReservations } from './locate.js';
import { assignInOrder } from './order.js';
import { Refusal } from './refusal.js';

/** A request for any addresses of one family. Where pools are named, whatever nodes they select, only from these. */
export interface AutoRequest extends AssignmentRequest {
  /** What pools must allow; for workloads unless given. */
  readonly use?: PoolUse;
  /** The labels of the namespace that the address is for, asked for where a pool selects by them; none unless given. */
  readonly namespaceLabels?: () => Promise<Readonly<Record<string, string>>>;
}

/** What was assigned; `shortage` says why it is less than was asked for, and `short` the same as a case, with the pools that were looked at. */
export interface AutoResult {
  readonly addresses: readonly Assigned[];
  readonly shortage?: string;
  readonly short?: { readonly of: 'addresses' | 'own blocks' | 'blocks of the host' | 'time'; readonly pools: readonly Cidr[] };
}

/** Nanoseconds since 1970, as blocks count their writes. */
export function nanoseconds(): bigint {
  return BigInt(Date.now()) * 1_000_000n + BigInt(Math.floor((performance.now() % 1) * 1_000_000));
}

/**
 * Assigns addresses as the CNI plugin would (reference/ipam 2): from the host's own blocks, from blocks it claims,
 * and, unless affinity is strict, from other hosts' blocks. Block, affinity and handle change in one transaction each
 * time, with true counts. Throws Refusal where there is no such node or no pool for it, LockedError where the
 * datastore is locked before anything was assigned.
 */
export async function autoAssign(store: Store, request: AutoRequest, now: () => bigint = nanoseconds): Promise<AutoResult> {
  const [configuration, pools, reservations] = await Promise.all([readConfiguration(store), choosePools(store, request), readReservations(store)]);
  const assignment = new Assignment(store, request, pools, reservations, now);
  try {
    const limited = await assignInOrder(assignment, configuration);
    if (assignment.missing === 0) return { addresses: assignment.addresses };
    const of = limited !== undefined ? 'blocks of the host' : configuration.strictAffinity || !configuration.autoAllocateBlocks ? 'own blocks' : 'addresses';
    return { addresses: assignment.addresses, shortage: limited ?? shortageText(pools, configuration), short: { of, pools: pools.map(({ cidr }) => cidr) } };
  } catch (error) {
    if (!(error instanceof LockedError) || assignment.addresses.length === 0) throw error;
    return { addresses: assignment.addresses, shortage: LockedError.MEANWHILE, short: { of: 'time', pools: [] } };
  }
}

/** The pools that may serve the request, in order of name (reference/ipam 2, step 1). */
async function choosePools(store: Store, request: AutoRequest): Promise<Pool[]> {
  const { host, version, use = 'Workload' } = request;
  const [node, pools] = await Promise.all([store.get(NODE_PREFIX + host), readPools(store)]);
  if (node === undefined) throw new Refusal({ kind: 'no-node', node: host });
  const enabled = pools.filter((pool) => pool.cidr.address.version === version && !pool.disabled && pool.allocatable);
  const labels = decodeLabels(node.value) ?? {};
  const chosen = request.pools === undefined ? await selecting(enabled, labels, request) : request.pools.map((cidr) => named(enabled, cidr));
  const usable = chosen.filter((pool) => pool.allowedUses.includes(use));
  if (usable.length > 0) return usable;
  if (enabled.length === 0) throw new Refusal({ kind: 'no-pool', version });
  throw new Refusal(chosen.length === 0 ? { kind: 'no-pool-for-node', version, node: host } : { kind: 'no-pool-for-use', version, node: host, use });
}

/** The pools that select node and namespace. */
async function selecting(enabled: readonly Pool[], nodeLabels: Readonly<Record<string, string>>, { namespaceLabels }: AutoRequest): Promise<Pool[]> {
  const ofNode = enabled.filter((pool) => !pool.manual && selectsNode(pool, nodeLabels));
  const asks = ofNode.some((pool) => pool.namespaceSelector !== undefined);
  const labels = (asks ? await namespaceLabels?.() : undefined) ?? {};
  return ofNode.filter((pool) => pool.namespaceSelector === undefined || selects(pool.namespaceSelector, labels));
}

function named(enabled: readonly Pool[], cidr: Cidr): Pool {
  const pool = enabled.find((candidate) => formatCidr(candidate.cidr) === formatCidr(cidr));
  if (pool === undefined) throw new Refusal({ kind: 'pool-not-enabled', pool: cidr });
  return pool;
}

function shortageText(pools: readonly Pool[], { strictAffinity, autoAllocateBlocks }: Configuration): string {
  const names = pools.map(({ name, cidr }) => `${name} (${formatCidr(cidr)})`).join(', ');
  if (!autoAllocateBlocks) return `the host's own blocks are full, and AutoAllocateBlocks is off`;
  return strictAffinity ? `no free block is left in ${names}, and affinity is strict` : `no free address is left in ${names}`;
}
