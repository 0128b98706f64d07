import type { Store } from '../../datastore/store.js';
import { formatIp, type Ip } from '../../net/address.js';
import { affinitiesOf } from './affinities.js';
import { isUnreadable } from '../records/block-codec.js';
import { ENDPOINT_PREFIX } from '../cluster/resources.js';
import { readEndpoint } from '../cluster/endpoint-text.js';
import { isTunnelHandle } from '../cluster/owners.js';
import { rehearse, transact } from '../../datastore/draft.js';
import { addressesOfHandle } from './handle-addresses.js';
import { requestsFor } from './lookup.js';
import { addressesOfNodes, releaseBlocksOfNodes } from './release-node.js';
import { releaseAddresses, releaseByHandle, type AddressRelease, type AddressRequest } from './release.js';
import type { UnreadableKey } from '../cluster/unreadable.js';
import { ownerText, readUnknownUsers, readUsers } from '../cluster/uses.js';

const NOBODY: Awaited<ReturnType<typeof readUsers>> = { uses: new Map(), unreadable: [] };

/** How often an address that changes between looking and releasing is looked at again. */
const ROUNDS = 5;

export interface ReleaseOptions {
  /** Release also what is in use. */
  readonly force?: boolean;
  /** Release also what those may have that cannot be read. */
  readonly trusting?: boolean;
  readonly dryRun?: boolean;
}

/** What became of an address; `users` where it was left alone because it is in use. */
export interface UnusedRelease extends AddressRelease {
  readonly users?: readonly string[];
  /** Endpoints and nodes that cannot be read, where the address was left alone because one of them may have it. */
  readonly suspects?: readonly UnreadableKey[];
}

/** Whether an address was left alone because somebody has it, or may have it. */
export function isKept({ users, suspects }: UnusedRelease): boolean {
  return users !== undefined || suspects !== undefined;
}

/** The keys that cannot be read and are the reason that something was left alone. */
export function suspectsOf(answers: readonly UnusedRelease[]): readonly UnreadableKey[] {
  return answers.find(({ suspects }) => suspects !== undefined)?.suspects ?? [];
}

/**
 * Releases addresses that nobody uses: no endpoint, no tunnel and no node has them, and none is there that cannot be read. Answers in
 * the order asked.
 */
export async function releaseUnused(store: Store, requests: readonly AddressRequest[], { force, trusting, dryRun }: ReleaseOptions): Promise<UnusedRelease[]> {
  if (requests.length === 0) return [];
  const texts = requests.map(({ ip }) => formatIp(ip));
  const { uses, unreadable } = force === true ? NOBODY : await readUsers(store, new Set(texts));
  const suspects = trusting === true ? [] : unreadable;
  const free = requests.filter((_, index) => !uses.has(texts[index]!));
  const answers = await releaseAddresses(store, free, dryRun === true || suspects.length > 0 ? rehearse : transact);
  const released = new Map(answers.map((answer) => [formatIp(answer.ip), suspects.length > 0 && answer.outcome === 'released' ? { ip: answer.ip, outcome: 'refused' as const, suspects } : answer]));
  return requests.map(({ ip }, index) => released.get(texts[index]!) ?? { ip, outcome: 'refused', users: uses.get(texts[index]!)!.map(ownerText) });
}

/** Releases addresses, whatever their handles; one that changes hands meanwhile is looked at again. */
export async function releaseIps(store: Store, ips: readonly Ip[], options: ReleaseOptions): Promise<UnusedRelease[]> {
  const answers = new Map<string, UnusedRelease>();
  let open = ips;
  for (let round = 1; open.length > 0; round++) {
    const requests = await requestsFor(store, open);
    for (const answer of await releaseUnused(store, requests, options)) answers.set(formatIp(answer.ip), answer);
    const now = round < ROUNDS ? await requestsFor(store, open) : requests;
    open = open.filter((ip, index) => answers.get(formatIp(ip))!.outcome === 'refused' && now[index]!.sequence !== requests[index]!.sequence);
  }
  return ips.map((ip) => answers.get(formatIp(ip))!);
}

/**
 * Releases every address of a handle, and the handle; undefined where there is none. Where one address is in use, or may be,
 * none is released: they belong to one workload. A handle without addresses has its `suspects` too.
 */
export async function releaseHandleUnused(store: Store, handle: string, options: ReleaseOptions): Promise<HandleRelease | undefined> {
  const requests = await addressesOfHandle(store, handle);
  if (requests === undefined) return undefined;
  const addresses = await releaseUnused(store, requests, { ...options, dryRun: true });
  const suspects = addresses.length > 0 || options.force === true ? suspectsOf(addresses) : await readUnknownUsers(store);
  if (options.dryRun !== true && suspects.length === 0 && !addresses.some(isKept)) await releaseByHandle(store, handle);
  return { addresses, suspects };
}

/** What became of a handle: of each of its addresses, and for whom it was kept if they cannot be read. */
export interface HandleRelease {
  readonly addresses: readonly UnusedRelease[];
  readonly suspects: readonly UnreadableKey[];
}

/** What became of what a vanished node left; `affinities` counts the blocks that were taken from it. */
export interface NodeRelease {
  readonly addresses: readonly UnusedRelease[];
  readonly affinities: number;
  /** There are endpoints on it still, so that the host may be running: its blocks were left to it. */
  readonly inhabited: boolean;
  /** Endpoints and nodes that cannot be read, any of which may have something of it: nothing was released. */
  readonly suspects: readonly UnreadableKey[];
}

/**
 * Gives back what a vanished node left. Where there are endpoints on it, it keeps its blocks and the addresses of its tunnels, unless
 * `force` is given. Killed in between, the same call finishes the rest.
 */
export async function releaseNodeUnused(store: Store, node: string, options: ReleaseOptions): Promise<NodeRelease> {
  const inhabited = options.force !== true && (await hasEndpoints(store, node));
  const suspects = options.force === true ? [] : await readUnknownUsers(store);
  const recorded = await addressesOfNodes(store, new Set([node]));
  const isTunnel = ({ handle }: AddressRequest): boolean => inhabited && isTunnelHandle(handle, node);
  const released = await releaseUnused(store, recorded.filter((each) => !isTunnel(each)), options);
  const kept = recorded.filter(isTunnel).map(({ ip }): UnusedRelease => ({ ip, outcome: 'refused', users: [`a tunnel of ${node}`] }));
  return { addresses: [...released, ...kept], affinities: inhabited || suspects.length > 0 ? 0 : await takeBlocks(store, node, options), inhabited, suspects };
}

async function takeBlocks(store: Store, node: string, { dryRun }: ReleaseOptions): Promise<number> {
  return dryRun === true ? (await affinitiesOf(store, { type: 'host', name: node })).length : releaseBlocksOfNodes(store, new Set([node]));
}

async function hasEndpoints(store: Store, node: string): Promise<boolean> {
  for await (const { entries } of store.list(ENDPOINT_PREFIX)) {
    for (const { value } of entries) {
      const endpoint = value.includes(node) ? readEndpoint(value) : undefined;
      if (endpoint !== undefined && !isUnreadable(endpoint) && endpoint.node === node) return true;
    }
  }
  return false;
}
