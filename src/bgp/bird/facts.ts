import { createHash } from 'node:crypto';
import type { AsStored } from '../../resources/fields/field.js';
import { formatCidr, network, parseCidrOrIp, type Cidr } from '../../net/address.js';
import type { AffinityState } from '../../ipam/records/records.js';
import type { StoredObject } from '../../resources/kind.js';
import type { BgpConfigurationSpec } from '../../resources/v3/bgp-configuration.js';
import type { BgpFilterSpec } from '../../resources/v3/bgp-filter.js';
import type { BgpPeerSpec } from '../../resources/v3/bgp-peer.js';
import type { IpPoolSpec } from '../../resources/v3/ip-pool.js';
import { bgpOf, type NodeSpec } from '../../resources/v3/node.js';
import { bgpNetworkFrom, type LocalWorkload, type NetworkNode } from '../network.js';
import type { Family } from '../peer-name.js';
import { positive, textOf } from '../stored.js';
import { Topology } from '../topology.js';

/** What BIRD's files are made of: stored objects, and what workloads of the host say. */
export interface BirdObjects {
  readonly nodes: readonly StoredObject<NodeSpec>[];
  readonly peers: readonly StoredObject<BgpPeerSpec>[];
  readonly configurations: readonly StoredObject<BgpConfigurationSpec>[];
  readonly filters: readonly StoredObject<BgpFilterSpec>[];
  readonly pools: readonly StoredObject<IpPoolSpec>[];
  /** The affinities of the node. */
  readonly affinities: readonly { readonly cidr: Cidr; readonly state: AffinityState }[];
  readonly workloads: readonly LocalWorkload[];
}

/** What the environment of the node says. */
export interface BirdSettings {
  readonly node: string;
  /** CALICO_ROUTER_ID: an identifier, or `hash`. */
  readonly routerId?: string | undefined;
  /** CALICO_ADVERTISE_CLUSTER_IPS: a network in place of serviceClusterIPs. */
  readonly clusterIps?: string | undefined;
  /** The password that a key of a secret has. */
  readonly password: (secret: string, key: string) => string | undefined;
}

/** All that the files of one family rest on. */
export interface BirdFacts {
  readonly family: Family;
  readonly settings: BirdSettings;
  readonly objects: BirdObjects;
  readonly topology: Topology;
  readonly node: NetworkNode;
  /** The node's address of the family. */
  readonly address: string | undefined;
  /** The network of that address. */
  readonly ownNetwork: string | undefined;
  readonly routerId: string | undefined;
  /** BGPConfiguration `default`. */
  readonly shared: AsStored<BgpConfigurationSpec>;
  /** BGPConfiguration `node.NAME`, which counts for log level, port and communities. */
  readonly own: AsStored<BgpConfigurationSpec>;
  readonly peers: ReadonlyMap<string, AsStored<BgpPeerSpec>>;
  /** The metric of routes that are neither better nor worse than others. */
  readonly metric: number;
  /** Says what an operator should know although the files are made. */
  readonly remark: (text: string) => void;
}

const NORMAL_METRIC = 1024;

/** The facts for each family, or undefined where the node is not stored. */
export function birdFacts(objects: BirdObjects, settings: BirdSettings, remark: (text: string) => void): Readonly<Record<Family, BirdFacts>> | undefined {
  const ordered = { ...objects, peers: [...objects.peers].sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1)) };
  const topology = new Topology({ ...bgpNetworkFrom(ordered), localWorkloads: objects.workloads });
  const node = topology.node(settings.node);
  if (node === undefined) return undefined;
  const configurations = new Map(objects.configurations.map(({ metadata, spec }) => [metadata.name, spec]));
  const shared = configurations.get('default') ?? {};
  const common = {
    settings, objects: ordered, topology, node, shared, remark,
    routerId: routerIdOf(settings, node),
    own: configurations.get(`node.${settings.node}`) ?? {},
    peers: new Map(ordered.peers.map(({ metadata, spec }) => [metadata.name, spec])),
  };
  const of = (family: Family, metric: unknown): BirdFacts => ({ ...common, family, address: node.addresses[family], ownNetwork: networkOf(objects, settings.node, family), metric: positive(metric) ?? NORMAL_METRIC });
  return { 4: of(4, shared.ipv4NormalRoutePriority), 6: of(6, shared.ipv6NormalRoutePriority) };
}

/** The name of a router in BGP, which has the form of an IPv4 address in both families (reference/bird 2.1). */
function routerIdOf({ routerId, node: name }: BirdSettings, node: NetworkNode): string | undefined {
  if (routerId !== 'hash') return textOf(routerId) ?? node.addresses[4];
  const [first = 0, ...rest] = createHash('sha256').update(name).digest().subarray(0, 4);
  return [first > 223 ? first - 32 : first, ...rest].join('.');
}

function networkOf({ nodes }: BirdObjects, name: string, family: Family): string | undefined {
  const node = nodes.find(({ metadata }) => metadata.name === name);
  const bgp = (node && bgpOf(node)) ?? {};
  const cidr = parseCidrOrIp(textOf(family === 4 ? bgp.ipv4Address : bgp.ipv6Address) ?? '');
  return cidr === undefined ? undefined : formatCidr(network(cidr));
}
