import type { HelpOf, KindHelp } from '../field-help.js';
import type { Of } from '../fields/field.js';
import type { bgpPeer } from './bgp-peer.js';

const metadata: HelpOf<Of<typeof bgpPeer.metadata>> = {
  scope: ['Who has the session: all nodes (global), or the one that node names.', 'global'],
  node: ['The node that has the session, for the scope node.', 'host1'],
  peerIP: ['The address of the peer.', '192.0.2.1'],
};

const spec: HelpOf<Of<typeof bgpPeer.spec>> = { asNumber: ['The AS number of the peer.', 65001] };

/** Help for bgpPeer. */
export const bgpPeerHelp: KindHelp = {
  help: 'Whom all nodes, or one of them, speak BGP with; identified by scope, node and peerIP.',
  example: { metadata: { scope: 'global', peerIP: '192.0.2.1' }, spec: { asNumber: 65001 } },
  metadata,
  spec,
};
