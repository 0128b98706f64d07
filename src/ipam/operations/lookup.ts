import type { Store } from '../../datastore/store.js';
import { containsIp, formatIp, ordinalOf, type Cidr, type Ip } from '../../net/address.js';
import { attributeAt, handleOf, isAllocated, sequenceAt } from '../records/block.js';
import type { Attribute, Block } from '../records/block-codec.js';
import type { Pool } from '../cluster/resources.js';
import { Draft } from '../../datastore/draft.js';
import { blockKey } from '../records/keys.js';
import { blockFinder, readAllPools, readPools } from './locate.js';
import type { AddressRequest } from './release.js';
import { readBlock } from '../records/records-in-draft.js';
import type { UnreadableKey } from '../cluster/unreadable.js';
import { readUsers, readUses, type Use } from '../cluster/uses.js';

/** All that the store says of one address. */
export interface AddressFacts {
  readonly ip: Ip;
  /** The block that the address lies in; undefined where there is none. */
  readonly block: Block | undefined;
  /** The first pool around it, also one that is disabled. */
  readonly pool: Pool | undefined;
  /** Undefined where the address is free. */
  readonly allocation: Allocated | undefined;
  /** Who uses it, allocated or not. */
  readonly uses: readonly Use[];
  /** Endpoints and nodes that cannot be read, where no other has the address. */
  readonly unknownUsers: readonly UnreadableKey[];
  /** Pools that cannot be read, where none is known to be around it. */
  readonly unknownPools: readonly UnreadableKey[];
}

/** What a block says of an address that is given out. */
export interface Allocated {
  readonly handle: string | undefined;
  /** Undefined where the block refers to one that is not there. */
  readonly attribute: Attribute | undefined;
  readonly sequence: bigint;
}

/** Looks an address up in blocks of any size, in and outside the pools. Throws DatastoreError for a block that cannot be read. */
export async function lookUpAddress(store: Store, ip: Ip): Promise<AddressFacts> {
  const { pools, unreadable } = await readAllPools(store);
  const cidr = (await blockFinder(store, pools, [ip]))(ip);
  const block = cidr === undefined ? undefined : await readBlock(new Draft(store), cidr);
  const allocation = block === undefined ? undefined : allocationOf(block, ip);
  const pool = pools.find((each) => containsIp(each.cidr, ip));
  const users = await usersOf(store, formatIp(ip), allocation?.attribute?.secondary?.['namespace']);
  return { ip, block, pool, allocation, ...users, unknownPools: pool === undefined ? unreadable : [] };
}

/** What the block around an address says of it, and nothing of who uses it; undefined where it is free. Throws DatastoreError for a block that cannot be read. */
export async function readAllocation(store: Store, ip: Ip): Promise<Allocated | undefined> {
  const cidr = (await blockFinder(store, await readPools(store), [ip]))(ip);
  const block = cidr === undefined ? undefined : await readBlock(new Draft(store), cidr);
  return block === undefined ? undefined : allocationOf(block, ip);
}

/**
 * Requests to release addresses, with what each of them is now, so that none is released that becomes somebody
 * else's meanwhile. A free address is asked for by itself; so is one in a block that cannot be read.
 */
export async function requestsFor(store: Store, ips: readonly Ip[]): Promise<AddressRequest[]> {
  const find = await blockFinder(store, await readPools(store), ips);
  const draft = new Draft(store);
  await draft.load(ips.map(find).filter((cidr) => cidr !== undefined).map(blockKey));
  return Promise.all(ips.map(async (ip) => {
    const cidr = find(ip);
    const block = cidr === undefined ? undefined : await readableBlock(draft, cidr);
    const allocation = block === undefined ? undefined : allocationOf(block, ip);
    return allocation === undefined ? { ip } : { ip, handle: allocation.handle, sequence: allocation.sequence };
  }));
}

/** Whether a request says what the address is now: undefined where it is free. */
export function stillThere(request: AddressRequest, now: AddressRequest): boolean | undefined {
  if (now.sequence === undefined) return undefined;
  return (request.sequence ?? now.sequence) === now.sequence && (request.handle ?? now.handle) === now.handle;
}

async function readableBlock(draft: Draft, cidr: Cidr): Promise<Block | undefined> {
  try {
    return await readBlock(draft, cidr);
  } catch {
    return undefined;
  }
}

function allocationOf(block: Block, ip: Ip): Allocated | undefined {
  const ordinal = ordinalOf(block.cidr, ip)!;
  if (!isAllocated(block, ordinal)) return undefined;
  const attribute = attributeAt(block, ordinal);
  return { handle: handleOf(attribute), attribute, sequence: sequenceAt(block, ordinal) };
}

/** The users of an address: in the namespace it was given to, if there are some, else anywhere; where nobody is, also who cannot be read. */
async function usersOf(store: Store, ip: string, namespace: string | undefined): Promise<Pick<AddressFacts, 'uses' | 'unknownUsers'>> {
  const near = namespace === undefined ? undefined : (await readUses(store, new Set([ip]), namespace)).get(ip);
  if (near !== undefined) return { uses: near, unknownUsers: [] };
  const { uses, unreadable } = await readUsers(store, new Set([ip]));
  const found = uses.get(ip) ?? [];
  return { uses: found, unknownUsers: found.length === 0 ? unreadable : [] };
}
