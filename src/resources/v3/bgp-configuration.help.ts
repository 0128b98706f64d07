import { varies, type HelpOf, type KindHelp } from '../field-help.js';
import type { BgpConfigurationSpec } from './bgp-configuration.js';
import { metadataHelp } from './metadata.help.js';
import { PASSWORD, passwordHelp } from './secret-key.help.js';

const networks = { cidr: ['The network.', '10.96.0.0/12'] } as const;

const spec: HelpOf<BgpConfigurationSpec> = {
  logSeverityScreen: ['The least severe messages of BIRD that are logged: Debug tells all, Info tells changes of sessions.', 'Info'],
  nodeToNodeMeshEnabled: ['Whether every node has a BGP session with every other; only in "default".', false, true],
  asNumber: ['The AS number of nodes that have none of their own; only in "default".', 64512, 64512],
  serviceLoadBalancerIPs: { help: 'Networks of load balancer addresses that nodes advertise for Kubernetes services; only in "default".', example: [{ cidr: '203.0.113.0/24' }], fields: networks },
  serviceExternalIPs: { help: 'Networks of external addresses that nodes advertise for Kubernetes services; only in "default".', example: [{ cidr: '198.51.100.0/24' }], fields: networks },
  serviceClusterIPs: { help: 'Networks of cluster addresses that nodes advertise for Kubernetes services; only in "default".', example: [{ cidr: '10.96.0.0/12' }], fields: networks },
  serviceLoadBalancerAggregation: ['Whether load balancer addresses are advertised as whole networks, or each by itself from the nodes that have endpoints.', 'Disabled'],
  communities: {
    help: 'Names for BGP communities, which prefixAdvertisements use.',
    example: [{ name: 'customers', value: '64512:100' }],
    fields: {
      name: ['The name of the community.', 'customers'],
      value: ['The community: aa:nn, or aa:nn:mm for a large one.', '64512:100'],
    },
  },
  prefixAdvertisements: {
    help: 'Communities to add to the routes of networks.',
    example: [{ cidr: '10.0.0.0/16', communities: ['64512:100'] }],
    fields: {
      cidr: ['The network, whose routes and those inside of it get the communities.', '10.0.0.0/16'],
      communities: ['Communities, by name or by value.', ['64512:100']],
    },
  },
  listenPort: ['The TCP port that BIRD listens on.', 179, 179],
  nodeMeshPassword: { help: 'The password of the sessions between nodes; only in "default", and with the mesh.', example: PASSWORD, fields: passwordHelp },
  nodeMeshMaxRestartTime: ['How long the routes of a node stay while its BGP restarts, in sessions between nodes; only in "default", and with the mesh.', '2m0s', varies('BIRD: 2m0s')],
  bindMode: ["Whether BIRD listens on all addresses, or on the node's own alone.", 'NodeIP', 'None'],
  ignoredInterfaces: ['Names of interfaces whose networks BIRD does not learn; * stands for any characters.', ['eth9', 'docker*'], varies('none')],
  localWorkloadPeeringIPV4: ['The IPv4 address that nodes have towards workloads that they peer with.', '169.254.1.1'],
  localWorkloadPeeringIPV6: ['The IPv6 address that nodes have towards workloads that they peer with.', 'fd00::1'],
  programClusterRoutes: ['Whether BIRD makes the routes to the workloads of other nodes; Felix has a setting of this name, and one of the two has to.', 'Enabled', 'Enabled'],
  ipv4NormalRoutePriority: ['The metric of IPv4 routes that BIRD makes; it should be that of Felix.', 1024, 1024],
  ipv6NormalRoutePriority: ['The metric of IPv6 routes that BIRD makes; it should be that of Felix.', 1024, 1024],
};

/** Help for BGPConfiguration. */
export const bgpConfigurationHelp: KindHelp = {
  help: 'Settings of BGP: for the cluster ("default") or for one node ("node.NAME").',
  example: { metadata: { name: 'default' }, spec: { asNumber: 64512, nodeToNodeMeshEnabled: true } },
  metadata: metadataHelp,
  spec,
};
