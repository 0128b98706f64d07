import type { Entry, Store } from '../datastore/store.js';
import { formatCidr, type Cidr } from './address.js';
import { decodeBlock, isUnreadable, type Block } from './block-codec.js';
import { ENDPOINT_PREFIX, NODE_PREFIX, POOL_PREFIX, decodePool, parseResource, type Pool } from './cluster.js';
import { BLOCK_PREFIX, CONFIG_KEY, HANDLE_PREFIX, HOST_PREFIX, VIRTUAL_PREFIX, affinityKey, blockKey, parseAffinityKey, parseBlockKey, type AffinityKey } from './keys.js';
import { decodeAffinity, decodeConfiguration, decodeHandle, DEFAULT_CONFIGURATION, type AffinityState, type Configuration, type HandleCounts } from './records.js';
import { usesOfEndpoint, usesOfNode, type Use } from './uses.js';

export interface StoredHandle {
  readonly counts: HandleCounts;
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

/** What reports say of the cluster they were made of. */
export interface ClusterFacts {
  readonly guid: string;
  readonly locked: boolean;
  readonly type: string;
  readonly revision: string;
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

const CLUSTER_KEY = '/calico/resources/v3/projectcalico.org/clusterinformations/default';
/** Older versions wrote such a key for each host, beside its affinities. */
const HOST_MARKER = /^\/calico\/ipam\/v2\/host\/[^/]+$/;

/** Reads everything at one revision, page by page, so that only what is kept stays in memory. */
export async function readIpamSnapshot(store: Store): Promise<IpamSnapshot> {
  const { revision, ranges } = await store.snapshot([{ key: CLUSTER_KEY }, { key: CONFIG_KEY }, { prefix: POOL_PREFIX }]);
  const [cluster, configuration, pools] = ranges as [readonly Entry[], readonly Entry[], readonly Entry[]];
  const reading = new Reading();
  const uses = new Map<string, Use[]>();
  const nodes = new Set<string>();
  const each = async (prefix: string, take: (entry: Entry) => void): Promise<void> => {
    for await (const { entries } of store.list(prefix, { revision })) entries.forEach(take);
  };
  await each(BLOCK_PREFIX, (entry) => reading.block(entry));
  await each(HANDLE_PREFIX, (entry) => reading.handle(entry));
  for (const prefix of [HOST_PREFIX, VIRTUAL_PREFIX]) await each(prefix, (entry) => reading.affinity(entry));
  await each(NODE_PREFIX, ({ key, value }) => {
    nodes.add(key.slice(NODE_PREFIX.length));
    addUses(uses, usesOfNode(key.slice(NODE_PREFIX.length), value));
  });
  await each(ENDPOINT_PREFIX, ({ key, value }) => addUses(uses, usesOfEndpoint(key, value)));
  return {
    revision,
    cluster: cluster[0] && clusterFacts(cluster[0]),
    configuration: reading.configuration(configuration[0]),
    pools: pools.map(({ key, value }) => decodePool(key, value)).filter((pool) => pool !== undefined),
    nodes,
    blocks: reading.blocks,
    handles: reading.handles,
    affinities: reading.affinities,
    uses,
    unreadable: reading.unreadable,
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
    const handle = invalid ? { problem: 'not UTF-8' } : decodeHandle(value);
    if (isUnreadable(handle)) return this.#refuse(key, handle.problem);
    this.handles.set(key.slice(HANDLE_PREFIX.length), { counts: handle.counts, modRevision });
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

function addUses(uses: Map<string, Use[]>, found: readonly { readonly address: string; readonly use: Use }[]): void {
  for (const { address, use } of found) {
    const known = uses.get(address);
    if (known === undefined) uses.set(address, [use]);
    else known.push(use);
  }
}

function clusterFacts({ value, modRevision }: Entry): ClusterFacts {
  const spec = parseResource(value)?.spec ?? {};
  const text = (field: string): string => (typeof spec[field] === 'string' ? spec[field] : '');
  return { guid: text('clusterGUID'), type: text('clusterType'), locked: spec['datastoreReady'] === false, revision: modRevision };
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
