import type { AsStored } from '../fields/field.js';
import type { WorkloadEndpointSpec } from './workload-endpoint.js';

/** What identifies a workload endpoint (reference/storage 1.6), whatever it is. */
export type EndpointIdentifiers = AsStored<Pick<WorkloadEndpointSpec, 'node' | 'orchestrator' | 'workload' | 'containerID' | 'pod' | 'endpoint'>>;

/** Where the third part of the name comes from. */
const WORKLOAD_FIELDS: Readonly<Record<string, keyof EndpointIdentifiers>> = { k8s: 'pod', cni: 'containerID', libnetwork: 'orchestrator' };

/** The fields that make up the name of an endpoint, in the order of its parts. */
export function identifyingFields({ orchestrator }: EndpointIdentifiers): readonly (keyof EndpointIdentifiers)[] {
  const workload = typeof orchestrator === 'string' && Object.hasOwn(WORKLOAD_FIELDS, orchestrator) ? (WORKLOAD_FIELDS[orchestrator] as keyof EndpointIdentifiers) : 'workload';
  return ['node', 'orchestrator', workload, 'endpoint'];
}

/**
 * The name of the workload endpoint with these identifiers: `node-orchestrator-workload-endpoint`, with every "-" inside
 * a part doubled (reference/storage 1.6). Undefined where a part is missing or begins or ends with "-".
 */
export function workloadEndpointName(identifiers: EndpointIdentifiers): string | undefined {
  const parts: string[] = [];
  for (const field of identifyingFields(identifiers)) {
    const part = identifiers[field];
    if (typeof part !== 'string' || part === '' || part.startsWith('-') || part.endsWith('-')) return undefined;
    parts.push(part.replace(/-/g, '--'));
  }
  return parts.join('-');
}
