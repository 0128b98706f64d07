import { whyNoPeers, withoutAs } from './compare.js';
import type { BgpNetwork, NetworkNode } from './network.js';
import { addressWithPort } from './peer-name.js';
import { Topology, type ExpectedPeer } from './topology.js';

/** Above this many nodes a full mesh costs more than route reflectors do. */
const LARGEST_MESH = 100;

/** The sessions that a node should have, counted by class. */
export interface NodeSessions {
  readonly node: NetworkNode;
  readonly mesh: number;
  readonly global: number;
  readonly nodeSpecific: number;
  readonly total: number;
}

/** All nodes as the datastore has them. */
export interface Overview {
  readonly nodes: readonly NodeSessions[];
  readonly mesh: { readonly enabled: boolean; readonly nodes: number; readonly sessions: number };
  readonly routeReflectors: readonly string[];
  /** What an operator should look at, a sentence each. */
  readonly warnings: readonly string[];
}

/** Works out which sessions every node should have, and what looks wrong about them. */
export function overviewOf(network: BgpNetwork): Overview {
  const topology = new Topology(network);
  const configured = new Map(network.nodes.map((node) => [node, topology.configuredPeers(node)]));
  const members = Math.max(topology.meshMembers(4).length, topology.meshMembers(6).length);
  const nodes = network.nodes.map((node) => sessionsOf(topology, node, configured.get(node) ?? []));
  return {
    nodes,
    mesh: { enabled: network.mesh, nodes: members, sessions: nodes.reduce((sum, { mesh }) => sum + mesh, 0) / 2 },
    routeReflectors: network.nodes.filter(({ clusterId }) => clusterId !== undefined).map(({ name }) => name),
    warnings: [
      ...(members > LARGEST_MESH ? [meshWarning(members)] : []),
      ...nodes.filter(({ total }) => total === 0).map(({ node }) => `${node.name} has no peers: ${whyNoPeers(topology, node)}.`),
      ...sharedAddresses(network.nodes),
      ...oneSided(topology, configured),
      ...withoutAs([...configured.values()].flat()),
      ...network.unreadable.map((text) => `${text}; it was left out.`),
    ],
  };
}

const pairs = (count: number): number => (count * (count - 1)) / 2;

function meshWarning(members: number): string {
  return `The node-to-node mesh has ${members} nodes: ${members - 1} sessions on each, ${pairs(members)} in all. Above about ${LARGEST_MESH} nodes use route reflectors: give a few nodes a routeReflectorClusterID, create a BGPPeer that selects them, and set nodeToNodeMeshEnabled to false.`;
}

function sessionsOf(topology: Topology, node: NetworkNode, configured: readonly ExpectedPeer[]): NodeSessions {
  const mesh = topology.meshSize(node);
  const global = configured.filter(({ peerClass }) => peerClass === 'global').length;
  return { node, mesh, global, nodeSpecific: configured.length - global, total: mesh + configured.length };
}

function sharedAddresses(nodes: readonly NetworkNode[]): string[] {
  const owners = new Map<string, string[]>();
  for (const { name, addresses } of nodes) for (const address of Object.values(addresses)) owners.set(address, [...(owners.get(address) ?? []), name]);
  return [...owners].filter(([, names]) => names.length > 1).map(([address, names]) => `${names.join(' and ')} have the same address ${address}.`);
}

/** Sessions between two nodes of which only one side knows. */
function oneSided(topology: Topology, configured: ReadonlyMap<NetworkNode, readonly ExpectedPeer[]>): string[] {
  const addressesOf = new Map([...configured].map(([node, peers]) => [node, new Set(peers.map(({ address }) => address))]));
  return [...configured].flatMap(([node, peers]) =>
    peers.flatMap((peer) => {
      const other = peer.node === undefined ? undefined : topology.node(peer.node);
      const own = node.addresses[peer.family];
      if (other === undefined || own === undefined || other.addresses[peer.family] !== peer.address) return [];
      const inMesh = topology.isMember(other, peer.family) && topology.isMember(node, peer.family);
      return inMesh || addressesOf.get(other)?.has(own) === true ? [] : [`${node.name} has a session with ${other.name} (${addressWithPort(peer)}, BGPPeer ${peer.bgpPeer ?? ''}), and ${other.name} has none with ${node.name}.`];
    }),
  );
}
