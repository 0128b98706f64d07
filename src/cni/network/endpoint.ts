import type { Data } from '../../base/data.js';
import { CalicoError } from '../../base/errors.js';
import { single } from '../../host/workload/interface-plan.js';
import { formatIp, parseIp, type Ip } from '../../net/address.js';
import type { StoredObject } from '../../resources/kind.js';
import { API_VERSION } from '../../resources/v3/document.js';
import type { PodFacts } from '../kubernetes/pod-facts.js';
import { endpointName, identifiersOf, type Workload } from './identity.js';

/** What an endpoint is made of. */
export interface EndpointParts {
  readonly workload: Workload;
  /** The name of the interface inside. */
  readonly ifname: string;
  readonly hostName: string;
  readonly mac: string;
  readonly addresses: readonly Ip[];
  /** The name of the network, which is that of its profile. */
  readonly network: string;
  /** The labels of a container that is no pod. */
  readonly labels: Readonly<Record<string, string>>;
  /** What Kubernetes says of the pod, where it was asked. */
  readonly facts?: PodFacts | undefined;
}

/**
 * The document of a workload's endpoint (reference/network-plugin 10.3). What a stored one has beside what follows from the call stays.
 * Throws CalicoError (`invalid-request`) for a translated address of a family that the workload has no address of.
 * @param stored the endpoint as it is, where there is one
 */
export function endpointDocument(parts: EndpointParts, stored?: StoredObject): Data {
  const { workload, ifname, network, facts } = parts;
  const isPod = workload.pod !== undefined;
  const labels = isPod ? (facts?.labels ?? {}) : parts.labels;
  const { generateName: _old, ...metadata } = stored?.metadata ?? {};
  return {
    ...stored,
    kind: 'WorkloadEndpoint',
    apiVersion: API_VERSION,
    metadata: { ...metadata, name: endpointName(workload, ifname), ...(facts?.generateName !== undefined && { generateName: facts.generateName }), namespace: workload.namespace, labels },
    spec: {
      ...stored?.spec,
      ...identifiersOf(workload, ifname),
      interfaceName: parts.hostName,
      mac: parts.mac,
      ipNetworks: parts.addresses.map(single),
      profiles: facts?.profiles ?? [network],
      ...(isPod && podFields(parts)),
    },
  };
}

/** Fields of pods alone; what Kubernetes says nothing of is not there, whatever is stored. */
function podFields({ addresses, facts }: EndpointParts): Data {
  return {
    serviceAccountName: facts?.serviceAccountName,
    ports: facts?.ports,
    ipNATs: facts?.floatingIps.map((external) => ({ internalIP: sameFamily(external, addresses), externalIP: external })),
    allowSpoofedSourcePrefixes: facts?.allowedSourcePrefixes,
    qosControls: facts?.qosControls,
  };
}

function sameFamily(external: string, addresses: readonly Ip[]): string {
  const version = parseIp(external)?.version;
  const own = addresses.find((ip) => ip.version === version);
  if (own !== undefined) return formatIp(own);
  throw new CalicoError('invalid-request', `the address ${external} cannot be translated to one of the pod: it has no IPv${version ?? '?'} address`);
}

/** The document of a container's endpoint that another network takes part in: with the profile of that network behind those that it has (reference/network-plugin 10.2). */
export function withProfile(stored: StoredObject, network: string): Data {
  const { profiles } = stored.spec;
  const before: readonly unknown[] = Array.isArray(profiles) ? profiles : [];
  return before.includes(network) ? stored : { ...stored, spec: { ...stored.spec, profiles: [...before, network] } };
}
