import type { BgpNetwork, NetworkNode } from './network.js';
import { addressWithPort, type Family } from './peer-name.js';
import { Topology, type ExpectedPeer } from './topology.js';

/** Nodes that peer alike: of one AS, in one role, by the same BGPPeers. */
export interface NodeGroup {
  readonly nodes: readonly NetworkNode[];
  readonly asNumber: number;
  readonly clusterId: string | undefined;
  /** The families in which they are part of the mesh. */
  readonly mesh: readonly Family[];
}

/** A peer that is no node. */
export interface Outsider {
  /** With the port, where one is said. */
  readonly address: string;
  readonly asNumber: number | undefined;
}

/** The sessions of a group by one BGPPeer, with nodes of a group (also itself) or with somebody else. */
export interface Peering {
  readonly from: NodeGroup;
  readonly to: NodeGroup | Outsider;
  readonly bgpPeer: string;
  readonly families: readonly Family[];
  /** How many pairs have one. */
  readonly pairs: number;
  /** Whether some pairs of the two have none. */
  readonly partial: boolean;
  /** How many pairs have one that only one side knows of, so that it never stands. */
  readonly oneSided: number;
}

/** Who peers with whom, as the datastore asks for it. */
export interface BgpMap {
  readonly groups: readonly NodeGroup[];
  /** How many nodes peer with each other in each family without being told to. */
  readonly mesh: Readonly<Record<Family, number>>;
  readonly outsiders: readonly Outsider[];
  readonly peerings: readonly Peering[];
  /** BGPPeers with workloads on the nodes themselves: with whom that is, the datastore does not say. */
  readonly localPeers: readonly string[];
}

const FAMILIES = [4, 6] as const;

/** Puts nodes together that peer alike, and the sessions between them. */
export function bgpMap(network: BgpNetwork): BgpMap {
  const topology = new Topology(network);
  const sessions = new Map(network.nodes.map((node) => [node.name, topology.configuredPeers(node)]));
  const groups = groupsOf(topology, sessions);
  const groupOf = new Map(groups.flatMap((group) => group.nodes.map((node) => [node.name, group])));
  const outsiders = new Map<string, Outsider>();
  const outsiderOf = (peer: ExpectedPeer): Outsider => {
    const key = outsiderKey(peer);
    const known = outsiders.get(key) ?? { address: addressWithPort(peer), asNumber: peer.asNumber };
    outsiders.set(key, known);
    return known;
  };
  const found = new Map<string, Found>();
  for (const { name, list } of [...sessions].map(([name, list]) => ({ name, list }))) {
    for (const peer of list) note(found, name, groupOf.get(name)!, peer, peer.node === undefined ? outsiderOf(peer) : groupOf.get(peer.node)!, groups);
  }
  return { groups, mesh: { 4: topology.meshMembers(4).length, 6: topology.meshMembers(6).length }, outsiders: [...outsiders.values()], peerings: [...found.values()].map(peeringOf), localPeers: network.peers.filter(({ localWorkloadSelector }) => localWorkloadSelector !== undefined).map(({ name }) => name) };
}

function outsiderKey(peer: ExpectedPeer): string {
  return `${addressWithPort(peer)} ${peer.asNumber ?? ''}`;
}

function groupsOf(topology: Topology, sessions: ReadonlyMap<string, readonly ExpectedPeer[]>): readonly NodeGroup[] {
  const groups = new Map<string, NodeGroup & { readonly nodes: NetworkNode[] }>();
  for (const node of topology.network.nodes) {
    const mesh = FAMILIES.filter((family) => topology.isMember(node, family));
    const peers = new Set(sessions.get(node.name)!.map((peer) => `${peer.bgpPeer ?? ''} ${peer.family} ${peer.node === undefined ? outsiderKey(peer) : ''}`));
    const key = JSON.stringify([node.asNumber, node.clusterId, mesh, Object.keys(node.addresses), [...peers].sort()]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { nodes: [node], asNumber: node.asNumber, clusterId: node.clusterId, mesh });
    else known.nodes.push(node);
  }
  // Route reflectors, without which a picture says little, then the largest.
  return [...groups.values()].sort((left, right) => Number(right.clusterId !== undefined) - Number(left.clusterId !== undefined) || right.nodes.length - left.nodes.length);
}

/** Sessions between two groups by one BGPPeer, while they are collected: each pair with those who know of it. */
interface Found {
  readonly from: NodeGroup;
  readonly to: NodeGroup | Outsider;
  readonly bgpPeer: string;
  readonly families: Set<Family>;
  readonly pairs: Map<string, number>;
}

function note(found: Map<string, Found>, name: string, own: NodeGroup, peer: ExpectedPeer, other: NodeGroup | Outsider, groups: readonly NodeGroup[]): void {
  const isGroup = 'nodes' in other;
  const isTurned = isGroup && groups.indexOf(other) < groups.indexOf(own);
  const [from, to] = isTurned ? [other, own] : [own, other];
  const toKey = 'nodes' in to ? String(groups.indexOf(to)) : `${to.address} ${to.asNumber ?? ''}`;
  const key = `${groups.indexOf(from)} ${toKey} ${peer.bgpPeer ?? ''}`;
  const known: Found = found.get(key) ?? { from, to, bgpPeer: peer.bgpPeer ?? '', families: new Set<Family>(), pairs: new Map<string, number>() };
  found.set(key, known);
  known.families.add(peer.family);
  const pair = `${peer.family} ${(isGroup ? [name, peer.node!].sort() : [name]).join(' ')}`;
  known.pairs.set(pair, (known.pairs.get(pair) ?? 0) + 1);
}

function peeringOf({ from, to, bgpPeer, families, pairs }: Found): Peering {
  const size = from.nodes.length;
  const all = 'nodes' in to ? (from === to ? (size * (size - 1)) / 2 : size * to.nodes.length) : size;
  return {
    from, to, bgpPeer,
    families: FAMILIES.filter((family) => families.has(family)),
    pairs: new Set([...pairs.keys()].map((pair) => pair.slice(2))).size,
    partial: pairs.size < all * families.size,
    oneSided: 'nodes' in to ? [...pairs.values()].filter((count) => count === 1).length : 0,
  };
}
