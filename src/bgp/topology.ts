import { matches } from '../selector/matches.js';
import { parseSelector } from '../selector/parse.js';
import type { BgpNetwork, NetworkNode, NetworkPeer } from './network.js';
import { addressWithPort, type Family, type PeerClass } from './peer-name.js';

/** A session that the datastore asks for on a node. */
export interface ExpectedPeer {
  readonly peerClass: PeerClass;
  readonly family: Family;
  readonly address: string;
  /** The port in the name of the protocol: that of a BGPPeer, not that of the mesh. */
  readonly port?: number;
  /** The port it listens on, where the datastore says one. */
  readonly tcpPort?: number;
  /** Absent where the BGPPeer has none: BIRD is then given 0, which it refuses. */
  readonly asNumber?: number;
  /** The node that has the address, where one has. */
  readonly node?: string;
  /** The BGPPeer that asks for it; absent for the mesh. */
  readonly bgpPeer?: string;
  /** Whether the BGPPeer gives the address itself: by `selected` nodes are meant, also in the way back to those a BGPPeer is for. */
  readonly meant?: 'address' | 'selected' | 'workload';
}

const FAMILIES = [4, 6] as const;

/** Who peers with whom, as confd works it out from the datastore (reference/node 11; test/cases/bird/confd.json). */
export class Topology {
  private readonly byName: ReadonlyMap<string, NetworkNode>;
  private readonly byAddress: ReadonlyMap<string, NetworkNode>;
  private readonly selected = new Map<string, ReadonlySet<NetworkNode>>();
  private owners: ReadonlyMap<string | undefined, number> | undefined;
  private readonly members: Readonly<Record<Family, readonly NetworkNode[]>>;

  constructor(readonly network: BgpNetwork) {
    const { nodes, mesh } = network;
    this.byName = new Map(nodes.map((node) => [node.name, node]));
    this.byAddress = new Map(nodes.flatMap((node) => FAMILIES.flatMap((family) => (node.addresses[family] === undefined ? [] : [[node.addresses[family], node]]))));
    const membersOf = (family: Family): NetworkNode[] => (mesh ? nodes.filter(({ addresses, clusterId }) => addresses[family] !== undefined && clusterId === undefined) : []);
    this.members = { 4: membersOf(4), 6: membersOf(6) };
  }

  node(name: string): NetworkNode | undefined {
    return this.byName.get(name);
  }

  /** The nodes that peer with each other without being told to: a route reflector is not among them. */
  meshMembers(family: Family): readonly NetworkNode[] {
    return this.members[family];
  }

  /** Every session that a node should have. */
  expectedPeers(node: NetworkNode): ExpectedPeer[] {
    return [...this.meshPeers(node), ...this.configuredPeers(node)];
  }

  /** The sessions of a node with the rest of the mesh. */
  meshPeers(node: NetworkNode): ExpectedPeer[] {
    return FAMILIES.filter((family) => this.isMember(node, family)).flatMap((family) =>
      this.members[family].filter((other) => other !== node && other.addresses[family] !== node.addresses[family]).map((other) => this.meshSession(node, other, family)),
    );
  }

  /** How many sessions a node has in the mesh: meshPeers without making them. */
  meshSize(node: NetworkNode): number {
    return FAMILIES.filter((family) => this.isMember(node, family)).reduce((sum, family) => sum + this.members[family].length - this.ownersOf(node.addresses[family]), 0);
  }

  /** How many nodes of the mesh have an address: one, unless something is wrong. */
  private ownersOf(address: string | undefined): number {
    this.owners ??= countAddresses(FAMILIES.flatMap((family) => this.members[family].map(({ addresses }) => addresses[family])));
    return this.owners.get(address) ?? 0;
  }

  /** In the mesh a node without an AS number is taken to have that of the node that looks, and its port is in no name. */
  private meshSession(node: NetworkNode, { name, addresses, ownAsNumber = node.asNumber, listenPort: tcpPort = this.network.listenPort }: NetworkNode, family: Family): ExpectedPeer {
    return { peerClass: 'mesh', family, address: addresses[family] as string, asNumber: ownAsNumber, node: name, ...(tcpPort === undefined ? {} : { tcpPort }) };
  }

  /**
   * The sessions of a node that BGPPeers ask for: those of the BGPPeers for all nodes, of those that are for it, then
   * those back to the nodes whose BGPPeers name it. Each address and port once.
   */
  configuredPeers(node: NetworkNode): ExpectedPeer[] {
    return this.namedPeers(node).filter(({ family }) => node.addresses[family] !== undefined);
  }

  /** The same with those of families which the node does not speak. */
  namedPeers(node: NetworkNode): ExpectedPeer[] {
    const { peers } = this.network;
    const ordered = [...peers.filter(isGlobal), ...peers.filter((peer) => !isGlobal(peer))];
    const found = [...ordered.flatMap((peer) => this.forward(peer, node)), ...peers.flatMap((peer) => this.backward(peer, node))];
    const first = new Map<string, ExpectedPeer>();
    for (const peer of found.filter(({ family, address }) => node.addresses[family] !== address)) if (!first.has(addressWithPort(peer))) first.set(addressWithPort(peer), peer);
    return [...first.values()];
  }

  /** Whether a node is one of meshMembers. */
  isMember(node: NetworkNode, family: Family): boolean {
    return this.network.mesh && node.clusterId === undefined && node.addresses[family] !== undefined;
  }

  private forward(peer: NetworkPeer, node: NetworkNode): ExpectedPeer[] {
    if (!this.isFor(peer, node)) return [];
    const peerClass = isGlobal(peer) ? 'global' : 'node';
    if (peer.localWorkloadSelector !== undefined) return this.workloadSessions(peer);
    if (peer.remote === undefined) return peer.peerSelector === undefined ? [] : this.sessionsWith([...this.matching(peer.peerSelector)], peerClass, peer.name);
    const { port = this.portOf(this.network.nodes.find((each) => this.isAt(each, peer.remote))), ...remote } = peer.remote;
    const owner = this.byAddress.get(remote.address);
    return [{ peerClass, ...remote, bgpPeer: peer.name, meant: 'address', ...withPort(port), ...(owner === undefined ? {} : { node: owner.name }) }];
  }

  private workloadSessions({ name, asNumber }: NetworkPeer): ExpectedPeer[] {
    const workloads = (this.network.localWorkloads ?? []).filter(({ bgpPeer }) => bgpPeer === name);
    return workloads.flatMap(({ addresses }) =>
      FAMILIES.flatMap((family) => {
        const { [family]: address } = addresses;
        return address === undefined ? [] : [{ peerClass: 'workload', family, address, bgpPeer: name, meant: 'workload', ...(asNumber === undefined ? {} : { asNumber }) } as const];
      }),
    );
  }

  private backward(peer: NetworkPeer, node: NetworkNode): ExpectedPeer[] {
    if (!peer.reverse || !this.isNamedBy(peer, node)) return [];
    const family = peer.remote?.family;
    return this.sessionsWith(this.localNodes(peer), 'node', peer.name).filter((session) => family === undefined || session.family === family);
  }

  /** Whether a BGPPeer is for a node. */
  private isFor(peer: NetworkPeer, node: NetworkNode): boolean {
    if (peer.nodeSelector !== undefined) return this.matching(peer.nodeSelector).has(node);
    return peer.node === undefined || peer.node === node.name;
  }

  private localNodes(peer: NetworkPeer): readonly NetworkNode[] {
    if (peer.nodeSelector !== undefined) return [...this.matching(peer.nodeSelector)];
    if (peer.node === undefined) return this.network.nodes;
    const node = this.byName.get(peer.node);
    return node === undefined ? [] : [node];
  }

  /** Whether a node is what a BGPPeer names: by selector, or by its address and AS number. */
  private isNamedBy(peer: NetworkPeer, node: NetworkNode): boolean {
    if (peer.peerSelector !== undefined) return this.matching(peer.peerSelector).has(node);
    return this.isAt(node, peer.remote);
  }

  /**
   * Whether a node is what an address, an AS number and a port name. A port that is not that of all nodes names no
   * node, also where it is the node's own: so Calico compares them.
   */
  private isAt(node: NetworkNode, remote: NetworkPeer['remote']): boolean {
    if (remote === undefined || node.addresses[remote.family] !== remote.address) return false;
    const ports = [node.listenPort, this.network.listenPort].filter((port) => port !== undefined);
    return (remote.asNumber ?? this.network.asNumber) === node.asNumber && (remote.port === undefined || ports.every((port) => port === remote.port));
  }

  /** The port that a node listens on, where the datastore says one. */
  portOf(node: NetworkNode | undefined): number | undefined {
    return node === undefined ? undefined : (node.listenPort ?? this.network.listenPort);
  }

  private sessionsWith(nodes: readonly NetworkNode[], peerClass: PeerClass, bgpPeer: string): ExpectedPeer[] {
    return nodes.flatMap((node) =>
      FAMILIES.flatMap((family) => {
        const { name, asNumber, addresses: { [family]: address } } = node;
        return address === undefined ? [] : [{ peerClass, family, address, asNumber, node: name, bgpPeer, meant: 'selected' as const, ...withPort(this.portOf(node)) }];
      }),
    );
  }

  private matching(selector: string): ReadonlySet<NetworkNode> {
    let nodes = this.selected.get(selector);
    if (nodes === undefined) {
      const parsed = parseSelector(selector, 'v3');
      nodes = new Set(parsed.ok ? this.network.nodes.filter(({ labels }) => matches(parsed.selector, labels)) : []);
      this.selected.set(selector, nodes);
    }
    return nodes;
  }
}

/** Whether a BGPPeer is for all nodes. */
export function isGlobal({ node, nodeSelector }: NetworkPeer): boolean {
  return node === undefined && nodeSelector === undefined;
}

function countAddresses(addresses: readonly (string | undefined)[]): Map<string | undefined, number> {
  const counts = new Map<string | undefined, number>();
  for (const address of addresses) counts.set(address, (counts.get(address) ?? 0) + 1);
  return counts;
}

function withPort(port: number | undefined): Pick<ExpectedPeer, 'port' | 'tcpPort'> {
  return port === undefined ? {} : { port, tcpPort: port };
}
