import { InvalidRequest } from '../base/errors.js';
import { formatCidr, formatIp, network, parseCidr, parseIp, type Cidr, type Ip } from '../net/address.js';

/** Addresses of the command line, each once. Throws InvalidRequest. */
export function givenIps(texts: readonly string[]): Ip[] {
  return [...new Map(texts.map(givenIp).map((ip) => [formatIp(ip), ip])).values()];
}

/** A handle of the command line. Throws InvalidRequest if it is not one. */
export function givenHandle(text: string): string {
  if (text === '' || text.includes('/')) throw new InvalidRequest(`invalid handle specified: ${text}`);
  return text;
}

/** The name of a node on the command line. Throws InvalidRequest if it is not one. */
export function givenNode(text: string): string {
  if (text === '' || text.includes('/')) throw new InvalidRequest(`invalid node specified: ${text}`);
  return text;
}

/** An address of the command line. Throws InvalidRequest. */
export function givenIp(text: string): Ip {
  const ip = parseIp(text);
  if (ip === undefined) throw new InvalidRequest(`invalid IP address specified: ${text}`);
  return ip;
}

/** The family that is asked for; that of the pools where it is not said. Throws InvalidRequest where they differ. */
export function familyOf(wanted: string | undefined, pools: readonly Cidr[]): 4 | 6 {
  const version = wanted === undefined ? (pools[0]?.address.version ?? 4) : wanted === '6' ? 6 : 4;
  const other = pools.find(({ address }) => address.version !== version);
  if (other !== undefined) throw new InvalidRequest(`the pool ${formatCidr(other)} has no IPv${version} addresses`, 'one call assigns addresses of one family');
  return version;
}

/** The network of a pool on the command line. Throws InvalidRequest. */
export function givenPool(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new InvalidRequest(`invalid pool specified: ${text}`, 'write its CIDR, for example 10.0.0.0/16');
  return cidr;
}

/** The network of a block on the command line. Throws InvalidRequest. */
export function givenBlock(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new InvalidRequest(`invalid block specified: ${text}`, 'write its network, for example 10.0.0.0/26');
  return network(cidr);
}
