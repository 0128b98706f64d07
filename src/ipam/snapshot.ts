import type { Entry, Store } from '../datastore/store.js';
import { compareBytes } from '../resources/go-json.js';
import { formatCidr, type Cidr } from './address.js';
import { decodeBlock, isUnreadable, type Block } from './block-codec.js';
import { ENDPOINT_PREFIX, NODE_PREFIX, POOL_PREFIX, decodePool, type Pool } from './cluster.js';
import { CLUSTER_KEY, clusterFacts, type ClusterFacts } from './cluster-facts.js';
import { BLOCK_PREFIX, CONFIG_KEY, HANDLE_PREFIX, HOST_PREFIX, VIRTUAL_PREFIX, affinityKey, blockKey, parseAffinityKey, parseBlockKey, type AffinityKey } from './keys.js';
import { decodeAffinity, decodeConfiguration, decodeHandle, DEFAULT_CONFIGURATION, type AffinityState, type Configuration } from './records.js';
import { usesOfEndpoint, usesOfNode, type Use, type UseOf } from './uses.js';

/** A handle that can be read. Its value is kept as it is stored: there are many, and few are ever looked into. */
export interface StoredHandle {
  readonly value: string;
  readonly modRevision: string;
}

export interface StoredAffinity extends AffinityKey {
  readonly state: AffinityState;
}

/** A key whose value says nothing that can be used, or that is no key of Calico's. */
export interface UnreadableKey {
  readonly key: string;
  readonly problem: string;
}

/** All of address management, and all that uses addresses, at one revision. */
export interface IpamSnapshot {
  readonly revision: string;
  readonly cluster: ClusterFacts | undefined;
  readonly configuration: Configuration;
  /** In order of name. */
  readonly pools: readonly Pool[];
  readonly nodes: ReadonlySet<string>;
  /** In order of key. */
  readonly blocks: readonly Block[];
  readonly handles: ReadonlyMap<string, StoredHandle>;
  readonly affinities: readonly StoredAffinity[];
  /** Who uses each address, by its text. */
  readonly uses: ReadonlyMap<string, readonly Use[]>;
  readonly unreadable: readonly UnreadableKey[];
}

/** Keys in a page where values are small: etcd counts all the keys that are left anew for every page. */
const SMALL_VALUES = 50_000;
/** A handle as Calico writes it. */
const USUAL_HANDLE = /^\{"block":\{(?:"[^"\\]*":\d{1,15},?)*\},"deleted":(?:true|false)\}$/;
/** Older versions wrote such a key for each host, beside its affinities. */
const HOST_MARKER = /^\/calico\/ipam\/v2\/host\/[^/]+$/;

/** Reads everything at one revision, page by page, so that only what is kept stays in memory. */
export async function readIpamSnapshot(store: Store): Promise<IpamSnapshot> {
  const { revision, ranges } = await store.snapshot([{ key: CLUSTER_KEY }, { key: CONFIG_KEY }, { prefix: POOL_PREFIX }]);
  const [cluster, configuration, pools] = ranges as [readonly Entry[], readonly Entry[], readonly Entry[]];
  const reading = new Reading();
  const nodes = new Map<string, readonly UseOf[]>();
  const endpoints: (readonly UseOf[])[] = [];
  const each = async (prefix: string, take: (entry: Entry) => void, pageSize?: number): Promise<void> => {
    const options = pageSize === undefined ? { revision } : { revision, pageSize };
    for await (const { entries } of store.list(prefix, options)) entries.forEach(take);
  };
  // Side by side, so that one list is worked on while another is waited for.
  await Promise.all([
    each(BLOCK_PREFIX, (entry) => reading.block(entry)),
    each(HANDLE_PREFIX, (entry) => reading.handle(entry), SMALL_VALUES),
    each(HOST_PREFIX, (entry) => reading.affinity(entry), SMALL_VALUES),
    each(VIRTUAL_PREFIX, (entry) => reading.affinity(entry)),
    each(NODE_PREFIX, ({ key, value }) => nodes.set(key.slice(NODE_PREFIX.length), usesOfNode(key.slice(NODE_PREFIX.length), value)), SMALL_VALUES),
    each(ENDPOINT_PREFIX, ({ key, value }) => endpoints.push(usesOfEndpoint(key, value)), SMALL_VALUES),
  ]);
  return {
    revision,
    cluster: cluster[0] && clusterFacts(cluster[0]),
    configuration: reading.configuration(configuration[0]),
    pools: pools.map(({ key, value }) => decodePool(key, value)).filter((pool) => pool !== undefined),
    nodes: new Set(nodes.keys()),
    blocks: reading.blocks,
    handles: reading.handles,
    affinities: reading.affinities,
    uses: usesByAddress(nodes.values(), endpoints),
    unreadable: reading.unreadable.sort((a, b) => compareBytes(a.key, b.key)),
  };
}

/** Collects what can be read and what cannot. */
class Reading {
  readonly blocks: Block[] = [];
  readonly handles = new Map<string, StoredHandle>();
  readonly affinities: StoredAffinity[] = [];
  readonly unreadable: UnreadableKey[] = [];

  block({ key, value, invalid }: Entry): void {
    const cidr = parseBlockKey(key);
    if (cidr === undefined || blockKey(cidr) !== key) return this.#refuse(key, 'this is no key of a block');
    const block = invalid ? { problem: 'not UTF-8' } : decodeBlock(value);
    if (isUnreadable(block)) return this.#refuse(key, block.problem);
    if (formatCidr(block.cidr) !== formatCidr(cidr)) return this.#refuse(key, `the block says it is ${formatCidr(block.cidr)}`);
    this.blocks.push(block);
  }

  handle({ key, value, modRevision, invalid }: Entry): void {
    if (key.includes('/', HANDLE_PREFIX.length)) return this.#refuse(key, 'this is no key of a handle');
    const handle = invalid ? { problem: 'not UTF-8' } : USUAL_HANDLE.test(value) ? undefined : decodeHandle(value);
    if (handle !== undefined && isUnreadable(handle)) return this.#refuse(key, handle.problem);
    this.handles.set(key.slice(HANDLE_PREFIX.length), { value, modRevision });
  }

  affinity({ key, value, invalid }: Entry): void {
    if (HOST_MARKER.test(key)) return;
    const affinity = parseAffinityKey(key);
    if (affinity === undefined || affinityKey(affinity.claimant, affinity.cidr) !== key) return this.#refuse(key, 'this is no key of an affinity');
    const decoded = invalid ? { problem: 'not UTF-8' } : decodeAffinity(value);
    if (isUnreadable(decoded)) return this.#refuse(key, decoded.problem);
    this.affinities.push({ ...affinity, state: decoded.state });
  }

  configuration(entry: Entry | undefined): Configuration {
    const decoded = decodeConfiguration(entry?.value);
    if (!isUnreadable(decoded)) return decoded;
    this.#refuse(CONFIG_KEY, decoded.problem);
    return DEFAULT_CONFIGURATION;
  }

  #refuse(key: string, problem: string): void {
    this.unreadable.push({ key, problem });
  }
}

/** Who uses each address: nodes first, then endpoints, each in order of key. */
function usesByAddress(...lists: readonly Iterable<readonly UseOf[]>[]): Map<string, Use[]> {
  const uses = new Map<string, Use[]>();
  for (const list of lists) {
    for (const found of list) {
      for (const { address, use } of found) {
        const known = uses.get(address);
        if (known === undefined) uses.set(address, [use]);
        else known.push(use);
      }
    }
  }
  return uses;
}

/** The networks of blocks that are stored but cannot be read; what counts on them cannot be judged. */
export function unreadableBlocks(snapshot: IpamSnapshot): Map<string, Cidr> {
  const cidrs = new Map<string, Cidr>();
  for (const { key } of snapshot.unreadable) {
    const cidr = parseBlockKey(key);
    if (cidr !== undefined) cidrs.set(formatCidr(cidr), cidr);
  }
  return cidrs;
}
