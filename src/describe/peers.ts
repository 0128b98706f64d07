import { Topology } from '../bgp/topology.js';
import { readNetwork } from '../bgp/network.js';
import { selects } from '../ipam/cluster/resources.js';
import type { StoredObject } from '../resources/kind.js';
import { bgpPeer, type BgpPeerSpec } from '../resources/v3/bgp-peer.js';
import { node } from '../resources/v3/node.js';
import { related, type Fact, type Related } from './relation.js';
import type { World } from './world.js';

/** The BGPPeers that are for a node, or that peer with it by their peerSelector, with how they come to it. */
export async function peersOf(world: World, target: StoredObject): Promise<readonly Related[]> {
  const { name, labels = {} } = target.metadata;
  return (await world.objects(bgpPeer)).flatMap((peer) => {
    const { node: own, nodeSelector, peerSelector } = peer.spec;
    if (own === name) return [related(bgpPeer, peer, 'of this node')];
    if (text(nodeSelector) !== undefined && selects(text(nodeSelector)!, labels)) return [related(bgpPeer, peer, `nodeSelector ${text(nodeSelector)}`)];
    if (text(own) === undefined && text(nodeSelector) === undefined) return [related(bgpPeer, peer, 'of all nodes')];
    return text(peerSelector) !== undefined && selects(text(peerSelector)!, labels) ? [related(bgpPeer, peer, `peerSelector ${text(peerSelector)}`)] : [];
  });
}

/** The sessions that a node should have: with the mesh, and by BGPPeers. */
export async function sessionsOf(world: World, name: string): Promise<readonly Fact[]> {
  const topology = new Topology(await readNetwork(world.store));
  const found = topology.node(name);
  return found === undefined ? [] : topology.expectedPeers(found).map(({ address, node: peer, bgpPeer: by }) => ({ text: `${address}${peer === undefined ? '' : ` (${peer})`}: ${by === undefined ? 'node-to-node mesh' : `by ${by}`}` }));
}

/** The nodes that a BGPPeer is for by its nodeSelector, or because it names none: all of them. */
export async function nodesOfPeer(world: World, peer: StoredObject<BgpPeerSpec>): Promise<readonly Related[]> {
  const own = text(peer.spec.node);
  const nodeSelector = text(peer.spec.nodeSelector);
  // The node that it names is told as what its fields name.
  if (own !== undefined) return [];
  return (await world.objects(node)).filter(({ metadata: { labels = {} } }) => selects(nodeSelector ?? '', labels)).map((object) => related(node, object));
}

/** The nodes that a BGPPeer peers with by its peerSelector. */
export async function nodesPeeredWith(world: World, peer: StoredObject<BgpPeerSpec>): Promise<readonly Related[]> {
  const peerSelector = text(peer.spec.peerSelector);
  if (peerSelector === undefined) return [];
  return (await world.objects(node)).filter(({ metadata: { labels = {} } }) => selects(peerSelector, labels)).map((object) => related(node, object));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
