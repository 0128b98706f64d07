import { escapedId, statusFileName } from '../resources/endpoint-status.js';
import type { StoredObject } from '../resources/kind.js';
import { localPeers } from './host/local-peers.js';
import { isWorkloadInterface } from './host/settings.js';
import { localWorkloads, type Workload } from './host/workload.js';
import type { Link, ObjectsByKind } from './input.js';
import type { Settings } from './settings/settings.js';

/** What is told of endpoints: in the store, by key, and in files, by name. */
export interface EndpointReport {
  readonly keys: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, string>;
}

export interface ReportInput {
  readonly objects: ObjectsByKind;
  readonly links: readonly Link[];
}

const ANY_INTERFACE = '*';

/** What is told of the endpoints of a host once they are programmed (reference/felix 5.2). */
export function endpointReport({ objects, links }: ReportInput, settings: Settings): EndpointReport {
  const byName = new Map(links.map((link) => [link.name, link]));
  const workloads = [...localWorkloads(objects.get('WorkloadEndpoint') ?? [], settings).values()];
  const isUp = ({ interfaceName }: Workload): boolean => byName.get(interfaceName)?.isUp === true;
  const peers = localPeers(objects, settings.node, workloads);
  const keys = new Map<string, string>();
  const files = new Map<string, string>();
  for (const workload of workloads) {
    const [orchestrator = '', id = '', endpoint = ''] = workload.identity.split('\0');
    keys.set(`${workloadPrefix(settings)}${orchestrator}/${escapedId(id, 'f')}/endpoint/${endpoint}`, statusText(isUp(workload) ? 'up' : 'down'));
    if (isUp(workload)) files.set(statusFileName(orchestrator, id, endpoint), fileText(workload, peers.get(workload)));
  }
  const hosts = (objects.get('HostEndpoint') ?? []).filter(({ spec }) => spec['node'] === settings.node).sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
  const governed = governedLinks(hosts, links.filter(({ name }) => !isWorkloadInterface(name, settings)));
  for (const host of hosts) keys.set(`${hostPrefix(settings)}${host.metadata.name}`, statusText(hostStatus(host, governed.get(host) ?? [])));
  return { keys, files };
}

/** Below which keys the status of this host's workloads stands. */
export function workloadPrefix({ openstackRegion, node }: Settings): string {
  return `/calico/felix/v2/${regionOf(openstackRegion)}/host/${node}/workload/`;
}

/** Below which keys the status of its host endpoints stands. */
export function hostPrefix({ node }: Settings): string {
  return `/calico/felix/v1/host/${node}/endpoint/`;
}

/** The keys that say that Felix lives: the one that goes by itself, and the one that stays. */
export function nodeStatusKeys({ openstackRegion, node }: Settings): { readonly live: string; readonly last: string } {
  const prefix = `/calico/felix/v2/${regionOf(openstackRegion)}/host/${node}/`;
  return { live: `${prefix}status`, last: `${prefix}last_reported_status` };
}

function regionOf(region: string): string {
  return region === '' ? 'no-region' : `region-${region}`;
}

function statusText(status: string): string {
  return JSON.stringify({ status });
}

function fileText({ interfaceName, mac, addresses }: Workload, peer: string | undefined): string {
  const nets = (family: 4 | 6): readonly string[] => addresses.filter((each) => each.family === family).map(({ destination }) => destination);
  const [ipv4Nets, ipv6Nets] = [nets(4), nets(6)];
  return JSON.stringify({
    ifaceName: interfaceName,
    ...(mac !== '' && { mac }),
    ...(ipv4Nets.length > 0 && { ipv4Nets }),
    ...(ipv6Nets.length > 0 && { ipv6Nets }),
    ...(peer !== undefined && { bgpPeerName: peer }),
  });
}

/** Each interface belongs to the first host endpoint, by name, that names it or expects one of its addresses. */
function governedLinks(hosts: readonly StoredObject[], links: readonly Link[]): ReadonlyMap<StoredObject, readonly Link[]> {
  const governed = new Map<StoredObject, Link[]>();
  for (const link of links) {
    const host = hosts.find(({ spec }) => isFor(spec, link));
    if (host !== undefined) governed.set(host, [...(governed.get(host) ?? []), link]);
  }
  return governed;
}

function isFor({ interfaceName, expectedIPs }: StoredObject['spec'], { name, addresses }: Link): boolean {
  if (typeof interfaceName === 'string' && interfaceName !== '') return interfaceName === name;
  const expected: readonly unknown[] = Array.isArray(expectedIPs) ? expectedIPs : [];
  return addresses.some((address) => expected.includes(address.split('/')[0]));
}

/** One for all interfaces is always up; one that no interface belongs to is an error. */
function hostStatus({ spec }: StoredObject, links: readonly Link[]): 'up' | 'down' | 'error' {
  if (spec['interfaceName'] === ANY_INTERFACE) return 'up';
  if (links.length === 0) return 'error';
  return links.some(({ isUp }) => isUp) ? 'up' : 'down';
}
