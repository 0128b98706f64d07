import { PORTS } from '../net/ports.js';
import { isEstablished, type ObservedPeer } from './protocols.js';

/** What the datastore says of the ports on both sides; absent where it says nothing. */
export interface Ports {
  /** The port the peer listens on. */
  readonly peer?: number | undefined;
  /** The port this node listens on. */
  readonly own?: number | undefined;
}

type Sentence = (peer: ObservedPeer, ports: Ports) => string;

const portOf = ({ port }: ObservedPeer, ports: Ports): number => port ?? ports.peer ?? PORTS.bgp;

/** What the last error means, by what BIRD calls it. The first that is contained in the text counts. */
const ERRORS: readonly (readonly [string, Sentence])[] = [
  ['Received: Bad peer AS', () => "the peer refuses our AS number; compare this node's AS number with the one configured on the peer"],
  ['Bad peer AS', ({ details }) => `the peer's AS number differs from the ${details.neighborAs ?? 'one'} configured here; correct asNumber of the BGPPeer or of the peer's Node`],
  ['Bad BGP identifier', () => 'both sides have the same router ID; give each node its own address, or its own CALICO_ROUTER_ID'],
  ['Received: Administrative shutdown', () => 'the peer was shut down or disabled this session; start BIRD there, or enable the session'],
  ['Received: Administrative reset', () => 'the peer restarted the session; wait a moment'],
  ['Received: Peer de-configured', () => 'the peer no longer has this node in its configuration; check if it should'],
  ['Received: Connection rejected', () => 'the peer does not want this session: it is disabled there, or another is already up'],
  ['Hold timer expired', (peer) => `the peer was silent for too long; check the network in between and that BIRD at ${peer.address} is not overloaded`],
  ['Connection refused', (peer, ports) => `nothing listens on TCP port ${portOf(peer, ports)} of ${peer.address}; check that the node runs there and which port it listens on`],
  ['No route to host', ({ address }) => `${address} does not answer on its network, or a firewall rejects the connection; check that the host is up`],
  ['Network is unreachable', ({ address }) => `this host has no route to ${address}; check the address of the peer and the routing table`],
  ['Connection timed out', (peer, ports) => `${peer.address} does not answer; check that the host is up and that no firewall drops TCP port ${portOf(peer, ports)}`],
  ['Connection reset by peer', () => 'the peer ended the connection; check that it has this node, with this address, in its configuration'],
  ['Connection closed', () => 'the peer ended the connection; check that it has this node, with this address, in its configuration'],
  ['Cannot assign requested address', () => 'the address this node uses is not on any of its interfaces; correct bgp.ipv4Address or bgp.ipv6Address of its Node'],
  ['Address family not supported', () => 'one of the two sides does not exchange routes of this address family'],
  ['limit exceeded', () => 'the peer announced more routes than allowed; check what it announces, or raise the limit'],
];

/** What the state means where there is no error. */
const STATES: Readonly<Record<string, Sentence>> = {
  Idle: () => 'BIRD waits before it retries after an error',
  Connect: (peer, ports) => `BIRD is connecting and ${peer.address} has not answered yet; check that the host is up and that no firewall drops port ${portOf(peer, ports)}`,
  Active: () => 'BIRD is about to connect, or to connect again',
  Passive: ({ address }, { own = PORTS.bgp }) => `BIRD waits for ${address} to connect; check that BIRD runs there, that it has this node as a peer, and that it can reach TCP port ${own} of this host`,
  OpenSent: () => "TCP is up, but the peer has not answered the BGP OPEN; check that both sides have the same password, and that the peer has this node's address",
  OpenConfirm: () => 'both sides agree and are confirming; wait a moment',
  Close: () => 'the session is being closed',
};

/** What the state of the protocol means where it has no session. */
const DOWN_STATES: Readonly<Record<string, Sentence>> = {
  down: ({ name }) => `it is disabled in BIRD, by its configuration or by birdcl; "birdcl enable ${name}" enables it`,
  stop: () => 'it is being shut down',
  flush: () => 'its routes are being removed after it was shut down',
};

/**
 * One sentence on a peer whose session is not Established: what its state means and what to check. Undefined for a
 * session that stands, unless it waits for a graceful restart.
 */
export function explainPeer(peer: ObservedPeer, ports: Ports = {}): string | undefined {
  if (isEstablished(peer)) return peer.state === 'wait' ? 'the session is up and waits for the end of a graceful restart' : undefined;
  if (peer.session === undefined) return DOWN_STATES[peer.state]?.(peer, ports) ?? `it is in the state ${peer.state}`;
  const error = ERRORS.find(([text]) => peer.info.includes(text));
  if (error !== undefined) return error[1](peer, ports);
  const said = peer.info.slice(peer.session.length).trim();
  const meaning = STATES[peer.session]?.(peer, ports) ?? `BIRD says ${peer.info}`;
  return said === '' ? meaning : `${meaning}; BIRD says: ${said}`;
}
