import { workloadEndpointName, type EndpointIdentifiers } from '../../resources/v3/workload-endpoint-name.js';
import { containerInterfaceName, podInterfaceName } from '../../host/workload/attach.js';
import { FAILURE, Failure } from '../failure.js';

/** Which workload a call is about. Which of its interfaces, `ifname` of the call says. */
export interface Workload {
  readonly node: string;
  readonly namespace: string;
  readonly containerId: string;
  /** The name of the pod; absent for a container that is none of Kubernetes. */
  readonly pod?: string | undefined;
}

/** What made a workload, as its endpoint says (reference/network-plugin 10.1). */
export function orchestratorOf({ pod }: Workload): 'k8s' | 'cni' {
  return pod === undefined ? 'cni' : 'k8s';
}

/** What the name of a workload's endpoint is made of. */
export function identifiersOf(workload: Workload, endpoint: string): EndpointIdentifiers {
  return { node: workload.node, orchestrator: orchestratorOf(workload), containerID: workload.containerId, pod: workload.pod, endpoint };
}

/** The name of the endpoint of one of a workload's interfaces (reference/network-plugin 10.1). Throws Failure where none can be made. */
export function endpointName(workload: Workload, ifname: string): string {
  const name = workloadEndpointName(identifiersOf(workload, ifname));
  if (name !== undefined) return name;
  const parts = [workload.node, workload.pod ?? workload.containerId, ifname].map((part) => JSON.stringify(part));
  throw new Failure(FAILURE.invalidConfig, `no endpoint can be named after ${parts.join(', ')}: none of them may be empty or begin or end with "-"`);
}

/** What the names of all endpoints of a workload begin with; others may, too. Throws Failure as endpointName does. */
export function endpointPrefix(workload: Workload): string {
  return endpointName(workload, 'x').slice(0, -1);
}

/** What the names of endpoints begin with whose containers have ids that begin so. Throws Failure as endpointName does. */
export function endpointsBeginning(workload: Workload, id: string): string {
  const dashed = (text: string): string => text.replaceAll('-', '--');
  return endpointPrefix(workload).slice(0, -1 - dashed(workload.containerId).length) + dashed(id);
}

/** Whether an endpoint of the namespace is the workload's, by its name: whatever it is called inside (reference/network-plugin 10.2). */
export function isNamedAfter(workload: Workload, name: string): boolean {
  const prefix = endpointPrefix(workload);
  const rest = name.slice(prefix.length);
  // A single "-" ends a part of the name, so that it is another workload whose name begins as this one's does.
  return name.startsWith(prefix) && rest !== '' && !rest.startsWith('-') && !rest.replaceAll('--', '').includes('-');
}

/** The name of the interface on the host's side (reference/network-plugin 1.1). `prefix` is FELIX_INTERFACEPREFIX. */
export function hostInterfaceName({ namespace, pod, containerId }: Workload, prefix: string | undefined): string {
  if (pod === undefined) return containerInterfaceName(containerId);
  const [first = ''] = (prefix ?? '').split(',');
  return podInterfaceName(namespace, pod, first === '' ? undefined : first);
}
