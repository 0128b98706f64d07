import type { Entry, ListOptions, Store } from '../../datastore/store.js';
import { compareBytes } from '../../go/json.js';
import { formatCidr, type Cidr } from '../../net/address.js';
import { attributeAt, handleOf } from '../records/block.js';
import { decodeBlock, isUnreadable, type Attribute, type Block, type Unreadable } from '../records/block-codec.js';
import { ENDPOINT_PREFIX, NODE_PREFIX, POOL_PREFIX, RESERVATION_PREFIX, decodeReservation, readablePools, type Pool } from '../cluster/resources.js';
import { CLUSTER_KEY, clusterFacts, clusterProblem, type ClusterFacts } from '../cluster/facts.js';
import { HeldTable, type Held } from './handle-holdings.js';
import { KeySample } from './key-sample.js';
import { AFFINITY_PREFIXES, BLOCKS_IN_PAGE, BLOCK_PREFIX, CONFIG_KEY, HANDLE_PREFIX, affinityKey, blockKey, handleKey, keysBesideFolders, markedHost, parseAffinityKey, parseBlockKey, type AffinityKey } from '../records/keys.js';
import { decodeAffinity, decodeConfiguration, decodeHandle, DEFAULT_CONFIGURATION, markerProblem, type AffinityState, type Configuration } from '../records/records.js';
import { NetworkNames } from './network-names.js';
import { endpointIdentity, type EndpointIdentity } from '../cluster/owners.js';
import { storedBlock, type StoredBlock } from '../records/stored-block.js';
import { findUnallocated, type Unallocated } from './unallocated.js';
import { UseTable } from './use-table.js';
import { unreadableBlocks, type UnreadableKey } from '../cluster/unreadable.js';
import { usesOfEndpoint, usesOfNode, type UseOf } from '../cluster/uses.js';

/** A handle that can be read, as it is stored. */
export interface StoredHandle {
  readonly value: string;
  readonly modRevision: string;
}

export interface StoredAffinity extends AffinityKey {
  readonly state: AffinityState;
}

/**
 * All of address management, and all that uses addresses, at one revision. Handles are compared with the blocks while
 * they are read, since there are as many as addresses and hardly one is wrong.
 */
export interface IpamSnapshot {
  readonly revision: string;
  readonly cluster: ClusterFacts | undefined;
  readonly configuration: Configuration;
  /** In order of name. */
  readonly pools: readonly Pool[];
  /** Networks that are kept from automatic assignment. */
  readonly reservations: readonly Cidr[];
  readonly nodes: ReadonlySet<string>;
  /** In order of key. */
  readonly blocks: readonly StoredBlock[];
  /** How many addresses the blocks have allocated. */
  readonly allocated: number;
  /** The same by the node the addresses were given to, or else that of their block. */
  readonly allocatedByNode: ReadonlyMap<string, number>;
  /** How many handles are stored exactly as Calico would write them for the addresses they have. */
  readonly soundHandles: number;
  /** The other handles that can be read, in order of key. */
  readonly handles: ReadonlyMap<string, StoredHandle>;
  /** The addresses of each handle that is not sound, or not stored, in the order in which blocks name them. */
  readonly held: ReadonlyMap<string, Held>;
  readonly affinities: readonly StoredAffinity[];
  /** Who uses each address: nodes first, then endpoints, each in order of key. */
  readonly uses: UseTable;
  /** Addresses in use that no block of an enabled pool has allocated. */
  readonly unallocated: readonly Unallocated[];
  /** The names of the networks of the CNI plugins, as handles tell them. */
  readonly networks: NetworkNames;
  readonly unreadable: readonly UnreadableKey[];
}

/** Keys in a page of what is less than 1 KB each. */
const SMALL_VALUES = 8000;
/** Keys in a part of the long lists: so many fewer than fit into a page that one page does, although the number is a guess. */
const PART = 4000;
/** A handle as Calico writes it. */
const USUAL_HANDLE = /^\{"block":\{(?:"[^"\\]*":\d{1,15},?)*\},"deleted":(?:true|false)\}$/;

/** Reads everything at one revision, page by page, so that only what is kept stays in memory. */
export async function readIpamSnapshot(store: Store): Promise<IpamSnapshot> {
  const { revision, ranges } = await store.snapshot([{ key: CLUSTER_KEY }, { key: CONFIG_KEY }, { prefix: POOL_PREFIX }, { prefix: RESERVATION_PREFIX }, ...keysBesideFolders().map((range) => ({ ...range, keysOnly: true }))]);
  const [cluster, configuration, pools, reservations] = ranges as [readonly Entry[], readonly Entry[], readonly Entry[], readonly Entry[]];
  const reading = new Reading();
  for (const { key } of ranges.slice(4).flat()) reading.besideFolders(key);
  const each = async (prefix: string, take: (entry: Entry) => void, options: ListOptions): Promise<void> => {
    for await (const { entries } of store.list(prefix, { revision, ...options })) for (const entry of entries) take(entry);
  };
  const small = { pageSize: SMALL_VALUES };
  // Side by side, so that one list is worked on while another is waited for. Handles are compared with the blocks, so these
  // come before; the blocks also tell what handles and endpoints there will be.
  await Promise.all([
    each(BLOCK_PREFIX, (entry) => reading.block(entry), { pageSize: BLOCKS_IN_PAGE }),
    ...AFFINITY_PREFIXES.map((prefix) => each(prefix, (entry) => reading.affinity(entry), small)),
    each(NODE_PREFIX, (entry) => reading.node(entry), small),
  ]);
  await Promise.all([
    each(HANDLE_PREFIX, (entry) => reading.handle(entry), { ...small, boundaries: reading.handleKeys.boundaries(PART) }),
    each(ENDPOINT_PREFIX, (entry) => reading.endpoint(entry), { ...small, boundaries: reading.endpointKeys.boundaries(PART) }),
  ]);
  const known = {
    revision,
    cluster: reading.cluster(cluster[0]),
    configuration: reading.configuration(configuration[0]),
    pools: reading.pools(pools),
    reservations: reservations.flatMap((entry) => reading.reservation(entry)),
    ...reading.result(),
  };
  const unallocated = findUnallocated(known.uses, known.blocks, known.pools, [...unreadableBlocks(known.unreadable).values()]);
  return { ...known, unallocated: await identified(unallocated, (take) => each(ENDPOINT_PREFIX, take, small)) };
}

/** The addresses with the identities of the endpoints that use them. Hardly ever is there one, so they are read again rather than all kept. */
async function identified(unallocated: readonly Unallocated[], eachEndpoint: (take: (entry: Entry) => void) => Promise<void>): Promise<readonly Unallocated[]> {
  const names = new Set(unallocated.filter(({ use }) => use.kind === 'workload').map(({ use }) => use.name));
  if (names.size === 0) return unallocated;
  const endpoints = new Map<string, EndpointIdentity>();
  await eachEndpoint(({ key, value }) => {
    const name = key.slice(ENDPOINT_PREFIX.length);
    if (names.has(name)) endpoints.set(name, endpointIdentity(key, value));
  });
  return unallocated.map((each) => {
    const endpoint = each.use.kind === 'workload' ? endpoints.get(each.use.name) : undefined;
    return endpoint === undefined ? each : { ...each, endpoint };
  });
}

/** Collects what can be read and what cannot. */
class Reading {
  readonly handleKeys = new KeySample();
  readonly endpointKeys = new KeySample();
  readonly #blocks: StoredBlock[] = [];
  #allocated = 0;
  readonly #allocatedByNode = new Map<string, number>();
  #soundHandles = 0;
  readonly #handles = new Map<string, StoredHandle>();
  readonly #held = new HeldTable();
  readonly #affinities: StoredAffinity[] = [];
  readonly #markers: { readonly key: string; readonly host: string; readonly problem: string | undefined }[] = [];
  readonly #nodes = new Set<string>();
  readonly #uses = new UseTable();
  readonly #networks = new NetworkNames();
  readonly #unreadable: UnreadableKey[] = [];

  block({ key, value, invalid }: Entry): void {
    const cidr = parseBlockKey(key);
    if (cidr === undefined || blockKey(cidr) !== key) return this.#refuse(key, 'this is not the key of a block');
    const block = invalid ? { problem: 'not UTF-8' } : decodeBlock(value);
    if (isUnreadable(block)) return this.#refuse(key, block.problem);
    if (formatCidr(block.cidr) !== formatCidr(cidr)) return this.#refuse(key, `the block says it is ${formatCidr(block.cidr)}`);
    const stored = storedBlock(block, value);
    this.#blocks.push(stored);
    this.#count(block, stored.ordinals);
    this.#networks.learn(block, stored.ordinals);
  }

  handle({ key, value, modRevision, invalid }: Entry): void {
    if (key === HANDLE_PREFIX || key.includes('/', HANDLE_PREFIX.length)) return this.#refuse(key, 'this is not the key of a handle');
    const name = key.slice(HANDLE_PREFIX.length);
    if (!invalid && this.#held.settle(name, value)) {
      this.#soundHandles++;
      return;
    }
    const handle = invalid ? { problem: 'not UTF-8' } : USUAL_HANDLE.test(value) ? undefined : decodeHandle(value);
    if (handle !== undefined && isUnreadable(handle)) return this.#refuse(key, handle.problem);
    this.#handles.set(name, { value, modRevision });
  }

  affinity({ key, value, invalid }: Entry): void {
    const host = markedHost(key);
    if (host !== undefined) return void this.#markers.push({ key, host, problem: invalid ? 'not UTF-8' : markerProblem(value) });
    const affinity = parseAffinityKey(key);
    if (affinity === undefined || affinityKey(affinity.claimant, affinity.cidr) !== key) return this.#refuse(key, 'this is not the key of an affinity');
    const decoded = invalid ? { problem: 'not UTF-8' } : decodeAffinity(value);
    if (isUnreadable(decoded)) return this.#refuse(key, decoded.problem);
    this.#affinities.push({ ...affinity, state: decoded.state });
  }

  besideFolders(key: string): void {
    if (key !== CONFIG_KEY) this.#refuse(key, 'Calico has no such key');
  }

  node(entry: Entry): void {
    this.#nodes.add(entry.key.slice(NODE_PREFIX.length));
    this.#use(entry.key, usesOfNode(entry));
  }

  endpoint(entry: Entry): void {
    this.#use(entry.key, usesOfEndpoint(entry));
  }

  cluster(entry: Entry | undefined): ClusterFacts | undefined {
    const problem = entry && clusterProblem(entry);
    if (problem !== undefined) this.#refuse(CLUSTER_KEY, problem);
    return entry && clusterFacts(entry);
  }

  pools(entries: readonly Entry[]): readonly Pool[] {
    const { pools, unreadable } = readablePools(entries);
    this.#unreadable.push(...unreadable);
    return pools;
  }

  reservation(entry: Entry): readonly Cidr[] {
    const cidrs = decodeReservation(entry);
    if (!isUnreadable(cidrs)) return cidrs;
    this.#refuse(entry.key, cidrs.problem);
    return [];
  }

  configuration(entry: Entry | undefined): Configuration {
    const decoded = decodeConfiguration(entry?.value);
    if (!isUnreadable(decoded)) return decoded;
    this.#refuse(CONFIG_KEY, decoded.problem);
    return DEFAULT_CONFIGURATION;
  }

  /** What was read, once all of it was. */
  result(): Omit<IpamSnapshot, 'revision' | 'cluster' | 'configuration' | 'pools' | 'reservations' | 'unallocated'> {
    for (const { key, host, problem } of this.#markers) {
      if (!this.#nodes.has(host)) this.#refuse(key, `there is no node ${host}`);
      else if (problem !== undefined) this.#refuse(key, problem);
    }
    return {
      nodes: this.#nodes,
      blocks: this.#blocks,
      allocated: this.#allocated,
      allocatedByNode: this.#allocatedByNode,
      soundHandles: this.#soundHandles,
      handles: this.#handles,
      held: this.#held.rest(),
      affinities: this.#affinities,
      uses: this.#uses,
      networks: this.#networks,
      unreadable: this.#unreadable.sort((a, b) => compareBytes(a.key, b.key)),
    };
  }

  #count(block: Block, ordinals: readonly number[]): void {
    const cidr = formatCidr(block.cidr);
    const host = block.affinity?.startsWith('host:') ? block.affinity.slice('host:'.length) : undefined;
    this.#allocated += ordinals.length;
    for (const ordinal of ordinals) {
      const attribute = attributeAt(block, ordinal);
      const node = attribute?.secondary?.['node'] ?? host;
      if (node !== undefined) this.#allocatedByNode.set(node, (this.#allocatedByNode.get(node) ?? 0) + 1);
      const handle = handleOf(attribute);
      if (handle === undefined) continue;
      this.#held.count(handle, cidr);
      if (this.handleKeys.wants()) this.handleKeys.add(handleKey(handle));
      if (attribute?.secondary?.['pod'] !== undefined && this.endpointKeys.wants()) this.endpointKeys.add(endpointStart(attribute));
    }
  }

  #use(key: string, found: readonly UseOf[] | Unreadable): void {
    if (isUnreadable(found)) return this.#refuse(key, found.problem);
    for (const { ip, use } of found) this.#uses.add(ip, use);
  }

  #refuse(key: string, problem: string): void {
    this.#unreadable.push({ key, problem });
  }
}

/** How the key of the endpoint of a pod begins, as exactly as it must be to say where in the list it is. */
function endpointStart({ secondary }: Attribute): string {
  return `${ENDPOINT_PREFIX}${secondary?.['namespace'] ?? ''}/${secondary?.['node']?.replaceAll('-', '--') ?? ''}-`;
}
