import { addressText } from './peer-name.js';
import type { ObservedPeer } from './protocols.js';
import { Topology, type ExpectedPeer } from './topology.js';
import type { Network, NetworkNode } from './network.js';

/** How the peers that BIRD has differ from those it should have. */
export interface Differences {
  readonly missing: readonly ExpectedPeer[];
  readonly unexpected: readonly ObservedPeer[];
  /** Peers whose AS number is another one than the datastore says. */
  readonly otherAs: readonly { readonly peer: ObservedPeer; readonly asNumber: number }[];
}

/**
 * Compares by address and port: the class of a peer may differ, as a BGPPeer can name a node of the mesh. Peers that
 * are local workloads are left out, as the datastore names them by label only.
 */
export function comparePeers(expected: readonly ExpectedPeer[], observed: readonly ObservedPeer[]): Differences {
  const observedAt = byAddress(observed);
  const expectedAt = byAddress(expected);
  const partnerOf = (peer: ObservedPeer): ExpectedPeer | undefined => expectedAt.get(peer.address)?.find((other) => samePort(peer, other));
  return {
    missing: expected.filter((peer) => observedAt.get(peer.address)?.some((other) => samePort(peer, other)) !== true),
    unexpected: observed.filter((peer) => peer.peerClass !== 'workload' && partnerOf(peer) === undefined),
    otherAs: observed.flatMap((peer) => {
      const asNumber = partnerOf(peer)?.asNumber;
      return asNumber === undefined || peer.details.neighborAs === undefined || peer.details.neighborAs === asNumber ? [] : [{ peer, asNumber }];
    }),
  };
}

/** A port that is not said may be any: listening ports of nodes are set elsewhere. */
function samePort(one: { readonly port?: number }, other: { readonly port?: number }): boolean {
  return one.port === undefined || other.port === undefined || one.port === other.port;
}

function byAddress<T extends { readonly address: string }>(peers: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const map = new Map<string, T[]>();
  for (const peer of peers) {
    const there = map.get(peer.address);
    if (there === undefined) map.set(peer.address, [peer]);
    else there.push(peer);
  }
  return map;
}

/** What the datastore says of a node, compared with what its BIRDs say. */
export interface Comparison extends Differences {
  readonly node: NetworkNode;
  readonly expected: readonly ExpectedPeer[];
  /** Why the node has no peers; absent where it has some. */
  readonly noPeers?: string;
}

/** Compares a node with its BIRDs, or says why that is not possible. */
export function compareNode(network: Network, name: string, observed: readonly ObservedPeer[]): Comparison | { readonly reason: string } {
  const topology = new Topology(network);
  const node = topology.node(name);
  if (node === undefined) return { reason: `there is no Node named ${name} in the datastore; give the name it has with --name` };
  const expected = topology.expectedPeers(node);
  return { node, expected, ...comparePeers(expected, observed), ...(expected.length > 0 ? {} : { noPeers: whyNoPeers(topology, node) }) };
}

/** Why the datastore asks for no session on a node. */
export function whyNoPeers({ network }: Topology, node: NetworkNode): string {
  if (Object.keys(node.addresses).length === 0) return `Node ${node.name} has no address in bgp.ipv4Address or bgp.ipv6Address`;
  if (!network.mesh) return `the node-to-node mesh is off, and no BGPPeer is for ${node.name}`;
  if (node.clusterId !== undefined) return `${node.name} is a route reflector, which takes no part in the mesh, and no BGPPeer is for it`;
  return network.nodes.length === 1 ? `${node.name} is the only node` : `no other node of the mesh has an address of the same family as ${node.name}`;
}

/** A session that should be, in words. */
export function expectedText(peer: ExpectedPeer): string {
  const whose = peer.node === undefined ? '' : `node ${peer.node}, `;
  return `${addressText(peer)} (${whose}${peer.bgpPeer === undefined ? 'node-to-node mesh' : `BGPPeer ${peer.bgpPeer}`})`;
}

