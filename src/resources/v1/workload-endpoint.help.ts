import type { HelpOf, KindHelp } from '../field-help.js';
import type { Of } from '../fields/field.js';
import type { workloadEndpoint } from './workload-endpoint.js';

const metadata: HelpOf<Of<typeof workloadEndpoint.metadata>> = {
  name: ['The name of the interface inside of the workload; create makes one up where none is given.', 'eth0'],
  workload: ['The name of the workload; for k8s the namespace, a dot and the pod.', 'production.web-1'],
  orchestrator: ['What made the workload: k8s, cni, openstack, libnetwork or another.', 'k8s'],
  node: ['The node that the workload runs on.', 'host1'],
  activeInstanceID: ['The instance of the workload that runs; for k8s the id of the container.', '1337495556942031415926535'],
  labels: ['Labels, by which policies choose the endpoint.', { role: 'web' }],
};

const spec: HelpOf<Of<typeof workloadEndpoint.spec>> = {
  ipNetworks: ['The addresses of the endpoint, each with the length of one address or none.', ['10.0.0.7/32']],
  ipNATs: {
    help: 'Other addresses under which the endpoint can be reached.',
    example: [{ internalIP: '10.0.0.7', externalIP: '203.0.113.7' }],
    fields: {
      internalIP: ['The address of the endpoint, one of its ipNetworks.', '10.0.0.7'],
      externalIP: ['The address under which it can be reached, of the same family.', '203.0.113.7'],
    },
  },
  ipv4Gateway: ['The IPv4 gateway of the workload.', '169.254.1.1'],
  ipv6Gateway: ['The IPv6 gateway of the workload.', 'fe80::1'],
  profiles: ['Names of the profiles of the endpoint.', ['frontend']],
  interfaceName: ["The name of the interface on the host's side.", 'cali0ef24ba'],
  mac: ["The MAC address of the workload's side.", 'ca:fe:1d:52:bb:e9'],
};

/** Help for workloadEndpoint. */
export const workloadEndpointHelp: KindHelp = {
  help: 'An interface of a container or virtual machine, made by the orchestrator; identified by node, orchestrator, workload and name.',
  example: {
    metadata: { name: 'eth0', node: 'host1', orchestrator: 'k8s', workload: 'production.web-1', labels: { role: 'web' } },
    spec: { interfaceName: 'cali0ef24ba', ipNetworks: ['10.0.0.7/32'], profiles: ['frontend'] },
  },
  metadata,
  spec,
};
