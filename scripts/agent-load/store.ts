import { policyStore } from '../bench/policy-store.js';

const RESOURCES = '/calico/resources/v3/projectcalico.org/';
const HOSTS = 40;
const EVERY = 4;

/** The node whose agent is measured. */
export const NODE = 'host-0';

interface Stored {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The network of the benchmarks on fewer hosts: 10,000 endpoints, of which 250 on `NODE`, and a quarter of the policies. */
export function loadStore(): Map<string, string> {
  const all = Object.entries(JSON.parse(policyStore()) as Record<string, Stored>);
  const entries = all.flatMap(([key, object]): [string, string][] => {
    if (object.kind === 'GlobalNetworkPolicy' && numberOf(object.metadata.name) % EVERY !== 0) return [];
    if (object.kind !== 'WorkloadEndpoint') return [[key, JSON.stringify(object)]];
    return [endpointEntry(object, numberOf(object.spec['pod'] as string), {})];
  });
  return new Map([
    ...entries,
    [`${RESOURCES}clusterinformations/default`, JSON.stringify({ kind: 'ClusterInformation', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default' }, spec: { clusterGUID: '0'.repeat(32), calicoVersion: 'v3.32.1', datastoreReady: true } })],
    [`${RESOURCES}ippools/pool`, JSON.stringify({ kind: 'IPPool', apiVersion: 'projectcalico.org/v3', metadata: { name: 'pool' }, spec: { cidr: '10.65.0.0/16', natOutgoing: true, blockSize: 26, ipipMode: 'Never', vxlanMode: 'Never' } })],
  ]);
}

/** An endpoint with a label more. */
export function relabelled(store: ReadonlyMap<string, string>, key: string, labels: Readonly<Record<string, string>>): string {
  const object = JSON.parse(store.get(key)!) as Stored & { metadata: { labels: Record<string, string> } };
  return JSON.stringify({ ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } } });
}

/** The interfaces of the endpoints on `NODE`. */
export function localInterfaces(store: ReadonlyMap<string, string>): readonly string[] {
  return [...store.values()].map((value) => JSON.parse(value) as Stored).filter(({ kind, spec }) => kind === 'WorkloadEndpoint' && spec['node'] === NODE).map(({ spec }) => spec['interfaceName'] as string);
}

export function keysOf(store: ReadonlyMap<string, string>, plural: string): readonly string[] {
  return [...store.keys()].filter((key) => key.startsWith(`${RESOURCES}${plural}/`));
}

/** The policies that select endpoints on `NODE`: endpoints and policies have apps by their numbers. */
export function localPolicies(store: ReadonlyMap<string, string>): readonly string[] {
  return keysOf(store, 'globalnetworkpolicies').filter((key) => numberOf(key) % HOSTS === 0);
}

function endpointEntry(object: Stored, number: number, more: object): [string, string] {
  const node = `host-${number % HOSTS}`;
  const name = `${node.replace('-', '--')}-k8s-pod--${number}-eth0`;
  return [`${RESOURCES}workloadendpoints/${object.metadata.namespace}/${name}`, JSON.stringify({ ...object, metadata: { ...object.metadata, name, ...more }, spec: { ...object.spec, node } })];
}

function numberOf(name: string): number {
  return Number(/\d+$/.exec(name)?.[0]);
}
