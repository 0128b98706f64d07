import { CalicoError } from '../base/errors.js';
import { formatCidr } from '../net/address.js';
import { listInterfaces, sourceAddressTo, type HostInterface } from '../host/addresses/interfaces.js';
import { detectByName, detectByRoute, interfaceOf, parseMethod, resolveTarget, type Detection, type Version } from '../host/addresses/autodetect.js';
import type { Store } from '../datastore/store.js';
import { keyOf } from '../resources/keys.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { bgpOf, node } from '../resources/v3/node.js';
import type { AddressNotice } from './notices.js';
import { AUTODETECT, type NodeOptions } from './options.js';

/** The addresses that the datastore has for the node, with their prefix lengths. */
export interface StoredAddresses {
  readonly ipv4?: string | undefined;
  readonly ipv6?: string | undefined;
}

/** Asks for one key, which also tells whether the datastore can be reached. Names are stored in lower case. */
export async function readStoredAddresses(store: Store, name: string): Promise<StoredAddresses> {
  const entry = await store.get(keyOf(node, name.toLowerCase()));
  const stored = entry && decodeStored(node, entry);
  const bgp = stored === undefined || isCorrupt(stored) ? undefined : bgpOf(stored);
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return { ipv4: text(bgp?.ipv4Address), ipv6: text(bgp?.ipv6Address) };
}

/**
 * Says which address the container will use on which interface, and why (reference/node 8). Throws CalicoError
 * where it would find none, or where an address that was given is on no interface. Without a BGP backend there is nothing to say.
 */
export async function explainAddresses(options: NodeOptions, stored: StoredAddresses, signal?: AbortSignal): Promise<AddressNotice[]> {
  if (options.backend === 'none') return [];
  const interfaces = await listInterfaces();
  const wanted = [
    { version: 4, option: options.origins.ip, methodOption: options.origins.method, wish: options.ip, method: options.method, stored: stored.ipv4, needed: true },
    { version: 6, option: options.origins.ip6, methodOption: options.origins.method6, wish: options.ip6, method: options.method6, stored: stored.ipv6, needed: false },
  ] as const;
  const notices: AddressNotice[] = [];
  for (const each of wanted) notices.push(...(await explain({ ...each, node: options.name, signal }, interfaces)));
  return notices;
}

interface Wanted {
  readonly version: Version;
  /** How an address, and a way of finding one, is given. */
  readonly option: string;
  readonly methodOption: string;
  readonly wish: string | undefined;
  readonly method: string;
  readonly stored: string | undefined;
  /** The container looks for an address of this family by itself. */
  readonly needed: boolean;
  readonly node: string;
  readonly signal: AbortSignal | undefined;
}

async function explain(wanted: Wanted, interfaces: readonly HostInterface[]): Promise<AddressNotice[]> {
  const { version, option, methodOption, wish, stored, needed, node } = wanted;
  if (wish !== undefined && wish !== AUTODETECT) return [explainGiven(option, wish, version, interfaces)];
  if (wish === undefined && stored !== undefined) {
    const place = interfaceOf(stored.split('/')[0] as string, interfaces);
    return [{ code: 'node.address.stored', version, address: stored, interface: place?.interface, node, option }];
  }
  if (wish === undefined && !needed) return [];
  const detection = await detect(wanted, interfaces);
  if (detection === undefined) return [{ code: 'node.address.left-to-container', version, option }];
  if (detection.found) return [{ code: 'node.address.found', version, address: detection.address, interface: detection.interface, reason: detection.reason }, ...passedOver(detection)];
  if (stored !== undefined) return [{ code: 'node.address.kept', version, address: stored, node, reason: detection.reason }, ...passedOver(detection)];
  throw new CalicoError('failed', `no IPv${version} address found for this node: ${detection.reason}`, { hint: [`give one with ${option}, or choose another method with ${methodOption}`, ...(detection.passedOver.length === 0 ? [] : [`Passed over: ${detection.passedOver.join(', ')}.`])].join(' ') });
}

function explainGiven(option: string, address: string, version: Version, interfaces: readonly HostInterface[]): AddressNotice {
  const place = interfaceOf(address, interfaces);
  if (place !== undefined) return { code: 'node.address.given', version, address: place.address, interface: place.interface, option };
  const there = interfaces.flatMap(({ name, addresses }) => addresses.filter(({ ip }) => ip.version === version).map(({ ip, length }) => `${name} ${formatCidr({ address: ip, length })}`));
  throw new CalicoError('failed', `${option}: no interface of this host has the address ${address}`, { hint: there.length === 0 ? `this host has no IPv${version} address at all` : `this host has: ${there.join(', ')}` });
}

async function detect({ version, methodOption, method: text, signal }: Wanted, interfaces: readonly HostInterface[]): Promise<Detection | undefined> {
  const method = parseMethod(methodOption, text);
  if (method.kind !== 'can-reach') return detectByName(method, interfaces, version);
  const target = await resolveTarget(methodOption, method.target, version, signal);
  return detectByRoute(method.target, await sourceAddressTo(target, version), interfaces, version);
}

function passedOver({ passedOver: interfaces }: Detection): AddressNotice[] {
  return interfaces.length === 0 ? [] : [{ code: 'node.address.passed-over', interfaces }];
}
