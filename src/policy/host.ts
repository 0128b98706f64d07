import { isMap, type Data } from '../base/data.js';
import { parseCidrOrIp, sameIp, type Ip } from '../net/address.js';
import type { StoredObject } from '../resources/kind.js';
import { texts, type Endpoint } from './known-objects.js';

/** The addresses of each interface of a host, by the host's name: what a store does not say, in the form of the golden data. */
export interface HostInterfaces {
  readonly [node: string]: { readonly interfaces: { readonly [name: string]: readonly string[] } };
}

/** A host: its interfaces to networks, and which host endpoints govern them. */
export class Host {
  private readonly governing = new Map<string, Endpoint | undefined>();
  /** The host endpoint of all interfaces that have no other. */
  readonly wildcard: Endpoint | undefined;
  private readonly named: readonly Endpoint[];

  /** @param endpoints the host endpoints of the host */
  constructor(
    readonly name: string,
    readonly interfaces: ReadonlyMap<string, readonly Ip[]>,
    endpoints: readonly Endpoint[],
  ) {
    const ordered = [...endpoints].sort((left, right) => (left.name < right.name ? -1 : 1));
    this.wildcard = ordered.find(({ interfaceName }) => interfaceName === '*');
    this.named = ordered.filter(({ interfaceName }) => interfaceName !== '*');
  }

  /** The host endpoint that governs an interface which is not a workload's (reference/policy 7). */
  governs(interfaceName: string): Endpoint | undefined {
    if (!this.governing.has(interfaceName)) this.governing.set(interfaceName, this.named.find((each) => this.isOn(each, interfaceName)) ?? this.wildcard);
    return this.governing.get(interfaceName);
  }

  /** The interfaces that a host endpoint governs, `*` for all that are left. */
  governedBy(endpoint: Endpoint): readonly string[] {
    if (endpoint === this.wildcard) return ['*'];
    return [...this.interfaces.keys()].filter((name) => this.governs(name) === endpoint).sort();
  }

  /** The interface towards the network where a flow does not say which: the first that has an address. */
  get networkInterface(): string {
    if (this.interfaces.has('eth0')) return 'eth0';
    for (const [name, addresses] of this.interfaces) if (addresses.length > 0) return name;
    return 'eth0';
  }

  private isOn({ interfaceName, nets }: Endpoint, name: string): boolean {
    if (interfaceName !== '') return interfaceName === name;
    const addresses = this.interfaces.get(name) ?? [];
    return nets.some(({ address }) => addresses.some((each) => sameIp(each, address)));
  }
}

/** Interfaces as they were given. */
export function givenInterfaces({ interfaces }: HostInterfaces[string]): Map<string, readonly Ip[]> {
  return new Map(Object.entries(interfaces).map(([name, addresses]) => [name, addresses.flatMap((text) => addressOf(text) ?? [])]));
}

/**
 * What Node and HostEndpoint resources say of a host's interfaces: those that the Node lists; its other addresses on one interface, which is
 * called what the host endpoint says that expects them there, else what the first that names an interface says, else eth0.
 */
export function storedInterfaces(node: StoredObject | undefined, endpoints: readonly Endpoint[]): Map<string, readonly Ip[]> {
  const interfaces = new Map<string, Ip[]>();
  const put = (name: string, ips: readonly Ip[]): void => void interfaces.set(name, [...(interfaces.get(name) ?? []), ...ips]);
  for (const { interfaceName } of endpoints) if (interfaceName !== '' && interfaceName !== '*') put(interfaceName, []);
  for (const each of listedInterfaces(node?.spec)) put(each.name, each.addresses);
  const placed = [...interfaces.values()].flat();
  const left = nodeAddresses(node?.spec).filter((ip) => !placed.some((other) => sameIp(ip, other)));
  const expecting = endpoints.find(({ interfaceName, nets }) => isNamed(interfaceName) && nets.some(({ address }) => left.some((ip) => sameIp(ip, address))));
  const naming = endpoints.find(({ interfaceName, nets }) => isNamed(interfaceName) && nets.length === 0);
  if (left.length > 0) put((expecting ?? naming)?.interfaceName ?? 'eth0', left);
  return interfaces;
}

function isNamed(interfaceName: string): boolean {
  return interfaceName !== '' && interfaceName !== '*';
}

function listedInterfaces(spec: Data | undefined): readonly { name: string; addresses: readonly Ip[] }[] {
  const listed = spec?.['interfaces'];
  if (!Array.isArray(listed)) return [];
  return listed.filter(isMap).map(({ name, addresses }) => ({ name: String(name), addresses: texts(addresses).flatMap((text) => addressOf(text) ?? []) }));
}

/** Every address that a Node says it has. */
function nodeAddresses(spec: Data = {}): readonly Ip[] {
  const { bgp, wireguard, addresses } = spec;
  const parts = [bgp, wireguard, { own: spec['ipv4VXLANTunnelAddr'], six: spec['ipv6VXLANTunnelAddr'] }, ...(Array.isArray(addresses) ? (addresses as readonly unknown[]) : [])];
  const found: Ip[] = [];
  for (const text of parts.filter(isMap).flatMap((part) => Object.entries(part)).flatMap(([name, value]) => (name === 'routeReflectorClusterID' ? [] : [value]))) {
    const ip = typeof text === 'string' ? addressOf(text) : undefined;
    if (ip !== undefined && !found.some((other) => sameIp(other, ip))) found.push(ip);
  }
  return found;
}

function addressOf(text: string): Ip | undefined {
  return parseCidrOrIp(text)?.address;
}

