import { podInterfaceName } from '../host/workload/attach.js';
import type { Encapsulation } from './plan.js';

/** A workload of the tenant network that a lab has where no other is given. */
export interface TenantWorkload {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Two frontends, a backend and the database of one tenant. */
export const TENANT: readonly TenantWorkload[] = [
  { name: 'frontend-1', labels: { service: 'frontend' } },
  { name: 'frontend-2', labels: { service: 'frontend' } },
  { name: 'backend', labels: { service: 'backend' } },
  { name: 'database', labels: { service: 'database' } },
];

export const NAMESPACE = 'default';
/** The name of the network, as the plugin of a cluster is given one: that of the profile that its workloads get. */
export const NETWORK = 'lab';

/** Before any policy the workloads of one network may talk to one another and to the world (reference/network-plugin 2). */
export const PROFILE = {
  apiVersion: 'projectcalico.org/v3',
  kind: 'Profile',
  metadata: { name: NETWORK },
  spec: { labelsToApply: { [NETWORK]: '' }, ingress: [{ action: 'Allow', source: { selector: `has(${NETWORK})` } }], egress: [{ action: 'Allow' }] },
};

/** The pool of a lab's addresses. */
export const POOL = '10.65.0.0/16';

/** The document of a pool. */
export function poolOf(name: string, cidr: string, encapsulation: Encapsulation): object {
  return {
    apiVersion: 'projectcalico.org/v3',
    kind: 'IPPool',
    metadata: { name },
    spec: { cidr, ipipMode: 'Never', vxlanMode: encapsulation === 'vxlan' ? 'Always' : 'Never', natOutgoing: true },
  };
}

/** The document of a workload's endpoint, as the network plugin writes it. */
export function endpointOf({ name, labels }: TenantWorkload, node: string, addresses: readonly string[], mac: string): object {
  return {
    apiVersion: 'projectcalico.org/v3',
    kind: 'WorkloadEndpoint',
    metadata: { namespace: NAMESPACE, labels: { ...labels } },
    spec: { node, orchestrator: 'k8s', pod: name, endpoint: 'eth0', interfaceName: podInterfaceName(NAMESPACE, name), mac, ipNetworks: addresses, profiles: [NETWORK] },
  };
}
