import type { StoredKind, StoredObject } from '../../resources/kind.js';
import { hostEndpoint } from '../../resources/v3/host-endpoint.js';
import { kubeControllersConfiguration } from '../../resources/v3/kube-controllers-configuration.js';
import { node } from '../../resources/v3/node.js';
import { workloadEndpoint } from '../../resources/v3/workload-endpoint.js';

/** Kinds whose objects come from plugins, nodes and controllers more often than from manifests: pruned only where they are named. */
export const ONLY_IF_NAMED: readonly StoredKind[] = [workloadEndpoint, hostEndpoint, node, kubeControllersConfiguration];

/** Names of what Calico's controllers make of Kubernetes and OpenStack: policies, and profiles of namespaces and accounts (reference/storage 1.4, 3.8). */
const FROM_ORCHESTRATOR = /^(?:knp|kcnp|ossg)\.|^(?:kns|ksa)\../;
/** The label of host endpoints that kube-controllers makes of nodes. */
const MADE_BY = 'projectcalico.org/created-by';

/** Whether the cluster makes an object itself, and would miss it or make it anew: no manifest has to have it. */
export function isClusterMade(kind: StoredKind, { metadata }: StoredObject): boolean {
  return kind.readOnly?.({ metadata }, 'delete') !== undefined || FROM_ORCHESTRATOR.test(metadata.name) || metadata.labels?.[MADE_BY] !== undefined;
}
