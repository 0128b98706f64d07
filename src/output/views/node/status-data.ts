import { CLASS_TEXT, type Family } from '../../../bgp/peer-name.js';
import { isEstablished, type ObservedPeer } from '../../../bgp/protocols.js';
import type { ExpectedPeer } from '../../../bgp/topology.js';
import { explained, FAMILIES, isCompared, isHealthy, localBgp, observedPeers, speakerFor, type NodeStatus } from '../../../node/status.js';

/** The status as `-o json` shows it. Every member is always there; what is not known is null. */
export function statusDocument(status: NodeStatus): Record<string, unknown> {
  const { name, calicoRuns, birds, comparison } = status;
  const local = localBgp(status);
  return {
    node: name,
    healthy: isHealthy(status),
    calicoRunning: calicoRuns,
    localAddresses: local.addresses,
    localAsNumbers: local.asNumbers,
    birds: FAMILIES.map((family) => birdDocument(family, birds)),
    peers: observedPeers(status).map((peer) => peerDocument(peer, explained(peer, status))),
    comparison: comparisonDocument(comparison),
  };
}

function birdDocument(family: Family, birds: NodeStatus['birds']): Record<string, unknown> {
  const status = birds[family];
  const answer = speakerFor(family, birds);
  return {
    family: `IPv${family}`,
    answered: answer !== undefined,
    socket: answer?.path ?? null,
    version: answer?.version ?? null,
    routerId: answer?.routerId ?? null,
    gracefulRestartRecovery: answer?.recovering ?? null,
    otherBgpProtocols: answer?.others.map(({ name, state, since, info }) => ({ name, state, since, info })) ?? [],
    tried: 'failures' in status ? status.failures.map(({ path, reason, message }) => ({ socket: path, reason, message })) : [],
  };
}

function peerDocument(peer: ObservedPeer, explanation: string | undefined): Record<string, unknown> {
  const { details } = peer;
  return {
    protocol: peer.name,
    family: `IPv${peer.family}`,
    address: peer.address,
    port: peer.port ?? null,
    type: CLASS_TEXT[peer.peerClass],
    asNumber: details.neighborAs ?? null,
    localAddress: details.localAddress ?? null,
    localAsNumber: details.localAs ?? null,
    state: peer.state,
    since: peer.since,
    session: peer.session ?? null,
    info: peer.info,
    established: isEstablished(peer),
    explanation: explanation ?? null,
  };
}

function comparisonDocument(comparison: NodeStatus['comparison']): Record<string, unknown> {
  if (!isCompared(comparison)) return { compared: false, reason: comparison.reason, expected: null, missing: [], unexpected: [], otherAsNumber: [] };
  const { expected, missing, unexpected, otherAs, noPeers } = comparison;
  return {
    compared: true,
    reason: noPeers ?? null,
    expected: expected.length,
    missing: missing.map(expectedDocument),
    unexpected: unexpected.map(({ name }) => name),
    otherAsNumber: otherAs.map(({ peer, asNumber }) => ({ protocol: peer.name, bird: peer.details.neighborAs, datastore: asNumber })),
  };
}

function expectedDocument(peer: ExpectedPeer): Record<string, unknown> {
  return {
    address: peer.address,
    port: peer.port ?? null,
    type: CLASS_TEXT[peer.peerClass],
    asNumber: peer.asNumber ?? null,
    node: peer.node ?? null,
    bgpPeer: peer.bgpPeer ?? null,
  };
}
