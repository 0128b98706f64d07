import { addressAt, containsCidr, containsIp, enclosing, formatCidr, type Cidr, type Ip } from '../../net/address.js';
import type { Owner } from '../records/block.js';
import type { Pool } from '../cluster/resources.js';
import type { NetworkNames } from './network-names.js';
import { endpointOwner, hasCalicoAddresses, tunnelOwner, type EndpointIdentity } from '../cluster/owners.js';
import type { StoredBlock } from '../records/stored-block.js';
import { givenUses, type UseTable } from './use-table.js';
import type { Use } from '../cluster/uses.js';

/** An address in use that no block of an enabled pool has allocated. */
export interface Unallocated {
  readonly ip: Ip;
  /** The first of those who use it. */
  readonly use: Use;
  /** The enabled pool around it. */
  readonly pool: Pool | undefined;
  /** Whether a block outside the enabled pools has allocated it. */
  readonly allocated: boolean;
  /** The stored block around it, of whatever size. */
  readonly block: StoredBlock | undefined;
  /** Who uses it, where that is a workload. */
  readonly endpoint?: EndpointIdentity;
}

const State = { notAllocated: 0, allocated: 1, allocatedInPool: 2 } as const;

/** Every such address but those in blocks that cannot be read, which may have given them out; in the order of their users. */
export function findUnallocated(uses: UseTable, blocks: readonly StoredBlock[], pools: readonly Pool[], unreadable: readonly Cidr[]): Unallocated[] {
  const active = pools.filter(({ disabled }) => !disabled);
  const states = statesOf(uses, blocks, active);
  const found: Unallocated[] = [];
  let around: ((ip: Ip) => StoredBlock | undefined) | undefined;
  for (const place of uses.places()) {
    if (states[place] === State.allocatedInPool) continue;
    const [use] = givenUses(uses.usersAt(place));
    if (use === undefined) continue;
    const ip = uses.ipAt(place);
    const pool = active.find(({ cidr }) => containsIp(cidr, ip));
    if (pool !== undefined && unreadable.some((cidr) => containsIp(cidr, ip))) continue;
    around ??= blockAround(blocks);
    found.push({ ip, use, pool, allocated: states[place] === State.allocated, block: around(ip) });
  }
  return found;
}

/**
 * Whether the address is one that Calico should have allocated: a block or a pool for such users is around it, and it
 * is not of an endpoint whose orchestrator has addresses of its own. Any other comes from somewhere else, such as the
 * host-local plugin, and nobody can be given it.
 */
export function isManaged({ use, pool, block, endpoint }: Unallocated): boolean {
  if (endpoint !== undefined && !hasCalicoAddresses(endpoint)) return false;
  return block !== undefined || (pool !== undefined && pool.allocatable && pool.allowedUses.includes(use.kind === 'tunnel' ? 'Tunnel' : 'Workload'));
}

/** For whom the plugin of its user would have assigned the address. */
export function pluginOwnerOf({ use, endpoint }: Pick<Unallocated, 'use' | 'endpoint'>, networks: Pick<NetworkNames, 'of'>, now: Date): Owner {
  if (use.tunnel !== undefined) return tunnelOwner(use.tunnel, use.node);
  return endpoint === undefined ? { handle: undefined, attributes: { node: use.node } } : endpointOwner(endpoint, networks.of(use.node), now);
}

/** How to find the stored block around an address; of several the smallest. */
export function blockAround(blocks: readonly StoredBlock[]): (ip: Ip) => StoredBlock | undefined {
  const known = new Map(blocks.map((block) => [formatCidr(block.cidr), block]));
  const lengths = (version: 4 | 6): number[] => [...new Set(blocks.filter(({ cidr }) => cidr.address.version === version).map(({ cidr }) => cidr.length))].sort((a, b) => b - a);
  const byVersion = { 4: lengths(4), 6: lengths(6) };
  return (ip) => {
    for (const length of byVersion[ip.version]) {
      const block = known.get(formatCidr(enclosing(ip, length)));
      if (block !== undefined) return block;
    }
    return undefined;
  };
}

/** Whether blocks have allocated each of the addresses in use, by its place; hardly one of them needs to be looked at again. */
function statesOf(uses: UseTable, blocks: readonly StoredBlock[], active: readonly Pool[]): Uint8Array {
  const states = new Uint8Array(uses.size);
  for (const { cidr, ordinals } of blocks) {
    const state = active.some((pool) => containsCidr(pool.cidr, cidr)) ? State.allocatedInPool : State.allocated;
    for (const ordinal of ordinals) {
      const place = uses.placeOf(addressAt(cidr, ordinal));
      if (place !== undefined && states[place]! < state) states[place] = state;
    }
  }
  return states;
}
