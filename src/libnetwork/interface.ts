import { createHash } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { applyOutside, containerInterfaceName } from '../host/workload/attach.js';
import { GATEWAYS, HOST_MAC, planInterface } from '../host/workload/interface-plan.js';
import type { Side } from '../host/workload/side.js';
import { formatIp, parseIp, type Ip } from '../net/address.js';

/** The name of an endpoint's interface on the host (reference/libnetwork 5); it is in the stored endpoint, too. */
export const hostInterface = containerInterfaceName;

/** What the other end is called until the engine takes it into the container. */
export function engineInterface(endpoint: string): string {
  return `temp${hostInterface(endpoint).slice('cali'.length)}`;
}

/**
 * The hardware address of the host's end, which follows from the endpoint: not that of the container's, since with equal ones both ends
 * would have the same link-local address, and the container could not reach its gateway by IPv6.
 */
export function hostMac(endpoint: string): string {
  const bytes = createHash('sha1').update(endpoint).digest().subarray(0, 5);
  return [0x02, ...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** The link-local address that follows from a hardware address (RFC 4291, appendix A). */
export function linkLocal(mac: string): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac.split(':').map((byte) => parseInt(byte, 16));
  const groups = [[a ^ 2, b], [c, 0xff], [0xfe, d], [e, f]].map(([high = 0, low = 0]) => ((high << 8) | low).toString(16));
  return formatIp(parseIp(`fe80::${groups.join(':')}`)!);
}

/**
 * Makes the interfaces of an endpoint: one end with routes to its addresses, the other for the engine, which brings it into the container.
 * What is there already goes first. Throws CalicoError with the step that failed.
 */
export async function makeInterfaces(host: Side, endpoint: string, { addresses, mtu }: { readonly addresses: readonly Ip[]; readonly mtu: number | undefined }): Promise<void> {
  const [hostName, name] = [hostInterface(endpoint), engineInterface(endpoint)];
  await host.remove(hostName);
  const size = mtu === undefined ? '' : ` mtu ${mtu}`;
  await host.apply({ settings: [], lines: [`link add ${hostName}${size} address ${hostMac(endpoint)} type veth peer name ${name}${size}`] });
  // What is planned for the inside the engine does: name, addresses and routes.
  await applyOutside(host, planInterface({ hostName, name, namespace: '', addresses }).outside, { hostName, addresses });
}

/** Takes the interfaces away, both ends, wherever the other one is. Where there are none, nothing happens. */
export async function removeInterfaces(host: Side, endpoint: string): Promise<void> {
  await host.remove(hostInterface(endpoint));
}

/** The hardware address of containers whose user asks for no other. */
export const CONTAINER_MAC = HOST_MAC;
/** A route that needs no gateway, in the engine's numbers. */
const CONNECTED = 1;

/** What the engine does in the container: the name of the interface, gateways, and routes to them (reference/libnetwork 5.2). */
export function joinAnswer(endpoint: string, addresses: readonly string[], prefix: string): object {
  const has4 = addresses.some((each) => isIPv4(each));
  const has6 = addresses.some((each) => !isIPv4(each));
  const gateway6 = linkLocal(hostMac(endpoint));
  const route = (destination: string): object => ({ Destination: destination, RouteType: CONNECTED, NextHop: '' });
  return {
    InterfaceName: { SrcName: engineInterface(endpoint), DstPrefix: prefix },
    Gateway: has4 ? GATEWAYS[4] : '',
    GatewayIPv6: has6 ? gateway6 : '',
    StaticRoutes: [...(has4 ? [route(`${GATEWAYS[4]}/32`)] : []), ...(has6 ? [route(`${gateway6}/128`)] : [])],
  };
}
