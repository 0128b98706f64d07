import { portsOf, type Comparison } from '../bgp/compare.js';
import { explainPeer } from '../bgp/explain.js';
import type { BirdAnswer, BirdStatus } from '../bgp/local-status.js';
import type { Family } from '../bgp/peer-name.js';
import { isEstablished, type ObservedPeer } from '../bgp/protocols.js';
import { isBird, isCalicoProcess, sharesNetwork, startedWith, type Process } from '../host/processes.js';

/** The address families, in the order in which they are shown. */
export const FAMILIES = [4, 6] as const;

/** What was found out about this node. */
export interface NodeStatus {
  readonly name: string;
  /** Whether Calico's own process, Felix as a rule, is among the processes. */
  readonly calicoRuns: boolean;
  /** What CALICO_NETWORKING_BACKEND of that process says where it means that the node speaks no BGP. */
  readonly withoutBgp?: string | undefined;
  /** The families whose BIRD is among the processes. */
  readonly birdRuns: ReadonlySet<Family>;
  readonly birds: Readonly<Record<Family, BirdStatus>>;
  /** The comparison with the datastore, or why there is none. */
  readonly comparison: Comparison | { readonly reason: string };
}

/** Backends without BGP (reference/node-agent 9). */
const WITHOUT_BGP: readonly (string | undefined)[] = ['none', 'vxlan'];

function networkingBackend(process: Process): string | undefined {
  return sharesNetwork(process) ? startedWith(process, 'CALICO_NETWORKING_BACKEND') : undefined;
}

/** What the processes of the host say. */
export function processFacts(processes: readonly Process[], backendOf = networkingBackend): Pick<NodeStatus, 'calicoRuns' | 'withoutBgp' | 'birdRuns'> {
  const ofCalico = processes.filter(isCalicoProcess);
  const withoutBgp = ofCalico.map(backendOf).find((backend) => WITHOUT_BGP.includes(backend));
  return { calicoRuns: ofCalico.length > 0, withoutBgp, birdRuns: new Set(FAMILIES.filter((family) => processes.some((each) => isBird(each, family)))) };
}

/** The BIRDs that answered. */
export function answersOf({ birds }: Pick<NodeStatus, 'birds'>): BirdAnswer[] {
  return FAMILIES.flatMap((family) => answerOf(birds[family]) ?? []);
}

function answerOf(status: BirdStatus): BirdAnswer | undefined {
  return 'answer' in status ? status.answer : undefined;
}

/** The BIRD that speaks for a family: its own, or a BIRD 2, which speaks for both. */
export function speakerFor(family: Family, birds: NodeStatus['birds']): BirdAnswer | undefined {
  const other = answerOf(birds[family === 4 ? 6 : 4]);
  return answerOf(birds[family]) ?? (other !== undefined && !other.version.startsWith('1.') ? other : undefined);
}

/** Every peer that the BIRDs have. */
export function observedPeers(status: Pick<NodeStatus, 'birds'>): ObservedPeer[] {
  return answersOf(status).flatMap(({ peers }) => peers);
}

/** Whether the comparison could be made. */
export function isCompared(comparison: NodeStatus['comparison']): comparison is Comparison {
  return 'expected' in comparison;
}

/** Whether the sessions are as they should be: every BIRD answers, and every peer that is or should be is Established. A node without BGP needs no BIRD. */
export function isHealthy(status: NodeStatus): boolean {
  const { comparison, birds } = status;
  const failed = FAMILIES.some((family) => isBroken(family, status));
  const missing = isCompared(comparison) && comparison.missing.length > 0;
  const speaks = status.withoutBgp !== undefined || FAMILIES.some((family) => 'answer' in birds[family]);
  return !failed && speaks && !missing && observedPeers(status).every(isEstablished);
}

/** Whether the BIRD of a family is there and does not answer as it should. A host without IPv6 need not have one. */
export function isBroken(family: Family, { birds, birdRuns }: Pick<NodeStatus, 'birds' | 'birdRuns'>): boolean {
  const status = birds[family];
  if ('answer' in status || speakerFor(family, birds) !== undefined) return false;
  return birdRuns.has(family) || status.failures.some(({ reason }) => reason !== 'missing' && reason !== 'nobody');
}

/** The address and AS number with which this node speaks BGP: as BIRD has them, else as its Node says. */
export interface LocalBgp {
  readonly addresses: readonly string[];
  readonly asNumbers: readonly number[];
}

/** See LocalBgp. Several AS numbers are possible, as a peer may be given one of its own. */
export function localBgp(status: NodeStatus): LocalBgp {
  const peers = observedPeers(status);
  const { comparison } = status;
  const ofPeers = <T>(read: (peer: ObservedPeer) => T | undefined): T[] => [...new Set(peers.flatMap((peer) => read(peer) ?? []))];
  const addresses = ofPeers(({ details }) => details.localAddress);
  const asNumbers = ofPeers(({ details }) => details.localAs);
  const node = isCompared(comparison) ? comparison.node : undefined;
  const stored = FAMILIES.flatMap((family) => node?.addresses[family] ?? []);
  return {
    addresses: [...addresses, ...stored.filter((each) => !addresses.some((other) => other.includes(':') === each.includes(':')))],
    asNumbers: asNumbers.length > 0 || node === undefined ? asNumbers : [node.asNumber],
  };
}

/** What the state of a peer means; undefined for a session that stands. */
export function explained(peer: ObservedPeer, { comparison }: Pick<NodeStatus, 'comparison'>): string | undefined {
  return explainPeer(peer, isCompared(comparison) ? portsOf(comparison, peer) : {});
}
