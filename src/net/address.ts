import { formatGroups, parseDotted, parseGroups } from './address-text.js';

/** An address. IPv4 is a plain number (hot paths handle 300,000 of them), IPv6 a bigint. */
export type Ip = Ipv4 | Ipv6;
export interface Ipv4 {
  readonly version: 4;
  readonly value: number;
}
export interface Ipv6 {
  readonly version: 6;
  readonly value: bigint;
}

/** An address with a prefix length. Bits right of the length are kept as they were written; `network` clears them. */
export interface Cidr {
  readonly address: Ip;
  readonly length: number;
}

const DOT = 46;
const COLON = 58;
const MAPPED_PREFIX = 0xffffn;
const WORD = 0xffff_ffffn;

/**
 * Reads an address as Go's net.ParseIP does: no leading zeros in octets, no zone, an IPv4-mapped IPv6 address is IPv4.
 * Returns undefined for anything else.
 */
export function parseIp(text: string): Ip | undefined {
  const ip = parseLiteral(text);
  return ip === undefined ? undefined : unmapped(ip);
}

/**
 * Reads `address/length` as Go's net.ParseCIDR does: the length may have leading zeros, host bits are kept.
 * An IPv4-mapped address with a length of 96 or more is the IPv4 network it stands for.
 */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const length = decimal(text, slash + 1);
  const ip = length === undefined ? undefined : parseLiteral(text.slice(0, slash));
  if (ip === undefined || length === undefined || length > bits(ip)) return undefined;
  const plain = unmapped(ip);
  if (plain.version === ip.version) return { address: ip, length };
  return length < 96 ? { address: ip, length } : { address: plain, length: length - 96 };
}

/** Reads a CIDR, or a bare address as the network of that one address. */
export function parseCidrOrIp(text: string): Cidr | undefined {
  if (text.includes('/')) return parseCidr(text);
  const address = parseIp(text);
  return address === undefined ? undefined : { address, length: bits(address) };
}

/** The address as Go prints it: dotted, or RFC 5952. */
export function formatIp(ip: Ip): string {
  if (ip.version === 4) {
    const value = ip.value;
    return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
  }
  return formatGroups(ip.value);
}

/** `address/length`, host bits included. */
export function formatCidr(cidr: Cidr): string {
  return `${formatIp(cidr.address)}/${cidr.length}`;
}

/** Bits in an address of this family: 32 or 128. */
export function bits(ip: Ip): 32 | 128 {
  return ip.version === 4 ? 32 : 128;
}

/** The address with every bit right of the length cleared. */
export function mask(ip: Ip, length: number): Ip {
  if (ip.version === 4) return { version: 4, value: (ip.value & mask4(length)) >>> 0 };
  const host = BigInt(128 - length);
  return { version: 6, value: (ip.value >> host) << host };
}

/** The CIDR without host bits. */
export function network(cidr: Cidr): Cidr {
  return { address: mask(cidr.address, cidr.length), length: cidr.length };
}

/** Whether no bit right of the length is set. */
export function isMasked(cidr: Cidr): boolean {
  return sameIp(cidr.address, mask(cidr.address, cidr.length));
}

export function sameIp(a: Ip, b: Ip): boolean {
  return a.version === b.version && a.value === b.value;
}

/** Order of addresses: IPv4 before IPv6, then by value; negative, zero or positive. */
export function compareIp(a: Ip, b: Ip): number {
  if (a.version !== b.version) return a.version - b.version;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}

/** Whether the address lies in the network; never across families. */
export function containsIp(cidr: Cidr, ip: Ip): boolean {
  const base = cidr.address;
  if (base.version === 4) return ip.version === 4 && ((base.value ^ ip.value) & mask4(cidr.length)) === 0;
  if (ip.version === 4) return false;
  return (base.value ^ ip.value) >> BigInt(128 - cidr.length) === 0n;
}

/** Whether every address of `inner` lies in `outer`. */
export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  return outer.length <= inner.length && containsIp(outer, inner.address);
}

/** Whether the two networks share an address. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.length <= b.length ? containsIp(a, b.address) : containsIp(b, a.address);
}

/** Number of addresses in the network. */
export function addressCount(cidr: Cidr): bigint {
  return 1n << BigInt(bits(cidr.address) - cidr.length);
}

/** The address `ordinal` places after the network's first. The caller keeps the ordinal below `sizeOf`. */
export function addressAt(cidr: Cidr, ordinal: number | bigint): Ip {
  const base = mask(cidr.address, cidr.length);
  if (base.version === 4) return { version: 4, value: base.value + Number(ordinal) };
  return { version: 6, value: base.value + BigInt(ordinal) };
}

/** How many places the address is after the network's first, or undefined outside it. Exact in networks of up to 2^53 addresses. */
export function ordinalOf(cidr: Cidr, ip: Ip): number | undefined {
  if (!containsIp(cidr, ip)) return undefined;
  const base = mask(cidr.address, cidr.length);
  if (base.version === 4) return (ip as Ipv4).value - base.value;
  return Number((ip as Ipv6).value - base.value);
}

/** The network of the given length that holds the address. */
export function enclosing(ip: Ip, length: number): Cidr {
  return { address: mask(ip, length), length };
}

/** The `index`th network of the given (longer or equal) length inside `cidr`, counted from 0. */
export function subnetAt(cidr: Cidr, length: number, index: number | bigint): Cidr {
  const step = 1n << BigInt(bits(cidr.address) - length);
  return { address: addressAt(cidr, BigInt(index) * step), length };
}

function mask4(length: number): number {
  return length === 0 ? 0 : -1 << (32 - length);
}

function unmapped(ip: Ip): Ip {
  if (ip.version === 4 || ip.value >> 32n !== MAPPED_PREFIX) return ip;
  return { version: 4, value: Number(ip.value & WORD) };
}

/** Digits to the end of the text, leading zeros allowed. */
function decimal(text: string, from: number): number | undefined {
  if (from === text.length) return undefined;
  let value = 0;
  for (let at = from; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
    if (value > 128) return undefined;
  }
  return value;
}

function parseLiteral(text: string): Ip | undefined {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      const value = parseDotted(text, 0);
      return value === undefined ? undefined : { version: 4, value };
    }
    if (code === COLON) {
      const value = parseGroups(text);
      return value === undefined ? undefined : { version: 6, value };
    }
  }
  return undefined;
}
