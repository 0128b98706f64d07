import { parseCidrOrIp, sameIp, type Ip } from '../net/address.js';
import type { StoredObject } from '../resources/kind.js';
import { hostEndpoint, type HostEndpointSpec } from '../resources/v3/host-endpoint.js';
import { bgpOf, node, type NodeSpec } from '../resources/v3/node.js';

/** A host of the network. */
export interface Host {
  readonly name: string;
  /** The addresses by which others know it. */
  readonly addresses: readonly Ip[];
  /** Whether a host endpoint is on it, so that policies decide about its packets. */
  readonly isProtected: boolean;
  /** Whether a kubelet runs on it. */
  readonly isOfKubernetes: boolean;
}

/** The hosts that nodes and host endpoints name, in the order of the resources. */
export function hostsOf(resources: readonly StoredObject[]): readonly Host[] {
  const endpoints = resources.filter(({ kind }) => kind === hostEndpoint.kind) as readonly StoredObject<HostEndpointSpec>[];
  const nodes = new Map((resources.filter(({ kind }) => kind === node.kind) as readonly StoredObject<NodeSpec>[]).map((each) => [each.metadata.name, each]));
  const names = new Set([...nodes.keys(), ...endpoints.flatMap(({ spec }) => (typeof spec.node === 'string' ? spec.node : []))]);
  return [...names].map((name) => {
    const own = endpoints.filter(({ spec }) => spec.node === name);
    const stored = nodes.get(name);
    const addresses = stored === undefined ? [] : bgpAddresses(stored);
    const expected = own.flatMap(({ spec: { expectedIPs } }): readonly unknown[] => (Array.isArray(expectedIPs) ? expectedIPs : [])).flatMap(addressIn);
    return { name, addresses: addresses.length > 0 ? addresses : expected, isProtected: own.length > 0, isOfKubernetes: stored !== undefined && isOfKubernetes(stored) };
  });
}

/** The host that has an address. */
export function hostWith(hosts: readonly Host[], ip: Ip): Host | undefined {
  return hosts.find(({ addresses }) => addresses.some((each) => sameIp(each, ip)));
}

function bgpAddresses(object: StoredObject<NodeSpec>): readonly Ip[] {
  const { ipv4Address, ipv6Address } = bgpOf(object) ?? {};
  return [ipv4Address, ipv6Address].flatMap(addressIn);
}

function addressIn(text: unknown): readonly Ip[] {
  const address = typeof text === 'string' ? parseCidrOrIp(text)?.address : undefined;
  return address === undefined ? [] : [address];
}

function isOfKubernetes({ spec: { orchRefs } }: StoredObject<NodeSpec>): boolean {
  return Array.isArray(orchRefs) && orchRefs.some((each: unknown) => (each as { readonly orchestrator?: unknown } | null)?.orchestrator === 'k8s');
}
