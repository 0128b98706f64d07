import type { Store } from '../../datastore/store.js';
import { CalicoError, isConflict, ListedError, type Hint } from '../../base/errors.js';
import type { Owner } from '../records/block.js';
import { formatIp, type Ip } from '../../net/address.js';
import { check } from '../check/check.js';
import { ENDPOINT_PREFIX } from '../cluster/resources.js';
import { requestsFor } from './lookup.js';
import { readOtherUsers } from '../cluster/other-users.js';
import { endpointIdentity, networkNameOf, releasesBy, type EndpointIdentity } from '../cluster/owners.js';
import { readIpamSnapshot } from '../snapshot/snapshot.js';
import { pluginOwnerOf } from '../snapshot/unallocated.js';
import { unreadableText } from '../cluster/unreadable.js';
import { givenUses } from '../snapshot/use-table.js';
import { ownerText, type Use, type Users } from '../cluster/uses.js';

/** The user that an address is to be assigned to, as given on the command line. */
export interface IntendedUser {
  readonly node: string;
  readonly handle: string | undefined;
}

/**
 * For whom to assign an address that is in use already, where the node is its user's and the handle the one by which
 * its user's plugin releases: with the attributes that the plugin writes. Undefined where node or handle are not the user's.
 * @param users who uses the address now
 */
export async function rightfulOwner(store: Store, users: readonly Use[], { node, handle }: IntendedUser, now: Date): Promise<Owner | undefined> {
  for (const use of givenUses(users)) {
    if (use.node !== node) continue;
    const endpoint = use.kind === 'workload' ? await readIdentity(store, use.name) : undefined;
    if (!releasesBy(handle, use, endpoint)) continue;
    return pluginOwnerOf({ use, ...(endpoint === undefined ? {} : { endpoint }) }, { of: () => networkNameOf(handle, endpoint!) }, now);
  }
  return undefined;
}

async function readIdentity(store: Store, name: string): Promise<EndpointIdentity | undefined> {
  const entry = await store.get(ENDPOINT_PREFIX + name);
  return entry === undefined ? undefined : endpointIdentity(entry.key, entry.value);
}

/**
 * Refuses to assign addresses that an endpoint, a tunnel or a node has, whether a block has given them out or not, or may have
 * since it cannot be read. Throws ListedError with a line for each, and one for whatever else would be in the way.
 * @param own the workloads, tunnels and nodes that use them, by the text of the address, and those that cannot be read
 * @param forced rehearses to assign an address although it is in use; rejects with CalicoError, a conflict or `unreadable`, where that cannot be
 */
export async function refuseUsed(store: Store, ips: readonly Ip[], own: Users, forced: (ip: Ip) => Promise<unknown>): Promise<void> {
  const others = await readOtherUsers(store, new Set(ips.map(formatIp)));
  const usersOf = (ip: Ip): string[] => [...new Set([...(own.uses.get(formatIp(ip)) ?? []).map(ownerText), ...(others.users.get(formatIp(ip)) ?? [])])];
  const unknown = [...new Map([...own.unreadable, ...others.unreadable].map((each) => [each.key, each])).values()];
  const used = ips.filter((ip) => usersOf(ip).length > 0);
  if (used.length + unknown.length === 0) return;
  const requests = await requestsFor(store, used);
  const lines = requests.map(({ ip, handle, sequence }) => `${formatIp(ip)} is ${sequence === undefined ? '' : `already assigned${handle === undefined ? '' : ` to handle ${handle}`}, and `}in use by ${usersOf(ip).join(' and ')}`);
  const taken = requests.filter(({ sequence }) => sequence !== undefined).map(({ ip }) => formatIp(ip));
  const obstacles = await obstaclesTo(ips.filter((ip) => !taken.includes(formatIp(ip))), forced);
  const doubted = unknown.length === 0 ? [] : ips.filter((ip) => !used.includes(ip)).map(formatIp);
  const doubts = doubted.length === 0 ? [] : [`no readable user has ${doubted.join(' or ')}, but an unreadable one may`, ...unknown.map(unreadableText)];
  const advised = await advisedOf(store, used.map(formatIp));
  const hint = usedHint(advised, { all: advised.length === ips.length, doubts: doubts.length > 0, forceable: taken.length + obstacles.length === 0 });
  throw new ListedError('taken', [...lines, ...doubts, ...obstacles, 'nothing was assigned'], { hint });
}

/** Why addresses cannot be assigned even with force, each reason once. */
async function obstaclesTo(ips: readonly Ip[], forced: (ip: Ip) => Promise<unknown>): Promise<readonly string[]> {
  const obstacles = new Set<string>();
  for (const ip of ips) {
    try {
      await forced(ip);
    } catch (error) {
      const isObstacle = error instanceof CalicoError && (error.meaning === 'unreadable' || isConflict(error.meaning));
      if (!isObstacle) throw error;
      obstacles.add(error.message);
    }
  }
  return [...obstacles];
}

/** Those of the addresses that a check advises to assign to their users. */
async function advisedOf(store: Store, addresses: readonly string[]): Promise<readonly string[]> {
  const { findings } = check(await readIpamSnapshot(store));
  return findings.filter(({ subject, remedy }) => addresses.includes(subject) && typeof remedy !== 'string' && remedy.some(({ verb }) => verb === 'assign')).map(({ subject }) => subject);
}

function usedHint(advised: readonly string[], { all, doubts, forceable }: { readonly all: boolean; readonly doubts: boolean; readonly forceable: boolean }): Hint | undefined {
  const giver = advised.length === 0 ? [] : [`\`calicoctl ipam check\` gives the command that assigns ${all ? 'an address' : advised.join(' and ')} to its user`];
  const restoring = doubts ? ['restore what cannot be read from a backup of etcd, or rewrite it with `calicoctl apply`'] : [];
  if (!forceable && giver.length + restoring.length === 0) return undefined;
  return (option) => [...giver, ...restoring, ...(forceable ? [`${option('force')} assigns it anyway`] : [])].join('; ');
}
