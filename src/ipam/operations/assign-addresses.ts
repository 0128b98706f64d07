import { CalicoError, DatastoreError } from '../../base/errors.js';
import { rehearse, transact } from '../../datastore/draft.js';
import type { Store } from '../../datastore/store.js';
import { formatIp, type Ip } from '../../net/address.js';
import { LockedError } from '../cluster/facts.js';
import { NODE_PREFIX } from '../cluster/resources.js';
import { readUsers, readUses } from '../cluster/uses.js';
import type { Owner } from '../records/block.js';
import { assignAddress } from './assign-address.js';
import type { Assigned } from './assignment.js';
import { refuseUsed, rightfulOwner } from './take-over.js';

/** Who is to have addresses; with `force` also those in use, and while the datastore is locked. */
export interface AddressesRequest {
  readonly node: string;
  readonly owner: Owner;
  readonly force: boolean;
}

/**
 * Assigns these addresses, each in a transaction of its own; one that its user already has is given to that user as the plugin
 * would have. Throws CalicoError where one cannot be had: before anything is assigned if that can be known, else `partly`.
 */
export async function assignAddresses(store: Store, ips: readonly Ip[], { node, owner, force }: AddressesRequest, now: Date): Promise<readonly Assigned[]> {
  const addresses = new Set(ips.map(formatIp));
  const users = force ? { uses: await readUses(store, addresses), unreadable: [] } : await readUsers(store, addresses);
  const rightful = new Map<Ip, Owner>();
  for (const ip of ips) {
    const user = await rightfulOwner(store, users.uses.get(formatIp(ip)) ?? [], { node, handle: owner.handle }, now);
    if (user !== undefined) rightful.set(ip, user);
  }
  const isNode = (await store.get(NODE_PREFIX + node)) !== undefined;
  const refuseAbsent = (all: readonly Ip[]): void => {
    if (!isNode && !all.every((ip) => rightful.has(ip))) throw new CalicoError('missing', `node ${node} does not exist`, { subject: `Node(${node})` });
  };
  const assignOne = async (ip: Ip, run: typeof transact): Promise<Assigned> => {
    refuseAbsent([ip]);
    return assignAddress(store, { ip, host: node, owner: rightful.get(ip) ?? owner, inUse: rightful.has(ip), whileLocked: force }, undefined, run);
  };
  if (!force) await refuseUsed(store, ips, users, (ip) => assignOne(ip, rehearse));
  refuseAbsent(ips);
  return assignEach(ips, (ip) => assignOne(ip, transact));
}

/** The first that cannot be had ends it. */
async function assignEach(ips: readonly Ip[], assignOne: (ip: Ip) => Promise<Assigned>): Promise<readonly Assigned[]> {
  const assigned: Assigned[] = [];
  try {
    for (const ip of ips) assigned.push(await assignOne(ip));
  } catch (error) {
    if (!(error instanceof CalicoError) || error instanceof DatastoreError || error.meaning === 'interrupted' || assigned.length === 0) throw error;
    const cause = error instanceof LockedError ? `${LockedError.MEANWHILE}; ${formatIp(ips[assigned.length]!)}` : `${error.message}; it`;
    throw new CalicoError('partly', `${cause} and those after it were not assigned`, { hint: error.hint });
  }
  return assigned;
}
