import type { Store } from '../datastore/store.js';
import { addressAt, formatIp, parseCidr, type Ip } from './address.js';
import { affinitiesOf } from './affinities.js';
import { ENDPOINT_PREFIX } from './cluster.js';
import { readEndpoint } from './endpoint-text.js';
import { isTunnelHandle } from './owners.js';
import { attributeAt, handleOf, sequenceAt } from './block.js';
import { Draft, rehearse, transact } from './draft.js';
import { blockKey } from './keys.js';
import { requestsFor } from './lookup.js';
import { addressesOfNodes, releaseBlocksOfNodes } from './release-node.js';
import { releaseAddresses, releaseByHandle, type AddressRelease, type AddressRequest } from './release.js';
import { readBlock, readHandle } from './stored.js';
import { ownerText, readUses } from './uses.js';

/** How often an address that changes between looking and releasing is looked at anew. */
const ROUNDS = 5;

export interface ReleaseOptions {
  /** Release also what is in use. */
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** What became of an address; `users` where it was left alone because it is in use. */
export interface UnusedRelease extends AddressRelease {
  readonly users?: readonly string[];
}

/** Releases addresses that nobody uses: no endpoint, no tunnel and no node has them. Answers in the order asked. */
export async function releaseUnused(store: Store, requests: readonly AddressRequest[], { force, dryRun }: ReleaseOptions): Promise<UnusedRelease[]> {
  const texts = requests.map(({ ip }) => formatIp(ip));
  const uses = force === true ? new Map<string, never[]>() : await readUses(store, new Set(texts));
  const free = requests.filter((_, index) => !uses.has(texts[index]!));
  const released = new Map((await releaseAddresses(store, free, dryRun === true ? rehearse : transact)).map((answer) => [formatIp(answer.ip), answer]));
  return requests.map(({ ip }, index) => released.get(texts[index]!) ?? { ip, outcome: 'refused', users: uses.get(texts[index]!)!.map(ownerText) });
}

/** Releases addresses, whatever their handles; one that changes hands meanwhile is looked at anew. */
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
 * Releases every address of a handle, and the handle; undefined where there is none. Where one address is in use,
 * none is released: they belong to one workload.
 */
export async function releaseHandleUnused(store: Store, handle: string, options: ReleaseOptions): Promise<UnusedRelease[] | undefined> {
  const requests = await addressesOfHandle(store, handle);
  if (requests === undefined) return undefined;
  const rehearsed = await releaseUnused(store, requests, { ...options, dryRun: true });
  if (options.dryRun === true || rehearsed.some(({ users }) => users !== undefined)) return rehearsed;
  await releaseByHandle(store, handle);
  return rehearsed;
}

/** What became of what a vanished node left; `affinities` counts the blocks that were taken from it. */
export interface NodeRelease {
  readonly addresses: readonly UnusedRelease[];
  readonly affinities: number;
  /** There are endpoints on it still, so that the host may be running: its blocks were left to it. */
  readonly inhabited: boolean;
}

/**
 * Gives back what a vanished node left. Where there are endpoints on it, it keeps its blocks and the addresses of its tunnels, unless
 * `force` is given. Killed in between, the same call finishes the rest.
 */
export async function releaseNodeUnused(store: Store, node: string, options: ReleaseOptions): Promise<NodeRelease> {
  const inhabited = options.force !== true && (await hasEndpoints(store, node));
  const recorded = await addressesOfNodes(store, new Set([node]));
  const isKept = ({ handle }: AddressRequest): boolean => inhabited && isTunnelHandle(handle, node);
  const released = await releaseUnused(store, recorded.filter((each) => !isKept(each)), options);
  const kept = recorded.filter(isKept).map(({ ip }): UnusedRelease => ({ ip, outcome: 'refused', users: [`a tunnel of ${node}`] }));
  return { addresses: [...released, ...kept], affinities: inhabited ? 0 : await takeBlocks(store, node, options), inhabited };
}

async function takeBlocks(store: Store, node: string, { dryRun }: ReleaseOptions): Promise<number> {
  return dryRun === true ? (await affinitiesOf(store, { type: 'host', name: node })).length : releaseBlocksOfNodes(store, new Set([node]));
}

async function hasEndpoints(store: Store, node: string): Promise<boolean> {
  for await (const { entries } of store.list(ENDPOINT_PREFIX)) {
    for (const { value } of entries) if (value.includes(node) && readEndpoint(value).node === node) return true;
  }
  return false;
}

/** The addresses that the blocks a handle counts on have given to it; undefined where there is no such handle. */
async function addressesOfHandle(store: Store, handle: string): Promise<AddressRequest[] | undefined> {
  const draft = new Draft(store);
  const counts = await readHandle(draft, handle);
  if (counts === undefined) return undefined;
  const cidrs = [...counts.keys()].map(parseCidr).filter((cidr) => cidr !== undefined);
  await draft.load(cidrs.map(blockKey));
  const requests: AddressRequest[] = [];
  for (const cidr of cidrs) {
    const block = await readBlock(draft, cidr);
    for (let ordinal = 0; block !== undefined && ordinal < block.allocations.length; ordinal++) {
      if (handleOf(attributeAt(block, ordinal)) === handle) requests.push({ ip: addressAt(cidr, ordinal), handle, sequence: sequenceAt(block, ordinal) });
    }
  }
  return requests;
}
