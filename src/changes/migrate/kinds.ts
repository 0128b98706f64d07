import type { StoredKind } from '../../resources/kind.js';
import { bgpConfiguration } from '../../resources/v3/bgp-configuration.js';
import { bgpFilter } from '../../resources/v3/bgp-filter.js';
import { bgpPeer } from '../../resources/v3/bgp-peer.js';
import { felixConfiguration } from '../../resources/v3/felix-configuration.js';
import { globalNetworkPolicy } from '../../resources/v3/global-network-policy.js';
import { globalNetworkSet } from '../../resources/v3/global-network-set.js';
import { hostEndpoint } from '../../resources/v3/host-endpoint.js';
import { ipPool } from '../../resources/v3/ip-pool.js';
import { ipReservation } from '../../resources/v3/ip-reservation.js';
import { kubeControllersConfiguration } from '../../resources/v3/kube-controllers-configuration.js';
import { networkPolicy } from '../../resources/v3/network-policy.js';
import { networkSet } from '../../resources/v3/network-set.js';
import { node } from '../../resources/v3/node.js';
import { stagedGlobalNetworkPolicy } from '../../resources/v3/staged-global-network-policy.js';
import { stagedKubernetesNetworkPolicy } from '../../resources/v3/staged-kubernetes-network-policy.js';
import { stagedNetworkPolicy } from '../../resources/v3/staged-network-policy.js';
import { tier } from '../../resources/v3/tier.js';

/** The kinds that an export holds, in its order (reference/storage 5.4): endpoints of workloads and profiles come from Kubernetes. */
export const MIGRATED: readonly StoredKind[] = [
  ipPool, bgpPeer, tier, globalNetworkPolicy, stagedGlobalNetworkPolicy, globalNetworkSet, hostEndpoint, kubeControllersConfiguration, networkPolicy,
  stagedNetworkPolicy, stagedKubernetesNetworkPolicy, networkSet, node, bgpConfiguration, felixConfiguration, ipReservation, bgpFilter,
];

/** What stands between the three parts of an export: resources, ClusterInformation, address management. */
export const PART = '===\n';
