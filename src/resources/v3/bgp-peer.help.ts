import { varies, type HelpOf, type KindHelp } from '../field-help.js';
import type { BgpPeerSpec } from './bgp-peer.js';
import { metadataHelp } from './metadata.help.js';
import { PASSWORD, passwordHelp } from './secret-key.help.js';

const spec: HelpOf<BgpPeerSpec> = {
  node: ['The one node that has the session.', 'host1', varies('all nodes, or those that nodeSelector chooses')],
  nodeSelector: ['Chooses, by their labels, the nodes that have the session.', "rack == 'a1'", varies('all nodes')],
  peerIP: ['The address of the peer, with a port after a colon where it is not 179; IPv6 in brackets then.', '192.0.2.1'],
  asNumber: ['The AS number of the peer; not beside peerSelector.', 65001],
  localASNumber: ['The AS number by which the node calls itself towards the peer.', 65002, varies('that of the node')],
  peerSelector: ['Chooses, by their labels, nodes of the cluster as peers, in place of peerIP and asNumber.', "route-reflector == 'true'"],
  keepOriginalNextHop: ['Whether routes from others go to the peer with the next hop they came with; nextHopMode: Keep replaces it.', true, false],
  nextHopMode: ['Which next hop routes to the peer have: as BGP has it, the node itself, or the one they came with.', 'Self', 'Auto'],
  password: { help: 'The password of the session.', example: PASSWORD, fields: passwordHelp },
  sourceAddress: ["Whether the session comes from the node's own address, or from the one that the kernel chooses.", 'None', 'UseNodeIP'],
  maxRestartTime: ['How long the routes of the peer stay while its BGP restarts.', '2m0s', varies('BIRD: 2m0s')],
  keepaliveTime: ['How often the session is shown to be alive.', '30s', varies('BIRD: a third of the hold time')],
  numAllowedLocalASNumbers: ["How often the node's own AS number may stand in the AS path of routes from the peer.", 1, 0],
  ttlSecurity: ['How many hops away the peer may be: packets from farther away are dropped; 0 turns it off.', 1, 0],
  reachableBy: ['The address of the gateway to the peer, of the same family as peerIP, for a static route.', '192.0.2.254'],
  filters: ['Names of the BGPFilters for the routes of the session, evaluated in this order; they have to exist.', ['only-ours'], varies('none')],
  localWorkloadSelector: ['Chooses, by their labels, workloads on the same node as peers, in place of peerIP; it needs an asNumber.', "role == 'router'"],
  reversePeering: ['Whether, with peerSelector, the session is set up on the chosen nodes as well (Auto), or by another BGPPeer (Manual).', 'Manual', 'Auto'],
};

/** Help for BGPPeer. */
export const bgpPeerHelp: KindHelp = {
  help: 'Whom nodes speak BGP with: one address, or nodes or workloads that a selector chooses.',
  example: { metadata: { name: 'tor-a1' }, spec: { nodeSelector: "rack == 'a1'", peerIP: '192.0.2.1', asNumber: 65001 } },
  metadata: metadataHelp,
  spec,
};
