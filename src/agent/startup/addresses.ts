import { CalicoError } from '../../base/errors.js';
import { formatCidr, parseCidr, parseCidrOrIp, parseIp, formatIp } from '../../net/address.js';
import { interfaceOf, isLeftOut, type Version } from '../../host/addresses/autodetect.js';
import type { HostInterface } from '../../host/addresses/interfaces.js';
import type { AsStored } from '../../resources/fields/field.js';
import type { NodeSpec } from '../../resources/v3/node.js';
import type { AgentContext } from '../part.js';
import { detect } from './detect.js';
import type { Host } from './host.js';

/** Where the address of a family is said and stored. */
interface Family {
  readonly version: Version;
  readonly variable: 'IP' | 'IP6';
  readonly field: 'ipv4Address' | 'ipv6Address';
}

export const FAMILIES: readonly Family[] = [
  { version: 4, variable: 'IP', field: 'ipv4Address' },
  { version: 6, variable: 'IP6', field: 'ipv6Address' },
];

const AUTODETECT = 'autodetect';
const NONE = 'none';

/** What a Node says of its own addresses. */
export interface Addresses {
  readonly ipv4Address: string | undefined;
  readonly ipv6Address: string | undefined;
  readonly interfaces: NonNullable<NodeSpec['interfaces']>;
}

/** The node has no address that it could be reached by. Where it leaves less than what is stored, that is written before it ends. */
export class NoAddress extends CalicoError {
  constructor(
    message: string,
    readonly leaves: Addresses | undefined,
  ) {
    super('failed', message);
  }
}

export interface AddressContext extends Pick<AgentContext, 'env' | 'log' | 'signal'> {
  readonly host: Pick<Host, 'interfaces' | 'sourceTo'>;
}

/** The addresses of a stored Node; empty ones are none. */
export function storedAddresses({ bgp, interfaces }: AsStored<NodeSpec>): Addresses {
  const { ipv4Address, ipv6Address } = (bgp ?? {}) as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
  return { ipv4Address: text(ipv4Address), ipv6Address: text(ipv6Address), interfaces: Array.isArray(interfaces) ? (interfaces as NonNullable<NodeSpec['interfaces']>) : [] };
}

/**
 * The addresses that this node is to have (reference/node-agent 3): given, found, or those that it has. Throws NoAddress where
 * it would have none, and CalicoError for variables that say nothing.
 */
export async function findAddresses(context: AddressContext, before: Addresses): Promise<Addresses> {
  const interfaces = await context.host.interfaces();
  let found = before;
  for (const family of FAMILIES) found = { ...found, [family.field]: await addressOf(context, family, interfaces, found) };
  const listed = { ...found, interfaces: listInterfaces(context.env, interfaces) };
  if (listed.ipv4Address !== undefined || listed.ipv6Address !== undefined) return listed;
  throw new CalicoError('failed', 'the node has neither an IPv4 nor an IPv6 address, given or found, and Calico needs one');
}

/**
 * Those of the addresses that are kept where detection fails or another node has what was found: none that was to be found by
 * itself, so that who has it in truth may have it. Undefined where all are kept.
 */
export function withoutDetected({ env, log }: Pick<AgentContext, 'env' | 'log'>, addresses: Addresses, families: readonly Family['field'][] = ['ipv4Address', 'ipv6Address']): Addresses | undefined {
  const gone = FAMILIES.filter(({ variable, field }) => env[variable] === AUTODETECT && families.includes(field));
  for (const { version, field } of gone) log.info(`the IPv${version} address ${addresses[field] ?? 'of this node'} is taken out of the datastore`);
  return gone.length === 0 ? undefined : { ...addresses, ...Object.fromEntries(gone.map(({ field }) => [field, undefined])) };
}

/** Whether another look for the addresses may find others: where one is to be found by itself. */
export function isDetected(env: AgentContext['env']): boolean {
  return env['CALICO_NETWORKING_BACKEND'] !== NONE && FAMILIES.some(({ variable }) => env[variable] === AUTODETECT);
}

async function addressOf(context: AddressContext, { version, variable, field }: Family, interfaces: readonly HostInterface[], found: Addresses): Promise<string | undefined> {
  const { env, log } = context;
  const [wish, stored] = [env[variable] ?? '', found[field]];
  if (wish === AUTODETECT || (wish === '' && version === 4 && stored === undefined)) {
    const address = await detect({ version, method: env[`${variable}_AUTODETECTION_METHOD`] ?? '', interfaces, host: context.host, signal: context.signal }, log);
    if (address !== undefined) return address;
    if (stored === undefined) throw new NoAddress(`no IPv${version} address was found: choose another ${variable}_AUTODETECTION_METHOD, or give an address with ${variable}`, withoutDetected(context, found));
    log.warning(`the node keeps the IPv${version} address that is stored: ${stored}`);
    return confirmed(log, stored, interfaces);
  }
  if (wish === '' || wish === NONE) return stored === undefined ? undefined : confirmed(log, stored, interfaces);
  return confirmed(log, givenAddress(log, { version, variable, wish }, interfaces), interfaces);
}

/** The address that a variable gives: IPv4 with the prefix length of the interface that has it, IPv6 as it stands (reference/node-agent 3). */
function givenAddress(log: AgentContext['log'], { version, variable, wish }: { readonly version: Version; readonly variable: string; readonly wish: string }, interfaces: readonly HostInterface[]): string {
  const cidr = parseCidrOrIp(wish);
  if (cidr?.address.version !== version) throw new CalicoError('invalid-request', `${variable}=${wish} is not an IPv${version} address`);
  const place = version === 4 && !wish.includes('/') ? interfaceOf(formatIp(cidr.address), interfaces) : undefined;
  if (place === undefined && version === 4 && !wish.includes('/')) log.warning(`no interface has the address ${wish}, so that nobody knows its network: it is stored as that of one host`);
  log.info(`the IPv${version} address ${wish} is given by ${variable}`);
  return place?.address ?? formatCidr(cidr);
}

/** The address, with a warning where no interface has it. */
function confirmed(log: AgentContext['log'], address: string, interfaces: readonly HostInterface[]): string {
  const ip = parseCidrOrIp(address)?.address;
  if (ip === undefined) throw new CalicoError('unreadable', `${JSON.stringify(address)} is not an address`);
  if (interfaceOf(formatIp(ip), interfaces) === undefined) log.warning(`no interface of this host has the address ${formatIp(ip)}`);
  return address;
}

/** What the Node says of the interfaces of its host: nothing, unless an address is asked for by a variable. */
function listInterfaces(env: AgentContext['env'], interfaces: readonly HostInterface[]): Addresses['interfaces'] {
  const versions = FAMILIES.filter(({ variable }) => !['', NONE].includes(env[variable] ?? '')).map(({ version }) => version);
  if (versions.length === 0) return [];
  const own = interfaces.filter(({ name }) => !isLeftOut(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  return own.map(({ name, addresses }) => {
    const texts = addresses.filter(({ ip }) => versions.includes(ip.version)).map(({ ip }) => formatIp(ip));
    return { name, ...(texts.length > 0 && { addresses: texts }) };
  });
}

/** Whether two texts are the same address, whatever their prefix lengths; false where one is none. */
export function isSameAddress(left: unknown, right: unknown): boolean {
  const [a, b] = [left, right].map((text) => (typeof text === 'string' ? (parseCidr(text)?.address ?? parseIp(text)) : undefined));
  return a !== undefined && b !== undefined && formatIp(a) === formatIp(b);
}
