import { parseDuration } from '../../go/duration.js';
import { isMap } from '../../base/data.js';
import { parseIp } from '../../net/address.js';
import type { AsStored } from '../../resources/fields/field.js';
import type { BgpPeerSpec } from '../../resources/v3/bgp-peer.js';
import { peerName } from '../peer-name.js';
import { positive, storedAsNumber, textOf, textsIn } from '../stored.js';
import type { ExpectedPeer } from '../topology.js';
import type { BirdFacts } from './facts.js';
import { NotForBird, quoted } from './text.js';

/** A session of this node, with all that BIRD has to know of it (reference/bird 3). */
export interface Session {
  /** The name of the protocol. */
  readonly name: string;
  readonly isMesh: boolean;
  readonly address: string;
  readonly port: number | undefined;
  /** 0 where nobody says it, which BIRD refuses. */
  readonly asNumber: number;
  /** The AS number that the node has towards this peer only. */
  readonly localAsNumber: number | undefined;
  readonly sourceAddress: string | undefined;
  /** How many hops a peer is away at most, where packets from farther are to be dropped. */
  readonly hops: number | undefined;
  /** Waits for the other side to connect. */
  readonly isPassive: boolean;
  readonly restartSeconds: number | undefined;
  readonly keepaliveSeconds: number | undefined;
  /** The cluster id of this node where the peer is its client. */
  readonly reflectorId: string | undefined;
  /** In quotes. */
  readonly password: string | undefined;
  readonly keepsNextHop: boolean;
  readonly isNextHop: boolean;
  /** How often the own AS number may be in a path. */
  readonly allowedLocalAsNumbers: number | undefined;
  /** Whether both have one AS number. */
  readonly isInternal: boolean;
  /** Names of BGPFilters. */
  readonly filters: readonly string[];
}

/** The sessions of the family, in the order of the names of their protocols. */
export function sessionsOf(facts: BirdFacts): readonly Session[] {
  const { topology, node, family } = facts;
  const mesh = topology.meshPeers(node).filter((peer) => peer.family === family).map((peer) => meshSession(peer, facts));
  const configured = topology.configuredPeers(node).filter((peer) => peer.family === family).map((peer) => configuredSession(peer, facts));
  const byName = new Map<string, Session>();
  for (const session of [...mesh, ...configured]) {
    // BIRD refuses a name that is there twice, and with it all sessions.
    if (byName.has(session.name)) facts.remark(`${session.address} is the address of several nodes: the node peers with one of them`);
    else byName.set(session.name, session);
  }
  return [...byName.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

function meshSession(peer: ExpectedPeer, facts: BirdFacts): Session {
  const { address: own = '', shared, node } = facts;
  const { address, tcpPort: port, asNumber = 0 } = peer;
  return {
    name: peerName({ ...peer, port: undefined }),
    isMesh: true, address, port, asNumber,
    localAsNumber: undefined,
    sourceAddress: own,
    hops: undefined,
    isPassive: address > own,
    restartSeconds: seconds(shared.nodeMeshMaxRestartTime),
    keepaliveSeconds: undefined,
    reflectorId: undefined,
    password: passwordOf('the mesh', shared.nodeMeshPassword, facts),
    keepsNextHop: false,
    isNextHop: false,
    allowedLocalAsNumbers: undefined,
    isInternal: asNumber === node.asNumber,
    filters: [],
  };
}

function configuredSession(peer: ExpectedPeer, facts: BirdFacts): Session {
  const { address: own = '', node } = facts;
  const { address, port, asNumber = 0, meant, bgpPeer = '' } = peer;
  const spec: AsStored<BgpPeerSpec> = facts.peers.get(bgpPeer) ?? {};
  const localAsNumber = meant === 'selected' ? undefined : storedAsNumber(spec.localASNumber);
  const isInternal = asNumber === (localAsNumber ?? node.asNumber);
  return {
    name: peerName(peer),
    isMesh: false, address, port, asNumber, localAsNumber, isInternal,
    sourceAddress: meant === 'workload' || spec.sourceAddress === 'None' ? undefined : own,
    hops: positive(spec.ttlSecurity),
    isPassive: isPassive(peer, own),
    restartSeconds: seconds(spec.maxRestartTime),
    keepaliveSeconds: seconds(spec.keepaliveTime),
    reflectorId: isInternal && node.clusterId !== clusterIdOf(peer, facts) ? ownClusterId(facts) : undefined,
    password: passwordOf(`BGPPeer ${bgpPeer}`, spec.password, facts),
    keepsNextHop: spec.nextHopMode === 'Keep' || (spec.keepOriginalNextHop === true && !isInternal),
    isNextHop: spec.nextHopMode === 'Self',
    allowedLocalAsNumbers: meant === 'address' ? positive(spec.numAllowedLocalASNumbers) : undefined,
    filters: textsIn(spec.filters),
  };
}

/** Workloads call, and of two nodes with a peer of all nodes between them the one with the lower address as text. */
function isPassive({ peerClass, meant, node, address }: ExpectedPeer, own: string): boolean {
  return meant === 'workload' || (peerClass === 'global' && meant === 'address' && node !== undefined && address > own);
}

/** The cluster id of a peer. Whose address it is that a BGPPeer gives is not asked. */
function clusterIdOf({ meant, node }: ExpectedPeer, { topology }: BirdFacts): string | undefined {
  return meant === 'selected' && node !== undefined ? topology.node(node)?.clusterId : undefined;
}

/** The cluster id of this node, which BIRD takes only in the form of an IPv4 address. */
function ownClusterId({ node: { name, clusterId } }: BirdFacts): string | undefined {
  if (clusterId === undefined || parseIp(clusterId)?.version === 4) return clusterId;
  throw new NotForBird(`the routeReflectorClusterID of node ${name} is no IPv4 address`);
}

/** A duration in whole seconds. */
function seconds(value: unknown): number | undefined {
  const nanoseconds = typeof value === 'string' ? parseDuration(value) : undefined;
  return nanoseconds === undefined ? undefined : Math.round(Number(nanoseconds) / 1e9);
}

/** The password that a reference to a secret means, for BIRD. Where there is none the session is made without it, as by Calico. */
function passwordOf(whose: string, reference: unknown, { settings, remark }: BirdFacts): string | undefined {
  const secret = isMap(reference) ? reference['secretKeyRef'] : undefined;
  if (!isMap(secret)) return undefined;
  const { name, key } = secret;
  const password = settings.password(textOf(name) ?? '', textOf(key) ?? '');
  if (password === undefined) {
    remark(`${whose} has its password in key ${textOf(key) ?? '""'} of secret ${textOf(name) ?? '""'}, and the environment has no such password: the sessions are made without`);
    return undefined;
  }
  const inQuotes = quoted(password);
  if (inQuotes === undefined) remark(`the password of ${whose} has a quote or an end of line in it, which BIRD cannot read: the sessions are made without`);
  return inQuotes;
}
