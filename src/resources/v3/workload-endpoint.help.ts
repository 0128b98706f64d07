import type { HelpOf, KindHelp } from '../field-help.js';
import { metadataHelp } from './metadata.help.js';
import { portHelp } from './ports.help.js';
import { qosHelp } from './qos-controls.help.js';
import type { WorkloadEndpointSpec } from './workload-endpoint.js';

const spec: HelpOf<WorkloadEndpointSpec> = {
  orchestrator: ['What made the workload: k8s, cni, openstack, libnetwork or another.', 'k8s'],
  workload: ['The name of the workload, for orchestrators other than k8s, cni and libnetwork.', 'vm-7'],
  node: ['The node that the workload runs on.', 'host1'],
  containerID: ['The id of the container.', '1337495556942031415926535'],
  pod: ['The name of the pod, for the orchestrator k8s.', 'web-1'],
  endpoint: ['The name of the interface inside of the workload.', 'eth0'],
  serviceAccountName: ['The Kubernetes service account of the pod.', 'frontend'],
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
  profiles: ['Names of the profiles of the endpoint; for pods those of namespace and service account.', ['kns.production', 'ksa.production.frontend']],
  interfaceName: ["The name of the interface on the host's side.", 'cali0ef24ba'],
  mac: ["The MAC address of the workload's side.", 'ca:fe:1d:52:bb:e9'],
  ports: {
    help: 'Names for ports of the workload, which rules may use, and ports of the host that lead to them.',
    example: [{ name: 'http', protocol: 'TCP', port: 8080 }],
    fields: {
      ...portHelp,
      hostPort: ['The port of the host that leads to this one; 0 means none.', 80, 0],
      hostIP: ['The address of the host at which hostPort is open.', '10.0.0.5'],
    },
  },
  allowSpoofedSourcePrefixes: ['Networks that the workload may send from besides its own addresses, where workloadSourceSpoofing of Felix allows it.', ['192.0.2.0/24']],
  qosControls: { help: "Limits and marks of the workload's traffic.", example: { ingressBandwidth: 10000000 }, fields: qosHelp },
};

/** Help for WorkloadEndpoint. */
export const workloadEndpointHelp: KindHelp = {
  help: 'An interface of a container or virtual machine, made by the orchestrator; its name follows from node, orchestrator, workload and endpoint.',
  example: {
    metadata: { namespace: 'production', labels: { role: 'web' } },
    spec: { node: 'host1', orchestrator: 'k8s', pod: 'web-1', endpoint: 'eth0', interfaceName: 'cali0ef24ba', ipNetworks: ['10.0.0.7/32'], profiles: ['kns.production'] },
  },
  metadata: metadataHelp,
  spec,
};
