const HOSTS = 100;

/** One address of 10.0.0.0/8 per endpoint. */
function address(index: number): string {
  return `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
}

/** Endpoints as Calico 3 writes them, in one list, as the official tool was measured (reference/speed 6). */
export function storedEndpoints(count: number, first = 0): string {
  const items = Array.from({ length: count }, (_, at) => {
    const index = first + at;
    const host = `host${index % HOSTS}`;
    return `- apiVersion: projectcalico.org/v3
  kind: WorkloadEndpoint
  metadata:
    name: ${host}-openstack-workload${index}-eth0
    namespace: default
    labels:
      role: frontend
      app: app${index % 50}
  spec:
    node: ${host}
    orchestrator: openstack
    workload: workload${index}
    endpoint: eth0
    interfaceName: cali${index}
    mac: ee:ee:ee:ee:ee:ee
    ipNetworks:
    - ${address(index)}/32
    profiles:
    - profile1
`;
  });
  return `apiVersion: projectcalico.org/v3\nkind: WorkloadEndpointList\nitems:\n${items.join('')}`;
}

/** The same endpoints in the classic language, a document each. */
export function classicEndpoints(count: number): string {
  return Array.from({ length: count }, (_, index) => `---
apiVersion: v1
kind: workloadEndpoint
metadata:
  name: eth0
  workload: workload${index}
  orchestrator: openstack
  node: host${index % HOSTS}
  labels:
    role: frontend
    app: app${index % 50}
spec:
  interfaceName: cali${index}
  mac: ee:ee:ee:ee:ee:ee
  ipNetworks:
  - ${address(index)}/32
  profiles:
  - profile1
`).join('');
}

/** A small manifest, and the policy of `get policy NAME`. */
export { WARM_MANIFEST as POLICY } from '../build/warm-runs.js';

/** The profile that the endpoints name. */
export const PROFILE = 'apiVersion: projectcalico.org/v3\nkind: Profile\nmetadata:\n  name: profile1\nspec:\n  labelsToApply:\n    team: blue\n';
