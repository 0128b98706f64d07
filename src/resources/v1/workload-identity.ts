import type { AsStored } from '../fields/field.js';
import { ConversionError } from '../kind.js';
import { dnsLabelProblem, subdomainProblem } from '../v3/names.js';
import type { EndpointIdentifiers } from '../v3/workload-endpoint-name.js';
import { metadataPath, named } from './classic-kind.js';
import { storedName, storedNodeName } from './names.js';
import type { WorkloadMetadata } from './workload-endpoint.js';

/** What of a v3 workload endpoint identifies it, in the order of the stored JSON, and its namespace. */
export interface StoredIdentity {
  readonly namespace: string;
  readonly identifiers: EndpointIdentifiers;
}

const DEFAULT_NAMESPACE = 'default';

/**
 * Where the identifiers of a classic endpoint go in v3 (reference/storage 4.3). Identifiers that v3 does not allow, and
 * workloads of Kubernetes that are no `namespace.pod`, are renamed: the endpoint's own words bring them back.
 */
export function storedIdentity(metadata: AsStored<WorkloadMetadata>): StoredIdentity {
  const orchestrator = named(metadata, 'orchestrator');
  const workload = named(metadata, 'workload');
  const node = storedNodeName(named(metadata, 'node'));
  const endpoint = storedName(named(metadata, 'name'));
  switch (orchestrator) {
    case 'k8s': {
      const { namespace, pod } = podOf(workload);
      const instance = named(metadata, 'activeInstanceID');
      return { namespace, identifiers: { orchestrator, node, ...(instance === '' ? {} : { containerID: instance }), pod, endpoint } };
    }
    case 'cni':
      return { namespace: DEFAULT_NAMESPACE, identifiers: { orchestrator, node, containerID: subdomainProblem(workload) === undefined ? workload : storedName(workload), endpoint } };
    case 'libnetwork':
      return { namespace: DEFAULT_NAMESPACE, identifiers: { orchestrator, workload: 'libnetwork', node, endpoint } };
    default:
      return { namespace: DEFAULT_NAMESPACE, identifiers: { orchestrator: storedName(orchestrator), workload: storedName(workload), node, endpoint } };
  }
}

interface Pod {
  readonly namespace: string;
  readonly pod: string;
}

function podOf(workload: string): Pod {
  const dot = workload.indexOf('.');
  const namespace = workload.slice(0, dot);
  const pod = workload.slice(dot + 1);
  if (dot > 0 && dnsLabelProblem(namespace) === undefined && subdomainProblem(pod) === undefined) return { namespace, pod };
  return { namespace: DEFAULT_NAMESPACE, pod: storedName(workload) };
}

/** Why Calico's own converter refuses the endpoint, or undefined (reference/storage 4.3). */
export function converterProblem(metadata: AsStored<WorkloadMetadata>): ConversionError | undefined {
  const workload = named(metadata, 'workload');
  if (metadata.orchestrator !== 'k8s' || workload.includes('.')) return undefined;
  return new ConversionError(`malformed k8s workload ID '${workload}': workload was not added through the Calico CNI plugin and cannot be converted`, metadataPath('workload'));
}
