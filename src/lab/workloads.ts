import { readdirSync, readFileSync } from 'node:fs';
import { isMap } from '../base/data.js';
import type { Store } from '../datastore/store.js';
import { runIn } from '../host/run.js';
import { attachWorkload } from '../host/workload/attach.js';
import { sideOf } from '../host/workload/side.js';
import { parseCidrOrIp, type Cidr } from '../net/address.js';
import { readNetwork } from '../policy/stored-network.js';
import { prefixOf } from '../resources/keys.js';
import type { StoredObject } from '../resources/kind.js';
import { workloadEndpoint } from '../resources/v3/workload-endpoint.js';
import type { Lab } from './lab.js';

/** A workload that the store has, as far as its namespace follows from it. */
export interface LabWorkload {
  /** What it is called on the command line. */
  readonly name: string;
  /** Several may have one name, each in a namespace of its own. */
  readonly namespace: string;
  readonly host: string;
  readonly interfaceName: string;
  readonly addresses: readonly string[];
}

/** The stored endpoints of workloads, those of a lab's hosts and the others. Throws DatastoreError. */
export async function storedWorkloads(store: Store, hosts: readonly string[]): Promise<{ readonly here: readonly StoredObject[]; readonly elsewhere: readonly StoredObject[] }> {
  const { ranges } = await store.snapshot([{ prefix: prefixOf(workloadEndpoint) }]);
  const { resources } = readNetwork(ranges.flat(), [workloadEndpoint]);
  const isHere = ({ spec }: StoredObject): boolean => hosts.includes(String(spec['node']));
  return { here: resources.filter(isHere), elsewhere: resources.filter((object) => !isHere(object)) };
}

/** What a lab makes of a stored endpoint. */
export function workloadOf({ metadata, spec }: StoredObject): LabWorkload {
  const { endpoint } = spec;
  // Classic workloads have several endpoints, with names of their own.
  const texts = [spec['pod'], typeof endpoint === 'string' && /^eth\d+$/.test(endpoint) ? '' : endpoint, spec['workload'], spec['containerID'], metadata.name].filter((each) => typeof each === 'string' && each !== '');
  const networks = Array.isArray(spec['ipNetworks']) ? spec['ipNetworks'].map(String) : [];
  return { name: String(texts[0]), namespace: metadata.namespace ?? '', host: String(spec['node']), interfaceName: String(spec['interfaceName']), addresses: networks.map((each) => each.replace(/\/\d+$/, '')) };
}

/** Workloads, each with what it is called where several have its name: NAMESPACE/NAME. */
export function toldApart(workloads: readonly LabWorkload[]): readonly (readonly [called: string, workload: LabWorkload])[] {
  const isShared = ({ name, namespace }: LabWorkload): boolean => workloads.some((other) => other.name === name && other.namespace !== namespace);
  return workloads.map((workload) => [isShared(workload) ? `${workload.namespace}/${workload.name}` : workload.name, workload]);
}

/** The workloads that are there on a host, by their interfaces. */
function workloadsThere(lab: Lab, host: string): readonly string[] {
  try {
    return readdirSync(`${lab.files(host)}/run/netns`);
  } catch {
    return [];
  }
}

/** Makes the workloads of a host that the store has and the host has not, and takes away those that only the host has. Throws CalicoError. */
export async function settleWorkloads(lab: Lab, host: string, stored: readonly StoredObject[]): Promise<void> {
  const there = workloadsThere(lab, host);
  const wanted = stored.filter((object) => workloadOf(object).host === host);
  const names = wanted.map((object) => workloadOf(object).interfaceName);
  const onHost = runIn(lab.host(host));
  // The interface goes with the namespace that its other end is in.
  for (const name of there.filter((each) => !names.includes(each))) await onHost(['ip', 'netns', 'del', name]);
  for (const object of wanted.filter((each) => !there.includes(workloadOf(each).interfaceName))) await makeWorkload(lab, object);
}

/** Makes the namespace of a workload and its interface, as its endpoint says, on its host. Throws CalicoError. */
async function makeWorkload(lab: Lab, object: StoredObject): Promise<void> {
  const { host, interfaceName, addresses } = workloadOf(object);
  const onHost = runIn(lab.host(host));
  await onHost(['ip', 'netns', 'add', interfaceName]);
  const { endpoint, mac } = object.spec;
  await attachWorkload(sideOf(onHost), sideOf(runIn(lab.workload(host, interfaceName))), {
    hostName: interfaceName,
    name: nameInside(endpoint),
    namespace: interfaceName,
    addresses: addresses.flatMap((each) => parseCidrOrIp(each)?.address ?? []),
    mac: typeof mac === 'string' && mac !== '' ? mac : undefined,
    mtu: mtuOf(lab, host),
  });
}

/** Classic endpoints have any name, which is none for an interface where it is long. */
function nameInside(endpoint: unknown): string {
  return typeof endpoint === 'string' && /^[a-z][\w.-]{0,14}$/i.test(endpoint) && endpoint !== 'lo' ? endpoint : 'eth0';
}

/** The size of packets that the node found out (reference/network-plugin 2); the kernel's where it has not yet. */
function mtuOf(lab: Lab, host: string): number | undefined {
  try {
    const mtu = Number(readFileSync(`${lab.files(host)}/var/lib/calico/mtu`, 'utf8'));
    return mtu > 0 ? mtu : undefined;
  } catch {
    return undefined;
  }
}

/** The nodes that stored objects speak of: Nodes, and those that workloads are on. */
export function nodesIn(objects: readonly StoredObject[]): readonly string[] {
  const names = objects.flatMap(({ kind, metadata, spec }) => (kind === 'Node' ? [metadata.name] : kind === 'WorkloadEndpoint' && isMap(spec) && typeof spec['node'] === 'string' ? [spec['node']] : []));
  return [...new Set(names)].sort();
}

/** The networks that stored objects have: those of pools, and the addresses of workloads. */
export function networksIn(objects: readonly StoredObject[]): readonly Cidr[] {
  const texts = objects.flatMap(({ kind, spec }) => (kind === 'IPPool' ? [spec['cidr']] : kind === 'WorkloadEndpoint' && Array.isArray(spec['ipNetworks']) ? (spec['ipNetworks'] as unknown[]) : []));
  return texts.flatMap((text) => (typeof text === 'string' ? (parseCidrOrIp(text) ?? []) : []));
}
