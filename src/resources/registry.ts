import { pluralInKey } from './keys.js';
import type { ClassicKind, Dialect, Kind, StoredKind } from './kind.js';
import { similar } from '../text/similar.js';
import { bgpPeer as classicBgpPeer } from './v1/bgp-peer.js';
import { hostEndpoint as classicHostEndpoint } from './v1/host-endpoint.js';
import { ipPool as classicIpPool } from './v1/ip-pool.js';
import { node as classicNode } from './v1/node.js';
import { policy as classicPolicy } from './v1/policy.js';
import { profile as classicProfile } from './v1/profile.js';
import { workloadEndpoint as classicWorkloadEndpoint } from './v1/workload-endpoint.js';
import { bgpConfiguration } from './v3/bgp-configuration.js';
import { bgpFilter } from './v3/bgp-filter.js';
import { bgpPeer } from './v3/bgp-peer.js';
import { clusterInformation } from './v3/cluster-information.js';
import { felixConfiguration } from './v3/felix-configuration.js';
import { globalNetworkPolicy } from './v3/global-network-policy.js';
import { globalNetworkSet } from './v3/global-network-set.js';
import { hostEndpoint } from './v3/host-endpoint.js';
import { ipPool } from './v3/ip-pool.js';
import { ipReservation } from './v3/ip-reservation.js';
import { kubeControllersConfiguration } from './v3/kube-controllers-configuration.js';
import { networkPolicy } from './v3/network-policy.js';
import { networkSet } from './v3/network-set.js';
import { node } from './v3/node.js';
import { profile } from './v3/profile.js';
import { stagedGlobalNetworkPolicy } from './v3/staged-global-network-policy.js';
import { stagedKubernetesNetworkPolicy } from './v3/staged-kubernetes-network-policy.js';
import { stagedNetworkPolicy } from './v3/staged-network-policy.js';
import { tier } from './v3/tier.js';
import { workloadEndpoint } from './v3/workload-endpoint.js';

/** Every kind that is stored. A new kind is added here and nowhere else. */
export const STORED_KINDS: readonly StoredKind[] = [
  bgpConfiguration,
  bgpFilter,
  bgpPeer,
  clusterInformation,
  felixConfiguration,
  globalNetworkPolicy,
  globalNetworkSet,
  hostEndpoint,
  ipPool,
  ipReservation,
  kubeControllersConfiguration,
  networkPolicy,
  networkSet,
  node,
  profile,
  stagedGlobalNetworkPolicy,
  stagedKubernetesNetworkPolicy,
  stagedNetworkPolicy,
  tier,
  workloadEndpoint,
];

/** Every kind of the classic language. */
export const CLASSIC_KINDS: readonly ClassicKind[] = [
  classicNode,
  classicHostEndpoint,
  classicWorkloadEndpoint,
  classicProfile,
  classicPolicy,
  classicIpPool,
  classicBgpPeer,
];

/** The kind a document names, by its exact spelling. */
export function kindOfDocument(apiVersion: string, kind: string): Kind | undefined {
  if (apiVersion === 'v1') return CLASSIC_KINDS.find((each) => each.kind === kind);
  return apiVersion === 'projectcalico.org/v3' ? STORED_KINDS.find((each) => each.kind === kind) : undefined;
}

/** The kind an operator means by a word of the command line, in a dialect. Words that only the other dialect knows mean its kind. */
export function kindOfWord(word: string, dialect: Dialect): Kind | undefined {
  const lower = word.toLowerCase();
  const first: readonly Kind[] = dialect === 'v1' ? CLASSIC_KINDS : STORED_KINDS;
  const second: readonly Kind[] = dialect === 'v1' ? STORED_KINDS : CLASSIC_KINDS;
  return first.find((each) => each.words.includes(lower)) ?? second.find((each) => each.words.includes(lower));
}

/** The classic kind that is stored as this one. */
export function classicOf(stored: StoredKind): ClassicKind | undefined {
  return CLASSIC_KINDS.find((each) => each.stored === stored);
}

/** The kind as which a dialect shows what is stored: the classic language has not all of them. */
export function shownKind(stored: StoredKind, dialect: Dialect): Kind {
  return dialect === 'v1' ? (classicOf(stored) ?? stored) : stored;
}

let byPlural: ReadonlyMap<string, StoredKind> | undefined;

/** The kind among whose keys a key stands; undefined for the key of anything else. */
export function storedKindOfKey(key: string): StoredKind | undefined {
  byPlural ??= new Map(STORED_KINDS.map((kind) => [kind.plural, kind]));
  return byPlural.get(pluralInKey(key) ?? '');
}

/** The nearest kind name to a misspelt one, for "did you mean". */
export function similarKind(kind: string, dialect: Dialect | undefined): string | undefined {
  const kinds: readonly Kind[] = dialect === 'v1' ? CLASSIC_KINDS : dialect === 'v3' ? STORED_KINDS : [...CLASSIC_KINDS, ...STORED_KINDS];
  return similar(kind, kinds.map((each) => each.kind));
}
