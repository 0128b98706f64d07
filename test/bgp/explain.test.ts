import { expect } from 'chai';
import { describe, it } from 'mocha';
import { explainPeer } from '../../src/bgp/explain.js';
import { parseProtocols, peerOf, type ObservedPeer } from '../../src/bgp/protocols.js';
import { protocolsReply } from './replies.js';

function peer(row: string): ObservedPeer {
  const [protocol] = parseProtocols(protocolsReply(row));
  const found = protocol && peerOf(protocol);
  if (found === undefined) throw new Error(`no peer in ${row}`);
  return found;
}

/** State and info of a peer, and what is said of it. */
const CASES: readonly (readonly [row: string, sentence: string | undefined])[] = [
  ['up 23:41:17 Established', undefined],
  ['wait 23:42:51 Established', 'the session is up and waits for the end of a graceful restart'],
  ['down 23:41:41', 'it is disabled in BIRD, by its configuration or by birdcl; "birdcl enable Mesh_10_0_0_2" enables it'],
  ['flush 23:41:41', 'its routes are being removed after it was shut down'],
  ['stop 23:41:41', 'it is being shut down'],
  ['feed 23:41:41', 'it is in the state feed'],
  ['start 23:42:49 Passive', 'BIRD waits for 10.0.0.2 to connect; check that BIRD runs there, that it has this node as a peer, and that it can reach TCP port 179 of this host'],
  ['start 23:43:27 Connect', 'BIRD is connecting and 10.0.0.2 has not answered yet; check that the host is up and that no firewall drops port 179'],
  ['start 23:43:27 Active', 'BIRD is about to connect, or to connect again'],
  ['start 23:43:27 Idle', 'BIRD waits before it retries after an error'],
  ['start 23:43:27 OpenSent', "TCP is up, but the peer has not answered the BGP OPEN; check that both sides have the same password, and that the peer has this node's address"],
  ['start 23:43:27 OpenConfirm', 'both sides agree and are confirming; wait a moment'],
  ['stop 23:43:29 Close', 'the session is being closed'],
  ['start 23:43:27 Active Socket: Connection refused', 'nothing listens on TCP port 179 of 10.0.0.2; check that the node runs there and which port it listens on'],
  ['start 23:43:27 Active Socket: No route to host', '10.0.0.2 does not answer on its network, or a firewall rejects the connection; check that the host is up'],
  ['start 23:43:27 Active Socket: Network is unreachable', 'this host has no route to 10.0.0.2; check the address of the peer and the routing table'],
  ['start 23:43:27 Active Socket: Connection timed out', '10.0.0.2 does not answer; check that the host is up and that no firewall drops TCP port 179'],
  ['start 23:43:27 Active Socket: Connection closed', 'the peer ended the connection; check that it has this node, with this address, in its configuration'],
  ['start 23:43:27 Active Socket: Connection reset by peer', 'the peer ended the connection; check that it has this node, with this address, in its configuration'],
  ['start 23:43:27 Idle Socket: Cannot assign requested address', 'the address this node uses is not on any of its interfaces; correct bgp.ipv4Address or bgp.ipv6Address of its Node'],
  ['start 23:43:29 Idle Received: Bad peer AS', "the peer refuses our AS number; compare this node's AS number with the one configured on the peer"],
  ['start 23:43:29 Idle BGP Error: Bad peer AS', "the peer's AS number differs from the one configured here; correct asNumber of the BGPPeer or of the peer's Node"],
  ['start 23:43:29 Idle BGP Error: Bad BGP identifier', 'both sides have the same router ID; give each node its own address, or its own CALICO_ROUTER_ID'],
  ['start 23:42:58 Passive Received: Administrative shutdown', 'the peer was shut down or disabled this session; start BIRD there, or enable the session'],
  ['start 23:42:58 Passive Received: Peer de-configured', 'the peer no longer has this node in its configuration; check if it should'],
  ['start 23:42:58 Active Received: Connection rejected', 'the peer does not want this session: it is disabled there, or another is already up'],
  ['start 23:42:58 Active Error: Hold timer expired', 'the peer was silent for too long; check the network in between and that BIRD at 10.0.0.2 is not overloaded'],
  ['start 23:42:58 Idle Route limit exceeded', 'the peer announced more routes than allowed; check what it announces, or raise the limit'],
  ['start 23:42:58 Active Received: Something new', 'BIRD is about to connect, or to connect again; BIRD says: Received: Something new'],
  ['start 23:42:58 Waiting', 'BIRD says Waiting'],
];

describe('what the state of a peer means', () => {
  for (const [row, sentence] of CASES) {
    it(row, () => expect(explainPeer(peer(`Mesh_10_0_0_2 BGP master ${row}`))).to.equal(sentence));
  }

  it('the port and the AS number that are configured are named', () => {
    expect(explainPeer(peer('Global_10_0_0_2_port_1790 BGP master start 1:00 Active Socket: Connection refused'))).to.equal('nothing listens on TCP port 1790 of 10.0.0.2; check that the node runs there and which port it listens on');
    expect(explainPeer({ ...peer('Global_10_0_0_2 BGP master start 1:00 Idle BGP Error: Bad peer AS'), details: { neighborAs: 64513 } })).to.equal("the peer's AS number differs from the 64513 configured here; correct asNumber of the BGPPeer or of the peer's Node");
  });
});
