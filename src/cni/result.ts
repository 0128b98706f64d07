import type { Data } from '../base/data.js';
import { parseCidrOrIp } from '../net/address.js';
import { FAILURE, Failure } from './failure.js';
import type { Fields } from './fields.js';
import { isSince, type Version } from './version.js';

/** An interface that a plugin made; with `sandbox`, the namespace it is in, else on the host. */
export interface ResultInterface {
  readonly name: string;
  readonly mac?: string | undefined;
  readonly mtu?: number | undefined;
  readonly sandbox?: string | undefined;
}

export interface ResultAddress {
  /** With the length of its network: `10.0.0.1/26`. */
  readonly address: string;
  readonly gateway?: string | undefined;
  /** The place of its interface among the interfaces. */
  readonly interface?: number | undefined;
}

export interface ResultRoute {
  readonly dst: string;
  readonly gw?: string | undefined;
}

export interface ResultDns {
  readonly nameservers?: readonly string[] | undefined;
  readonly domain?: string | undefined;
  readonly search?: readonly string[] | undefined;
  readonly options?: readonly string[] | undefined;
}

/** What an ADD led to, whatever the version of the protocol (reference/network-plugin 4.4). */
export interface Result {
  readonly interfaces?: readonly ResultInterface[];
  readonly ips: readonly ResultAddress[];
  readonly routes?: readonly ResultRoute[];
  readonly dns?: ResultDns;
}

/** A result as a version of the protocol writes it. Throws Failure where that version has no room for it. */
export function resultData(result: Result, version: Version): Data {
  return plain(isSince(version, '0.3.0') ? listedResult(result, version) : pairedResult(result, version));
}

/** A result as it is printed to stdout. */
export function resultText(result: Result, version: Version): string {
  return `${JSON.stringify(resultData(result, version), undefined, 4)}\n`;
}

/** Since 0.3.0 there are lists; until 0.4.0 addresses say of which family they are, and there is always `dns`. */
function listedResult({ interfaces = [], ips, routes = [], dns }: Result, version: Version): Data {
  const isCurrent = isSince(version, '1.0.0');
  const withMtu = isSince(version, '1.1.0');
  return {
    cniVersion: version,
    interfaces: unlessEmpty(interfaces.map(({ mtu, ...each }) => ({ ...each, ...(withMtu && { mtu }) }))),
    ips: unlessEmpty(ips.map((each) => ({ ...(!isCurrent && { version: familyOf(each.address) }), ...each }))),
    routes: unlessEmpty(routes),
    dns: isCurrent && isEmptyDns(dns) ? undefined : { ...dns },
  };
}

/** Before 0.3.0 there is one address of each family, with its routes. */
function pairedResult({ ips, routes = [], dns }: Result, version: Version): Data {
  const half = (family: '4' | '6'): object | undefined => {
    const first = ips.find(({ address }) => familyOf(address) === family);
    const own = routes.filter(({ dst }) => familyOf(dst) === family);
    return first && { ip: first.address, gateway: first.gateway, routes: unlessEmpty(own) };
  };
  const [ip4, ip6] = [half('4'), half('6')];
  if (ip4 === undefined && ip6 === undefined) throw new Failure(FAILURE.other, 'cannot convert: no valid IP addresses');
  return { cniVersion: version, ip4, ip6, dns: { ...dns } };
}

/** Reads a result of any version, of another plugin or of an earlier ADD. Throws Failure that names what is wrong. */
export function readResult(fields: Fields): Result {
  const dns = fields.map('dns');
  const isPaired = fields.map('ip4') !== undefined || fields.map('ip6') !== undefined;
  return {
    ...(isPaired ? readPaired(fields) : readListed(fields)),
    ...(dns !== undefined && { dns: { nameservers: dns.texts('nameservers'), domain: dns.givenText('domain'), search: dns.texts('search'), options: dns.texts('options') } }),
  };
}

function readListed(fields: Fields): Result {
  const interfaces = fields.maps('interfaces')?.map((each) => ({ name: each.text('name') ?? '', mac: each.givenText('mac'), mtu: each.count('mtu'), sandbox: each.givenText('sandbox') }));
  const ips = (fields.maps('ips') ?? []).map((each) => ({ address: networkIn(each, 'address'), gateway: each.givenText('gateway'), interface: each.count('interface') }));
  return { ...(interfaces && { interfaces }), ips, routes: readRoutes(fields) };
}

function readPaired(fields: Fields): Result {
  const halves = [fields.map('ip4'), fields.map('ip6')].filter((half) => half !== undefined);
  return { ips: halves.map((half) => ({ address: networkIn(half, 'ip'), gateway: half.givenText('gateway') })), routes: halves.flatMap(readRoutes) };
}

function readRoutes(fields: Fields): ResultRoute[] {
  return (fields.maps('routes') ?? []).map((route) => ({ dst: networkIn(route, 'dst'), gw: route.givenText('gw') }));
}

function networkIn(fields: Fields, key: string): string {
  const text = fields.text(key) ?? '';
  if (parseCidrOrIp(text) === undefined) throw fields.wrong(key, 'an address with the length of its network');
  return text;
}

function familyOf(address: string): '4' | '6' {
  return address.includes(':') ? '6' : '4';
}

function isEmptyDns(dns: ResultDns | undefined): boolean {
  const { nameservers = [], domain = '', search = [], options = [] } = dns ?? {};
  return [nameservers, domain, search, options].every(({ length }) => length === 0);
}

function unlessEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** Without what is undefined. */
function plain(data: Data): Data {
  return JSON.parse(JSON.stringify(data)) as Data;
}
