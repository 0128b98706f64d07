import type { AsStored } from '../../resources/fields/field.js';
import type { NodeBgp, NodeSpec, NodeWireguard } from '../../resources/v3/node.js';
import { ENDPOINT_PREFIX, parseResource } from './resources.js';
import type { Owner } from '../records/block.js';
import type { Use } from './uses.js';

/** The tunnels for which a node has an address of its own. */
export type Tunnel = 'ipip' | 'vxlan' | 'vxlanV6' | 'wireguard' | 'wireguardV6';

/** By which handle, followed by the node's name, the address of a tunnel is assigned and released, and of what type the node agent says it is (reference/node 9). */
export const TUNNELS: Readonly<Record<Tunnel, { readonly handle: string; readonly type: string }>> = {
  ipip: { handle: 'ipip-tunnel-addr-', type: 'ipipTunnelAddress' },
  vxlan: { handle: 'vxlan-tunnel-addr-', type: 'vxlanTunnelAddress' },
  vxlanV6: { handle: 'vxlan-v6-tunnel-addr-', type: 'vxlanV6TunnelAddress' },
  wireguard: { handle: 'wireguard-tunnel-addr-', type: 'wireguardTunnelAddress' },
  wireguardV6: { handle: 'wireguard-v6-tunnel-addr-', type: 'wireguardV6TunnelAddress' },
};

/** Where a stored node has the addresses of its tunnels, each with its path. */
export function tunnelFields({ ipv4VXLANTunnelAddr, ipv6VXLANTunnelAddr }: AsStored<NodeSpec>, bgp: AsStored<NodeBgp>, wireguard: AsStored<NodeWireguard>): Readonly<Record<Tunnel, readonly [path: string, value: unknown]>> {
  return {
    ipip: ['spec.bgp.ipv4IPIPTunnelAddr', bgp.ipv4IPIPTunnelAddr],
    vxlan: ['spec.ipv4VXLANTunnelAddr', ipv4VXLANTunnelAddr],
    vxlanV6: ['spec.ipv6VXLANTunnelAddr', ipv6VXLANTunnelAddr],
    wireguard: ['spec.wireguard.interfaceIPv4Address', wireguard.interfaceIPv4Address],
    wireguardV6: ['spec.wireguard.interfaceIPv6Address', wireguard.interfaceIPv6Address],
  };
}

/** The name of the network that Calico's own manifests give its CNI plugin. */
export const USUAL_NETWORK = 'k8s-pod-network';

/** Orchestrators that give out addresses themselves; Calico learns of them with the endpoint. */
const WITH_OWN_ADDRESSES: ReadonlySet<string> = new Set(['openstack']);

/** What tells an endpoint's network plugin apart from others. Fields that are not stored are empty. */
export interface EndpointIdentity {
  readonly namespace: string;
  readonly node: string;
  readonly orchestrator: string;
  readonly pod: string;
  readonly containerID: string;
}

/** Reads the identity of a stored workload endpoint; its key tells the namespace. */
export function endpointIdentity(key: string, value: string): EndpointIdentity {
  const { node, orchestrator, pod, containerID } = parseResource('WorkloadEndpoint', value)?.spec ?? {};
  const text = (stored: unknown): string => (typeof stored === 'string' ? stored : '');
  return { namespace: key.slice(ENDPOINT_PREFIX.length).split('/')[0]!, node: text(node), orchestrator: text(orchestrator), pod: text(pod), containerID: text(containerID) };
}

/** Whether the addresses of such an endpoint come from Calico at all. */
export function hasCalicoAddresses({ orchestrator }: EndpointIdentity): boolean {
  return !WITH_OWN_ADDRESSES.has(orchestrator);
}

/**
 * For whom the CNI plugin assigns the addresses of an endpoint (golden/ipam/cni). It releases by network and container,
 * and by namespace and pod, as version 2 did, which is all that is left where the container is not stored. Without
 * either there is no handle.
 * @param network the name in the plugin's configuration
 */
export function endpointOwner({ namespace, node, orchestrator, pod, containerID }: EndpointIdentity, network: string, now: Date): Owner {
  const isPod = orchestrator === 'k8s' && pod !== '';
  const byPlugin = containerID !== '' && (isPod || orchestrator === 'cni');
  const handle = byPlugin ? `${network}.${containerID}` : isPod ? `${namespace}.${pod}` : undefined;
  const whose = isPod ? { namespace, node, pod } : { node };
  return { handle, attributes: handle === undefined ? whose : { ...whose, timestamp: goTimestamp(now) } };
}

/** For whom the node agent assigns the address of a tunnel. */
export function tunnelOwner(tunnel: Tunnel, node: string): Owner {
  const { handle, type } = TUNNELS[tunnel];
  return { handle: handle + node, attributes: { node, type } };
}

/**
 * The handle of all addresses that Docker has on a node. The engine asks for an address before it says for which endpoint, and so the
 * node is all there is to name (reference/libnetwork 3.2).
 */
export function dockerHandle(node: string): string {
  return `libnetwork.${node}`;
}

/** Whether a handle is one by which the node agent of that node assigns the address of a tunnel. */
export function isTunnelHandle(handle: string | undefined, node: string): boolean {
  return handle !== undefined && Object.values(TUNNELS).some((tunnel) => handle === tunnel.handle + node);
}

/** Whether the one who uses an address releases it by this handle, whatever the name of the plugin's network. */
export function releasesBy(handle: string | undefined, use: Use, identity: EndpointIdentity | undefined): boolean {
  if (use.tunnel !== undefined) return handle === tunnelOwner(use.tunnel, use.node).handle;
  if (identity === undefined) return false;
  return handle === endpointOwner(identity, networkNameOf(handle, identity), new Date(0)).handle;
}

/** The network that a handle names, if it is one of the endpoint's container; else the usual one. */
export function networkNameOf(handle: string | undefined, { containerID }: EndpointIdentity): string {
  return handle?.endsWith(`.${containerID}`) === true ? handle.slice(0, -containerID.length - 1) : USUAL_NETWORK;
}

/** A time as Go prints it in UTC: `2026-11-20 23:30:00.1 +0000 UTC`, without zeros at the end of the fraction. */
export function goTimestamp(now: Date): string {
  const [date, time] = now.toISOString().replace('Z', '').split('T') as [string, string];
  return `${date} ${time.replace(/\.?0+$/, '')} +0000 UTC`;
}
