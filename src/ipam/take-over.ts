import type { Store } from '../datastore/store.js';
import { ListedError } from '../errors.js';
import { ExitCode } from '../exit-codes.js';
import type { Owner } from './block.js';
import { formatIp, parseCidrOrIp, type Ip } from './address.js';
import { ENDPOINT_PREFIX, HOST_ENDPOINT_PREFIX, parseResource } from './cluster.js';
import { isObject } from './json.js';
import { requestsFor } from './lookup.js';
import { endpointIdentity, networkOf, releasesBy, type EndpointIdentity } from './owners.js';
import { ownerOf } from './unallocated.js';
import { givenUses } from './use-table.js';
import { ownerText, type Use } from './uses.js';

/** Who is to have an address, as the command line says it. */
export interface Claim {
  readonly node: string;
  readonly handle: string | undefined;
}

/**
 * For whom to assign an address that is in use already, where the node is its user's and the handle the one by which
 * its user's plugin releases: with the attributes that the plugin writes. Undefined where the claim is of somebody else.
 * @param users who uses the address now
 */
export async function rightfulOwner(store: Store, users: readonly Use[], { node, handle }: Claim, now: Date): Promise<Owner | undefined> {
  for (const use of givenUses(users)) {
    if (use.node !== node) continue;
    const endpoint = use.kind === 'workload' ? await readIdentity(store, use.name) : undefined;
    if (!releasesBy(handle, use, endpoint)) continue;
    return ownerOf({ use, ...(endpoint === undefined ? {} : { endpoint }) }, { of: () => networkOf(handle, endpoint!) }, now);
  }
  return undefined;
}

async function readIdentity(store: Store, name: string): Promise<EndpointIdentity | undefined> {
  const entry = await store.get(ENDPOINT_PREFIX + name);
  return entry === undefined ? undefined : endpointIdentity(entry.key, entry.value);
}

/**
 * Refuses to assign addresses that an endpoint, a tunnel or a node has, whether a block has given them out or not.
 * Throws ListedError with a line for each.
 * @param uses the workloads, tunnels and nodes that use them, by the text of the address
 */
export async function refuseUsed(store: Store, ips: readonly Ip[], uses: ReadonlyMap<string, readonly Use[]>): Promise<void> {
  const others = await otherUsers(store, new Set(ips.map(formatIp)));
  const usersOf = (ip: Ip): string[] => [...new Set([...(uses.get(formatIp(ip)) ?? []).map(ownerText), ...(others.get(formatIp(ip)) ?? [])])];
  const used = ips.filter((ip) => usersOf(ip).length > 0);
  if (used.length === 0) return;
  const requests = await requestsFor(store, used);
  const lines = requests.map(({ ip, handle, sequence }) => `${formatIp(ip)} is ${sequence === undefined ? '' : `already assigned${handle === undefined ? '' : ` to handle ${handle}`}, and `}in use by ${usersOf(ip).join(' and ')}`);
  const open = requests.some(({ sequence }) => sequence === undefined);
  throw new ListedError([...lines, 'nothing was assigned'], ExitCode.conflict, open ? '`calicoctl ipam check` has the command that gives an address to its user; --force assigns it all the same' : undefined);
}

/** Who has one of the addresses otherwise than as its own, by its text: the host endpoints that expect it, and the workloads that are reached by it. */
async function otherUsers(store: Store, addresses: ReadonlySet<string>): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  const note = (text: unknown, user: string): void => {
    const ip = typeof text === 'string' ? parseCidrOrIp(text)?.address : undefined;
    const address = ip && formatIp(ip);
    if (address !== undefined && addresses.has(address)) found.set(address, [...(found.get(address) ?? []), user]);
  };
  for await (const { entries } of store.list(HOST_ENDPOINT_PREFIX)) {
    for (const { key, value } of entries) for (const each of listIn(value, 'expectedIPs')) note(each, `HostEndpoint(${key.slice(HOST_ENDPOINT_PREFIX.length)})`);
  }
  for await (const { entries } of store.list(ENDPOINT_PREFIX)) {
    for (const { key, value } of entries) {
      if (!value.includes('"ipNATs"')) continue;
      for (const each of listIn(value, 'ipNATs')) note(isObject(each) ? each['externalIP'] : undefined, `Workload(${key.slice(ENDPOINT_PREFIX.length)})`);
    }
  }
  return found;
}

/** A list in the spec of a stored object; empty where there is none. */
function listIn(value: string, field: string): readonly unknown[] {
  const list = parseResource(value)?.spec[field];
  return Array.isArray(list) ? list : [];
}
