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
  ['wait 23:42:51 Established', 'the session stands and waits for the end of a graceful restart'],
  ['down 23:41:41', 'BIRD has disabled it; "birdcl enable Mesh_10_0_0_2" ends that, or "disabled" in the configuration says so'],
  ['flush 23:41:41', 'its routes are being removed after it was shut down'],
  ['stop 23:41:41', 'it is being shut down'],
  ['feed 23:41:41', 'it is in the state feed'],
  ['start 23:42:49 Passive', 'this side waits for 10.0.0.2 to connect; check that BIRD runs there, that it has this node as a peer, and that TCP port 179 of this host is open to it'],
  ['start 23:43:27 Connect', 'the TCP connection was begun and 10.0.0.2 has not answered yet; check that the host is up and that no firewall drops port 179'],
  ['start 23:43:27 Active', 'BIRD is about to connect, or to connect again'],
  ['start 23:43:27 Idle', 'BIRD waits before it tries again after an error'],
  ['start 23:43:27 OpenSent', "the TCP connection stands and the peer has not answered in BGP; check that both sides have the same password, and that the peer has this node's address"],
  ['start 23:43:27 OpenConfirm', 'both sides agree and confirm it now; wait a moment'],
  ['stop 23:43:29 Close', 'the session is being closed'],
  ['start 23:43:27 Active Socket: Connection refused', 'nobody listens on TCP port 179 of 10.0.0.2; check that the node runs there and which port it listens on'],
  ['start 23:43:27 Active Socket: No route to host', '10.0.0.2 does not answer on its network, or a firewall rejects the connection; check that the host is up'],
  ['start 23:43:27 Active Socket: Network is unreachable', 'this host has no route to 10.0.0.2; check the address of the peer and the routing table'],
  ['start 23:43:27 Active Socket: Connection timed out', '10.0.0.2 does not answer; check that the host is up and that no firewall drops TCP port 179'],
  ['start 23:43:27 Active Socket: Connection closed', 'the peer ended the connection; check that it has this node, with this address, in its configuration'],
  ['start 23:43:27 Active Socket: Connection reset by peer', 'the peer ended the connection; check that it has this node, with this address, in its configuration'],
  ['start 23:43:27 Idle Socket: Cannot assign requested address', 'the address this node uses is not on any of its interfaces; correct bgp.ipv4Address or bgp.ipv6Address of its Node'],
  ['start 23:43:29 Idle Received: Bad peer AS', 'the peer refuses our AS number: its configuration expects another one; compare the AS number of this node with the one that the peer has for it'],
  ['start 23:43:29 Idle BGP Error: Bad peer AS', "the peer has another AS number than the one that is configured for it here; correct asNumber of the BGPPeer or of the peer's Node"],
  ['start 23:43:29 Idle BGP Error: Bad BGP identifier', 'both sides have the same router ID; give each node its own address, or its own CALICO_ROUTER_ID'],
  ['start 23:42:58 Passive Received: Administrative shutdown', 'the peer was shut down or disabled this session; start BIRD there, or enable the session'],
  ['start 23:42:58 Passive Received: Peer de-configured', 'the peer no longer has this node in its configuration; check whether it should'],
  ['start 23:42:58 Active Received: Connection rejected', 'the peer does not want this session: it is disabled there, or another is already up'],
  ['start 23:42:58 Active Error: Hold timer expired', 'nothing came from the peer for too long; check the network in between and that BIRD at 10.0.0.2 is not overloaded'],
  ['start 23:42:58 Idle Route limit exceeded', 'the peer announced more routes than it may; look at what it announces, or raise the limit'],
  ['start 23:42:58 Active Received: Something new', 'BIRD is about to connect, or to connect again; BIRD says: Received: Something new'],
  ['start 23:42:58 Waiting', 'BIRD says Waiting'],
];

describe('what the state of a peer means', () => {
  for (const [row, sentence] of CASES) {
    it(row, () => expect(explainPeer(peer(`Mesh_10_0_0_2 BGP master ${row}`))).to.equal(sentence));
  }

  it('the port and the AS number that are configured are named', () => {
    expect(explainPeer(peer('Global_10_0_0_2_port_1790 BGP master start 1:00 Active Socket: Connection refused'))).to.equal('nobody listens on TCP port 1790 of 10.0.0.2; check that the node runs there and which port it listens on');
    expect(explainPeer({ ...peer('Global_10_0_0_2 BGP master start 1:00 Idle BGP Error: Bad peer AS'), details: { neighborAs: 64513 } })).to.equal("the peer has another AS number than the 64513 that is configured for it here; correct asNumber of the BGPPeer or of the peer's Node");
  });
});
