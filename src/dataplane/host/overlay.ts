import { containsIp, formatCidr, network, parseCidr, parseIp, type Cidr } from '../../net/address.js';
import { networks } from '../../policy/known-objects.js';
import type { StoredObject } from '../../resources/kind.js';
import type { Family } from '../desired.js';
import type { BlockOwner, Link } from '../input.js';
import { isSingle, nodeAddresses, single, type NodeAddresses } from './nodes.js';
import { poolOf, usesVxlan, type Encapsulation, type Pool } from './pools.js';
import { ownProtocol, sourceOf, type HostSettings } from './settings.js';
import { routeKey, VXLAN_DEVICES, type Route, type VxlanDevice } from './state.js';

/** What routes between hosts rest on. */
export interface ClusterInput {
  readonly pools: readonly Pool[];
  readonly nodes: readonly StoredObject[];
  readonly blocks: readonly BlockOwner[];
  /** Endpoints of other nodes; asked for only where routes follow workloads instead of blocks. */
  readonly endpoints: readonly StoredObject[];
  readonly links: readonly Link[];
  readonly mtu: number;
  readonly settings: HostSettings;
}

/** The part of the network between hosts that is ours to make in one family. */
export interface Overlay {
  readonly routes: readonly Route[];
  /** Undefined where there cannot be one yet. */
  readonly device: VxlanDevice | undefined;
  readonly usesVxlan: boolean;
}

/** A network of workloads, and the node it is at. */
interface Destination {
  readonly net: Cidr;
  readonly node: string;
  /** Whether the network is within a block of another node. */
  readonly isBorrowed: boolean;
}

/**
 * Routes to the blocks of other nodes, the VXLAN device with its neighbours, and blackholes for what of the own blocks no workload
 * has: for VXLAN pools, and for pools without encapsulation where settings give their routes to us (reference/host-network 5).
 */
export function overlayOf(family: Family, input: ClusterInput): Overlay {
  const { settings, pools } = input;
  const peers = new Map(input.nodes.map((node) => [node.metadata.name, nodeAddresses(node, family)]));
  const own = peers.get(settings.node);
  const withVxlan = usesVxlan(family, pools, settings);
  const parent = parentOf(own, input.links);
  const device = withVxlan && own !== undefined && parent !== undefined ? vxlanDevice(family, own, parent.name, peers, input) : undefined;
  const make = new ClusterRoutes(family, settings, own, peers, parent, device);
  const used = new Map<Encapsulation, boolean>([['vxlan', withVxlan], ['none', settings.programClusterRoutes === 'Enabled']]);
  const routes = destinations(family, input).flatMap((destination) => {
    const pool = poolOf(destination.net, pools);
    return pool === undefined || used.get(pool.encapsulation) !== true ? [] : (make.route(destination, pool) ?? []);
  });
  return { routes: [...new Map(routes.map((route) => [routeKey(route), route])).values()], device, usesVxlan: withVxlan };
}

/** The interface that has the node's address. */
function parentOf(own: NodeAddresses | undefined, links: readonly Link[]): Link | undefined {
  const address = own?.address;
  return address === undefined ? undefined : links.find(({ addresses }) => addresses.some((each) => each.slice(0, each.indexOf('/')) === address));
}

function vxlanDevice(family: Family, own: NodeAddresses, parent: string, peers: ReadonlyMap<string, NodeAddresses>, { mtu, settings }: ClusterInput): VxlanDevice | undefined {
  if (own.tunnelAddress === undefined || own.address === undefined) return undefined;
  const name = VXLAN_DEVICES[family];
  const others = [...peers.values()].filter((peer) => peer.name !== own.name && peer.tunnelAddress !== undefined && peer.address !== undefined).sort((a, b) => (a.name < b.name ? 1 : -1));
  return {
    family, name, parent, mtu,
    vni: settings.vxlanVNI, port: settings.vxlanPort,
    local: own.address, mac: own.mac, address: single(own.tunnelAddress, family),
    // Of two nodes that claim one tunnel address the first by name has it.
    neighbours: [...new Map(others.map(({ tunnelAddress, mac }) => [tunnelAddress, { family, device: name, address: tunnelAddress!, mac }])).values()],
    fdb: [...new Map(others.map(({ mac, address }) => [mac, { device: name, mac, destination: address! }])).values()],
  };
}

/** Where workloads are: blocks and what was borrowed from them, or the endpoints themselves (setting routeSource). */
function destinations(family: Family, { settings, blocks, endpoints }: ClusterInput): readonly Destination[] {
  if (settings.routeSource === 'CalicoIPAM') return blocks.flatMap((block) => destinationsOf(block)).filter(({ net }) => net.address.version === family);
  return endpoints.flatMap(({ spec }) => {
    const { node, ipNetworks } = spec;
    if (typeof node !== 'string' || node === settings.node) return [];
    return networks(ipNetworks).filter(({ address }) => address.version === family).map((net) => ({ net: network(net), node, isBorrowed: true }));
  });
}

const known = new WeakMap<BlockOwner, readonly Destination[]>();

function destinationsOf(block: BlockOwner): readonly Destination[] {
  let found = known.get(block);
  if (found === undefined) known.set(block, (found = readBlock(block)));
  return found;
}

function readBlock({ cidr, node, borrowed }: BlockOwner): readonly Destination[] {
  const net = parseCidr(cidr);
  if (net === undefined) return [];
  const whole = node === undefined ? [] : [{ net: network(net), node, isBorrowed: false }];
  const single = [...borrowed].flatMap(([borrower, addresses]) => addresses.flatMap((text) => {
    const address = parseIp(text);
    return address === undefined || borrower === node ? [] : [{ net: { address, length: address.version === 4 ? 32 : 128 }, node: borrower, isBorrowed: true }];
  }));
  return [...whole, ...single];
}

/** Makes the routes of one family. */
class ClusterRoutes {
  private readonly protocol: number;
  private readonly metric: number;

  constructor(
    private readonly family: Family,
    private readonly settings: HostSettings,
    private readonly own: NodeAddresses | undefined,
    private readonly peers: ReadonlyMap<string, NodeAddresses>,
    private readonly parent: Link | undefined,
    private readonly device: VxlanDevice | undefined,
  ) {
    this.protocol = ownProtocol(settings);
    // What IPv6 has where none is given.
    this.metric = family === 4 ? 0 : 1024;
  }

  /** The route to a network, or undefined where there is none to make, or not yet. */
  route(destination: Destination, pool: Pool): Route | undefined {
    const { node, net } = destination;
    // A blackhole for a single address would keep the route to the workload that gets it from being made.
    if (node === this.settings.node) return destination.isBorrowed || isSingle(net) ? undefined : this.blackhole(net);
    const peer = this.peers.get(node);
    if (peer === undefined) return undefined;
    if (pool.encapsulation === 'none') return this.direct(net, peer);
    const isNear = pool.crossSubnet && this.isInOwnSubnet(peer) && this.device !== undefined;
    return isNear ? this.direct(net, peer) : this.throughTunnel(destination, peer);
  }

  private isInOwnSubnet({ address }: NodeAddresses): boolean {
    const ip = address === undefined ? undefined : parseIp(address);
    return ip !== undefined && this.own?.subnet !== undefined && containsIp(this.own.subnet, ip);
  }

  private blackhole(net: Cidr): Route {
    return { family: this.family, type: 'blackhole', destination: formatCidr(net), isOnLink: false, scope: 'global', protocol: this.protocol, metric: this.metric, source: sourceOf(this.family, this.settings) };
  }

  /** By the host's own network; while its interface is down the kernel takes no such route. */
  private direct(net: Cidr, { address }: NodeAddresses): Route | undefined {
    if (address === undefined || this.parent?.isUp !== true) return undefined;
    return { ...this.unicast(net, this.parent.name), gateway: address, isOnLink: true, scope: 'global', protocol: this.protocol };
  }

  /** A tunnel address that no block of its node holds is reached without a gateway: it is the gateway. */
  private throughTunnel({ net, isBorrowed }: Destination, { tunnelAddress }: NodeAddresses): Route | undefined {
    if (this.device === undefined || tunnelAddress === undefined) return undefined;
    const route = { ...this.unicast(net, this.device.name), protocol: this.settings.deviceRouteProtocol, mtu: this.device.mtu };
    const isTunnelItself = formatCidr(net) === single(tunnelAddress, this.family);
    if (isTunnelItself && (isBorrowed || isSingle(net))) return { ...route, isOnLink: false, scope: this.family === 4 ? 'link' : 'global' };
    return { ...route, gateway: tunnelAddress, isOnLink: true, scope: 'global' };
  }

  private unicast(net: Cidr, device: string): Pick<Route, 'family' | 'type' | 'destination' | 'device' | 'metric' | 'source'> & { type: 'unicast' } {
    return { family: this.family, type: 'unicast', destination: formatCidr(net), device, metric: this.metric, source: sourceOf(this.family, this.settings) };
  }
}
