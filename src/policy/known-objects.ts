import { isMap, type Data } from '../base/data.js';
import { parseCidrOrIp, type Cidr } from '../net/address.js';
import type { StoredObject } from '../resources/kind.js';
import { effectiveLabels, type Labels, type ProfileLabels } from './effective-labels.js';
import { hostId, setId, workloadId } from './ids.js';
import type { LabelGroups } from './label-groups.js';
import { protocolNumber } from './protocol-number.js';

/** A port of an endpoint that has a name. */
export interface NamedPort {
  readonly name: string;
  readonly protocol: number;
  readonly port: number;
}

/** What rules can select by labels: an endpoint or a set of networks, with the addresses that stand for it. */
export interface KnownObject {
  /** `wep:NAMESPACE/NAME`, `hep:NAME`, `NetworkSet:NAME` of a global set, `NetworkSet:NAMESPACE/NAME`. */
  readonly id: string;
  readonly kind: 'workload' | 'host' | 'set';
  readonly labels: Labels;
  /** The number of its labels in the model's LabelGroups. */
  readonly group: number;
  readonly nets: readonly Cidr[];
  readonly ports: readonly NamedPort[];
}

/** An endpoint: what policies are enforced for. */
export interface Endpoint extends KnownObject {
  readonly kind: 'workload' | 'host';
  readonly name: string;
  readonly node: string;
  /** Empty where none is stored. `*` of a host endpoint stands for all interfaces of the host. */
  readonly interfaceName: string;
  readonly profiles: readonly string[];
  /** By which the first of several workload endpoints with one interface is chosen. */
  readonly identity: string;
}

/** Reads a stored endpoint or network set; undefined for a workload endpoint without addresses, which does not exist for Calico (reference/policy 1). */
export function knownObject(object: StoredObject, profiles: ProfileLabels, groups: Pick<LabelGroups, 'groupOf'>): KnownObject | Endpoint | undefined {
  const { kind, metadata: { name, namespace }, spec } = object;
  const labels = effectiveLabels(object, profiles);
  const shared = { labels, group: groups.groupOf(labels), ports: namedPorts(spec['ports']) };
  const endpoint = { ...shared, name, node: text(spec['node']), interfaceName: text(spec['interfaceName']), profiles: texts(spec['profiles']) };
  switch (kind) {
    case 'WorkloadEndpoint': {
      const nets = networks(spec['ipNetworks']);
      return nets.length === 0 ? undefined : { ...endpoint, kind: 'workload', id: workloadId(name, namespace), nets, identity: workloadIdentity(spec, namespace) };
    }
    case 'HostEndpoint':
      return { ...endpoint, kind: 'host', id: hostId(name), nets: networks(spec['expectedIPs']), identity: name };
    default:
      return { ...shared, kind: 'set', id: setId(name, namespace), nets: networks(spec['nets']) };
  }
}

/** Whether objects of a stored kind are known to rules by their labels. */
export function isKnownKind(kind: string): boolean {
  return ['WorkloadEndpoint', 'HostEndpoint', 'GlobalNetworkSet', 'NetworkSet'].includes(kind);
}

/** Orchestrator, workload and endpoint, as bytes: the order in which Felix keeps one of several (reference/policy 1). */
export function workloadIdentity({ orchestrator, pod, containerID, workload, endpoint }: Data, namespace: string | undefined): string {
  return [text(orchestrator), `${namespace ?? ''}/${text(pod) || text(containerID) || text(workload)}`, text(endpoint)].join('\0');
}

function namedPorts(stored: unknown): readonly NamedPort[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter(isMap).flatMap(({ name, protocol, port }) => {
    const number = protocolNumber(protocol);
    return typeof name === 'string' && name !== '' && number !== undefined && typeof port === 'number' ? [{ name, protocol: number, port }] : [];
  });
}

/** The networks in a stored list; what is none is left out. */
export function networks(stored: unknown): readonly Cidr[] {
  return texts(stored).flatMap((each) => parseCidrOrIp(each) ?? []);
}

function text(stored: unknown): string {
  return typeof stored === 'string' ? stored : '';
}

/** The texts in a stored list. */
export function texts(stored: unknown): readonly string[] {
  return Array.isArray(stored) ? stored.filter((each) => typeof each === 'string') : [];
}
