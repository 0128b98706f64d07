/** What identifies a workload endpoint (reference/storage 1.6). */
export interface EndpointIdentifiers {
  readonly node?: string;
  readonly orchestrator?: string;
  readonly workload?: string;
  readonly containerID?: string;
  readonly pod?: string;
  readonly endpoint?: string;
}

/** Where the third part of the name comes from. */
const WORKLOAD_FIELDS: Readonly<Record<string, keyof EndpointIdentifiers>> = { k8s: 'pod', cni: 'containerID', libnetwork: 'orchestrator' };

/** The fields that make up the name of an endpoint, in the order of its parts. */
export function identifyingFields(identifiers: EndpointIdentifiers): readonly (keyof EndpointIdentifiers)[] {
  const orchestrator = identifiers.orchestrator ?? '';
  const workload = Object.hasOwn(WORKLOAD_FIELDS, orchestrator) ? (WORKLOAD_FIELDS[orchestrator] as keyof EndpointIdentifiers) : 'workload';
  return ['node', 'orchestrator', workload, 'endpoint'];
}

/**
 * The name of the workload endpoint with these identifiers: `node-orchestrator-workload-endpoint`, with every "-" inside
 * a part doubled (reference/storage 1.6). Undefined where a part is missing or begins or ends with "-".
 */
export function workloadEndpointName(identifiers: EndpointIdentifiers): string | undefined {
  const parts: string[] = [];
  for (const field of identifyingFields(identifiers)) {
    const part: unknown = identifiers[field];
    if (typeof part !== 'string' || part === '' || part.startsWith('-') || part.endsWith('-')) return undefined;
    parts.push(part.replace(/-/g, '--'));
  }
  return parts.join('-');
}
