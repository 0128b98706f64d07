import type { KindHelp } from './field-help.js';
import type { Dialect, Kind } from './kind.js';
import { bgpPeerHelp as classicBgpPeer } from './v1/bgp-peer.help.js';
import { hostEndpointHelp as classicHostEndpoint } from './v1/host-endpoint.help.js';
import { ipPoolHelp as classicIpPool } from './v1/ip-pool.help.js';
import { nodeHelp as classicNode } from './v1/node.help.js';
import { policyHelp as classicPolicy } from './v1/policy.help.js';
import { profileHelp as classicProfile } from './v1/profile.help.js';
import { workloadEndpointHelp as classicWorkloadEndpoint } from './v1/workload-endpoint.help.js';
import { bgpConfigurationHelp } from './v3/bgp-configuration.help.js';
import { bgpFilterHelp } from './v3/bgp-filter.help.js';
import { bgpPeerHelp } from './v3/bgp-peer.help.js';
import { clusterInformationHelp } from './v3/cluster-information.help.js';
import { felixConfigurationHelp } from './v3/felix-configuration.help.js';
import { globalNetworkPolicyHelp } from './v3/global-network-policy.help.js';
import { globalNetworkSetHelp } from './v3/global-network-set.help.js';
import { hostEndpointHelp } from './v3/host-endpoint.help.js';
import { ipPoolHelp } from './v3/ip-pool.help.js';
import { ipReservationHelp } from './v3/ip-reservation.help.js';
import { kubeControllersConfigurationHelp } from './v3/kube-controllers-configuration.help.js';
import { networkPolicyHelp } from './v3/network-policy.help.js';
import { networkSetHelp } from './v3/network-set.help.js';
import { nodeHelp } from './v3/node.help.js';
import { profileHelp } from './v3/profile.help.js';
import { stagedGlobalNetworkPolicyHelp } from './v3/staged-global-network-policy.help.js';
import { stagedKubernetesNetworkPolicyHelp } from './v3/staged-kubernetes-network-policy.help.js';
import { stagedNetworkPolicyHelp } from './v3/staged-network-policy.help.js';
import { tierHelp } from './v3/tier.help.js';
import { workloadEndpointHelp } from './v3/workload-endpoint.help.js';

const HELP: Readonly<Record<Dialect, Readonly<Record<string, KindHelp>>>> = {
  v1: {
    bgpPeer: classicBgpPeer,
    hostEndpoint: classicHostEndpoint,
    ipPool: classicIpPool,
    node: classicNode,
    policy: classicPolicy,
    profile: classicProfile,
    workloadEndpoint: classicWorkloadEndpoint,
  },
  v3: {
    BGPConfiguration: bgpConfigurationHelp,
    BGPFilter: bgpFilterHelp,
    BGPPeer: bgpPeerHelp,
    ClusterInformation: clusterInformationHelp,
    FelixConfiguration: felixConfigurationHelp,
    GlobalNetworkPolicy: globalNetworkPolicyHelp,
    GlobalNetworkSet: globalNetworkSetHelp,
    HostEndpoint: hostEndpointHelp,
    IPPool: ipPoolHelp,
    IPReservation: ipReservationHelp,
    KubeControllersConfiguration: kubeControllersConfigurationHelp,
    NetworkPolicy: networkPolicyHelp,
    NetworkSet: networkSetHelp,
    Node: nodeHelp,
    Profile: profileHelp,
    StagedGlobalNetworkPolicy: stagedGlobalNetworkPolicyHelp,
    StagedKubernetesNetworkPolicy: stagedKubernetesNetworkPolicyHelp,
    StagedNetworkPolicy: stagedNetworkPolicyHelp,
    Tier: tierHelp,
    WorkloadEndpoint: workloadEndpointHelp,
  },
};

/** What is said of a kind and its fields. Only `explain` and `schema` load this. */
export function helpOf({ dialect, kind }: Kind): KindHelp {
  const help = HELP[dialect][kind];
  if (help === undefined) throw new Error(`there is no help for ${kind}: write src/resources/${dialect}/*.help.ts`);
  return help;
}
