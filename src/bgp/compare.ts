import type { Ports } from './explain.js';
import { addressWithPort, type PeerName } from './peer-name.js';
import type { ObservedPeer } from './protocols.js';
import { Topology, type ExpectedPeer } from './topology.js';
import type { BgpNetwork, NetworkNode } from './network.js';

/** How the peers that BIRD has differ from those it should have. */
export interface Differences {
  readonly missing: readonly ExpectedPeer[];
  readonly unexpected: readonly ObservedPeer[];
  /** Peers whose AS number is another one than the datastore says. */
  readonly otherAs: readonly { readonly peer: ObservedPeer; readonly asNumber: number }[];
}

/**
 * Compares by what the name of a protocol says, which is family, class, address and port: a node of the mesh that a
 * BGPPeer names too has a session of each. Peers that are local workloads are left out, as the datastore names them by
 * label only.
 */
export function comparePeers(expected: readonly ExpectedPeer[], observed: readonly ObservedPeer[]): Differences {
  const observedNames = new Set(observed.map(identity));
  const expectedByName = new Map(expected.map((peer) => [identity(peer), peer]));
  return {
    missing: expected.filter((peer) => !observedNames.has(identity(peer))),
    unexpected: observed.filter((peer) => peer.peerClass !== 'workload' && !expectedByName.has(identity(peer))),
    otherAs: observed.flatMap((peer) => {
      const asNumber = expectedByName.get(identity(peer))?.asNumber;
      return asNumber === undefined || peer.details.neighborAs === undefined || peer.details.neighborAs === asNumber ? [] : [{ peer, asNumber }];
    }),
  };
}

function identity(peer: PeerName): string {
  return `${peer.peerClass} ${addressWithPort(peer)}`;
}

/** What the datastore says of a node, compared with what its BIRDs say. */
export interface Comparison extends Differences {
  readonly node: NetworkNode;
  readonly expected: readonly ExpectedPeer[];
  /** The port the node listens on, where the datastore says one. */
  readonly listenPort: number | undefined;
  /** Why the node has no peers; absent where it has some. */
  readonly noPeers?: string;
}

/** What may be known of a node besides its name. */
export interface ComparedNode {
  /** What to do where the datastore has no such node. */
  readonly advice?: string | undefined;
  /** Its networking backend, where it is one without BGP. */
  readonly withoutBgp?: string | undefined;
}

/** Compares a node with its BIRDs, or says why that is not possible. */
export function compareNode(network: BgpNetwork, name: string, observed: readonly ObservedPeer[], { advice, withoutBgp }: ComparedNode = {}): Comparison | { readonly reason: string } {
  const topology = new Topology(network);
  const node = topology.node(name);
  if (node === undefined) return { reason: `there is no Node named ${name} in the datastore${advice === undefined ? '' : `; ${advice}`}` };
  const expected = withoutBgp === undefined ? topology.expectedPeers(node) : [];
  const whyNone = withoutBgp === undefined ? whyNoPeers(topology, node) : `CALICO_NETWORKING_BACKEND of ${node.name} is ${withoutBgp}, so that it speaks no BGP`;
  return { node, listenPort: topology.portOf(node), expected, ...comparePeers(expected, observed), ...(expected.length > 0 ? {} : { noPeers: whyNone }) };
}

/** Why the datastore asks for no session on a node. */
export function whyNoPeers({ network }: Topology, node: NetworkNode): string {
  if (Object.keys(node.addresses).length === 0) return `Node ${node.name} has no address in bgp.ipv4Address or bgp.ipv6Address`;
  if (!network.mesh) return `the node-to-node mesh is off, and no BGPPeer applies to ${node.name}`;
  if (node.clusterId !== undefined) return `${node.name} is a route reflector, which is not part of the mesh, and no BGPPeer applies to it`;
  return network.nodes.length === 1 ? `${node.name} is the only node` : `no other node of the mesh has an address of the same family as ${node.name}`;
}

/** A session that should be, in words. */
export function expectedText(peer: ExpectedPeer): string {
  const whose = peer.node === undefined ? '' : `node ${peer.node}, `;
  return `${addressWithPort(peer)} (${whose}${peer.bgpPeer === undefined ? 'node-to-node mesh' : `BGPPeer ${peer.bgpPeer}`})`;
}


/** The ports on both sides of a session that BIRD has, as the datastore says them. */
export function portsOf({ expected, listenPort }: Comparison, peer: ObservedPeer): Ports {
  return { peer: expected.find((other) => identity(other) === identity(peer))?.tcpPort, own: listenPort };
}

/** BGPPeers whose peerIP comes without an asNumber, a sentence each: confd then writes a neighbor of AS 0. */
export function withoutAs(expected: readonly ExpectedPeer[]): string[] {
  const names = new Set(expected.flatMap(({ asNumber, bgpPeer }) => (asNumber === undefined && bgpPeer !== undefined ? [bgpPeer] : [])));
  return [...names].map((name) => `BGPPeer ${name} has a peerIP and no asNumber: BIRD refuses a configuration with AS 0 and keeps its old one; give the BGPPeer an asNumber.`);
}
