import type { Store } from '../datastore/store.js';
import { CommandError, DatastoreError, ListedError } from '../errors.js';
import { ExitCode } from '../exit-codes.js';
import type { Owner } from './block.js';
import { formatIp, parseCidrOrIp, type Ip } from './address.js';
import { check } from './check/check.js';
import { ENDPOINT_PREFIX, HOST_ENDPOINT_PREFIX, parseResource } from './cluster.js';
import { isObject } from './json.js';
import { requestsFor } from './lookup.js';
import { endpointIdentity, networkOf, releasesBy, type EndpointIdentity } from './owners.js';
import { readIpamSnapshot } from './snapshot.js';
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
 * Throws ListedError with a line for each, and one for whatever else would be in the way.
 * @param uses the workloads, tunnels and nodes that use them, by the text of the address
 * @param forced rehearses to assign an address although it is in use; rejects with CommandError, exit code 5, or DatastoreError of stored data where that cannot be
 */
export async function refuseUsed(store: Store, ips: readonly Ip[], uses: ReadonlyMap<string, readonly Use[]>, forced: (ip: Ip) => Promise<unknown>): Promise<void> {
  const others = await otherUsers(store, new Set(ips.map(formatIp)));
  const usersOf = (ip: Ip): string[] => [...new Set([...(uses.get(formatIp(ip)) ?? []).map(ownerText), ...(others.get(formatIp(ip)) ?? [])])];
  const used = ips.filter((ip) => usersOf(ip).length > 0);
  if (used.length === 0) return;
  const requests = await requestsFor(store, used);
  const lines = requests.map(({ ip, handle, sequence }) => `${formatIp(ip)} is ${sequence === undefined ? '' : `already assigned${handle === undefined ? '' : ` to handle ${handle}`}, and `}in use by ${usersOf(ip).join(' and ')}`);
  const taken = requests.filter(({ sequence }) => sequence !== undefined).map(({ ip }) => formatIp(ip));
  const obstacles = await obstaclesTo(ips.filter((ip) => !taken.includes(formatIp(ip))), forced);
  const advised = await advisedOf(store, used.map(formatIp));
  throw new ListedError([...lines, ...obstacles, 'nothing was assigned'], ExitCode.conflict, usedHint(advised, { all: advised.length === ips.length, forceable: taken.length + obstacles.length === 0 }));
}

/** Why addresses cannot be assigned even with force, each reason once. */
async function obstaclesTo(ips: readonly Ip[], forced: (ip: Ip) => Promise<unknown>): Promise<readonly string[]> {
  const obstacles = new Set<string>();
  for (const ip of ips) {
    try {
      await forced(ip);
    } catch (error) {
      const isObstacle = error instanceof DatastoreError ? error.stage === 'data' : error instanceof CommandError && error.exitCode === ExitCode.conflict;
      if (!isObstacle) throw error;
      obstacles.add((error as CommandError).message);
    }
  }
  return [...obstacles];
}

/** Those of the addresses that a check advises to assign to their users. */
async function advisedOf(store: Store, addresses: readonly string[]): Promise<readonly string[]> {
  const { findings } = check(await readIpamSnapshot(store));
  return findings.filter(({ subject, remedy }) => addresses.includes(subject) && typeof remedy !== 'string' && remedy.some(({ verb }) => verb === 'assign')).map(({ subject }) => subject);
}

function usedHint(advised: readonly string[], { all, forceable }: { readonly all: boolean; readonly forceable: boolean }): string | undefined {
  const giver = advised.length === 0 ? [] : [`\`calicoctl ipam check\` has the command that gives ${all ? 'an address' : advised.join(' and ')} to its user`];
  const hints = [...giver, ...(forceable ? ['--force assigns it all the same'] : [])];
  return hints.length === 0 ? undefined : hints.join('; ');
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
