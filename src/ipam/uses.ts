import type { Entry, Store } from '../datastore/store.js';
import { mayHoldOneOf } from '../resources/search.js';
import { formatIp, parseCidrOrIp, type Ip } from './address.js';
import { ENDPOINT_PREFIX, NODE_PREFIX, parseResource } from './cluster.js';
import { readEndpoint } from './endpoint-text.js';
import { isObject } from './json.js';
import type { Tunnel } from './owners.js';

/** Who uses an address. A node's own address is in use too, but is nothing that address management gave out. */
export interface Use {
  readonly kind: 'workload' | 'tunnel' | 'node';
  /** A node, or `namespace/name` of a workload endpoint. */
  readonly name: string;
  readonly node: string;
  /** Of which tunnel it is the address; only where `kind` is `tunnel`. */
  readonly tunnel?: Tunnel;
}

/** An address and one who uses it. */
export interface UseOf {
  readonly ip: Ip;
  readonly use: Use;
}

/** The user in the words of the official report: `Node(n)`, `Workload(ns/name)`. */
export function ownerText({ kind, name }: Use): string {
  return kind === 'workload' ? `Workload(${name})` : `Node(${name})`;
}

/** The addresses of a stored workload endpoint. */
export function usesOfEndpoint(key: string, value: string): UseOf[] {
  const { networks, node } = readEndpoint(value);
  return uses(networks, { kind: 'workload', name: key.slice(ENDPOINT_PREFIX.length), node });
}

/** The tunnel addresses of a stored node, of both families, and its own addresses. */
export function usesOfNode(name: string, value: string): UseOf[] {
  const spec = parseResource(value)?.spec ?? {};
  const bgp = isObject(spec['bgp']) ? spec['bgp'] : {};
  const wireguard = isObject(spec['wireguard']) ? spec['wireguard'] : {};
  const tunnels: Readonly<Record<Tunnel, unknown>> = {
    ipip: bgp['ipv4IPIPTunnelAddr'],
    vxlan: spec['ipv4VXLANTunnelAddr'],
    vxlanV6: spec['ipv6VXLANTunnelAddr'],
    wireguard: wireguard['interfaceIPv4Address'],
    wireguardV6: wireguard['interfaceIPv6Address'],
  };
  const given = Object.entries(tunnels).flatMap(([tunnel, text]) => uses([text], { kind: 'tunnel', name, node: name, tunnel: tunnel as Tunnel }));
  // One address may stand in several fields: the one for BGP is among those of Kubernetes as a rule.
  const own = uses([bgp['ipv4Address'], bgp['ipv6Address'], ...valuesIn(spec['addresses'], 'address'), ...valuesIn(spec['interfaces'], 'addresses').flat()], { kind: 'node', name, node: name });
  return [...given, ...new Map(own.map((each) => [formatIp(each.ip), each])).values()];
}

/** What a list of objects has in a field. */
function valuesIn(list: unknown, field: string): unknown[] {
  return Array.isArray(list) ? list.map((each: unknown) => (isObject(each) ? each[field] : undefined)) : [];
}

/**
 * Who uses each of the addresses (their texts), from the nodes and endpoints as they are now. Reads the endpoints of
 * one namespace where it is given, else all.
 */
export async function readUses(store: Store, addresses: ReadonlySet<string>, namespace?: string): Promise<Map<string, Use[]>> {
  const found = new Map<string, Use[]>();
  if (addresses.size === 0) return found;
  const mayHold = searchFor(addresses);
  const prefix = namespace === undefined ? ENDPOINT_PREFIX : `${ENDPOINT_PREFIX}${namespace}/`;
  await eachUse(store, { prefix, asks: ({ value }) => mayHold(value) }, ({ ip, use }) => {
    const address = formatIp(ip);
    if (addresses.has(address)) found.set(address, [...(found.get(address) ?? []), use]);
  });
  return found;
}

/** Which uses are asked for: as of a revision, else as they are; of endpoints below a prefix, and those of them that `asks` picks. */
interface Asked {
  readonly revision?: string;
  readonly prefix?: string;
  asks(endpoint: Entry): boolean;
}

/** Tells of every use of an address: first of those by nodes and their tunnels, then of those by endpoints. */
export async function eachUse(store: Store, { revision, prefix = ENDPOINT_PREFIX, asks }: Asked, tell: (use: UseOf) => void): Promise<void> {
  const at = revision === undefined ? {} : { revision };
  for await (const { entries } of store.list(NODE_PREFIX, at)) for (const { key, value } of entries) usesOfNode(key.slice(NODE_PREFIX.length), value).forEach(tell);
  for await (const { entries } of store.list(prefix, at)) for (const entry of entries) if (asks(entry)) usesOfEndpoint(entry.key, entry.value).forEach(tell);
}

/** Whether a value may hold one of a few addresses, without parsing it. Only IPv4 has one way to be written. */
function searchFor(addresses: ReadonlySet<string>): (value: string) => boolean {
  const texts = [...addresses];
  return texts.some((text) => text.includes(':')) ? () => true : mayHoldOneOf(texts);
}

function uses(texts: readonly unknown[], use: Use): UseOf[] {
  const found: UseOf[] = [];
  for (const text of texts) {
    const cidr = typeof text === 'string' ? parseCidrOrIp(text) : undefined;
    if (cidr !== undefined) found.push({ ip: cidr.address, use });
  }
  return found;
}
