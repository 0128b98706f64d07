import { createHash } from 'node:crypto';
import { isMap, type Data } from '../../base/data.js';
import { bits, formatIp, network, parseCidrOrIp, parseIp, type Cidr } from '../../net/address.js';
import type { StoredObject } from '../../resources/kind.js';
import { MAC, whole } from '../../resources/fields/patterns.js';
import { bgpOf } from '../../resources/v3/node.js';
import type { Family } from '../desired.js';

/** What other hosts know of a node in one family. */
export interface NodeAddresses {
  readonly name: string;
  readonly address: string | undefined;
  /** The network its address is in. */
  readonly subnet: Cidr | undefined;
  /** The address of its VXLAN device, and the device's MAC address. */
  readonly tunnelAddress: string | undefined;
  readonly mac: string;
}

const TUNNEL_FIELDS = { 4: { address: 'ipv4VXLANTunnelAddr', mac: 'vxlanTunnelMACAddr' }, 6: { address: 'ipv6VXLANTunnelAddr', mac: 'vxlanTunnelMACAddrV6' } } as const;

const known: Readonly<Record<Family, WeakMap<StoredObject, NodeAddresses>>> = { 4: new WeakMap(), 6: new WeakMap() };

/** Reads what a Node says of its addresses. What is no address counts as none. */
export function nodeAddresses(object: StoredObject, family: Family): NodeAddresses {
  let addresses = known[family].get(object);
  if (addresses === undefined) known[family].set(object, (addresses = readAddresses(object, family)));
  return addresses;
}

function readAddresses(object: StoredObject, family: Family): NodeAddresses {
  const { metadata: { name }, spec } = object;
  const own = ownAddress(object, family);
  const tunnel = parseIp(text(spec, TUNNEL_FIELDS[family].address));
  return {
    name,
    address: own && formatIp(own.address),
    subnet: own && network(own),
    tunnelAddress: tunnel?.version === family ? formatIp(tunnel) : undefined,
    mac: macOf(spec[TUNNEL_FIELDS[family].mac]) ?? vxlanMac(name, family),
  };
}

/** The address for BGP; a Node without any has its first internal, else external one. */
function ownAddress(object: StoredObject, family: Family): Cidr | undefined {
  const { ipv4Address, ipv6Address } = (bgpOf(object) ?? {}) as Data;
  if (isText(ipv4Address) || isText(ipv6Address)) return addressIn(family === 4 ? ipv4Address : ipv6Address, family);
  const { addresses } = object.spec as Data;
  const listed = Array.isArray(addresses) ? addresses.filter(isMap) : [];
  for (const type of ['InternalIP', 'ExternalIP']) {
    for (const each of listed) {
      const address = each['type'] === type ? addressIn(each['address'], family) : undefined;
      if (address !== undefined) return address;
    }
  }
  return undefined;
}

function addressIn(value: unknown, family: Family): Cidr | undefined {
  const cidr = isText(value) ? parseCidrOrIp(value) : undefined;
  return cidr?.address.version === family ? cidr : undefined;
}

/** The MAC address of a node's VXLAN device where the Node names none (reference/host-network 5.2). */
function vxlanMac(node: string, family: Family): string {
  const hash = createHash('sha1').update(family === 4 ? node : `${node}-v6`).digest();
  return ['66', ...[...hash.subarray(0, 5)].map((byte) => byte.toString(16).padStart(2, '0'))].join(':');
}

const MAC_TEXT = new RegExp(whole(MAC));
const DIGITS_OF_ETHERNET = 12;

/** A stored MAC address of Ethernet as the kernel prints it; undefined for what is none, whatever somebody stored there. */
export function macOf(stored: unknown): string | undefined {
  const digits = typeof stored === 'string' && MAC_TEXT.test(stored) ? stored.replaceAll(/[:.-]/g, '').toLowerCase() : '';
  return digits.length === DIGITS_OF_ETHERNET ? digits.match(/../g)!.join(':') : undefined;
}

/** A network of one address, as text. */
export function single(address: string, family: Family): string {
  return `${address}/${family === 4 ? 32 : 128}`;
}

/** Whether a network holds one address only. */
export function isSingle(net: Cidr): boolean {
  return net.length === bits(net.address);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function text(map: Data, name: string): string {
  const value = map[name];
  return isText(value) ? value : '';
}
