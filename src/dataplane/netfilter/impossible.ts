import { isMap, type Data } from '../../base/data.js';
import { protocolNumber, WITH_PORTS } from '../../policy/protocol-number.js';
import type { Family } from '../desired.js';
import type { Match } from './rule.js';

/** What a rule demands of the protocol and its fields, as one rule of the kernel can say it. */
export interface Conditions {
  readonly protocol: readonly Match[];
  readonly icmp: readonly Match[];
  readonly notProtocol: readonly Match[];
  readonly notIcmp: readonly Match[];
  /** What has to be ruled out by marks, since a rule names a protocol once. */
  readonly ruledOut: readonly Match[];
  /** The protocol whose ports are meant, as the rule names it; empty where it means none. */
  readonly portProtocol: string;
}

const ICMP_NUMBER: Readonly<Record<Family, number>> = { 4: 1, 6: 58 };
const ICMP_NAME: Readonly<Record<Family, string>> = { 4: 'icmp', 6: 'icmpv6' };
const HIGHEST = 255;

/**
 * What a rule demands of protocol and ICMP, in forms that the kernel takes, of which a packet meets at most one; none where no packet of the
 * family can meet it. Felix writes every rule as it is stored, and ends for good when the kernel refuses one: ICMP fields under no protocol or
 * under another one, `protocol` with `notProtocol`. Such rules are said here in another way that means the same (reference/netfilter 8.3).
 */
export function kernelForms(stored: Data, family: Family): readonly Conditions[] {
  const is = textOf(stored['protocol']);
  const isNot = textOf(stored['notProtocol']);
  const icmp = icmpOf(stored['icmp'], family);
  const notIcmp = icmpOf(stored['notICMP'], family);
  if (is !== undefined) return isOfNone(is, isNot) ? [] : underProtocol(is, icmp, notIcmp, family, hasPorts(stored));
  const other = isNot === undefined || protocolNumber(isNot) === undefined ? undefined : isNot;
  const excludesIcmp = isIcmp(other, family);
  if (icmp !== undefined) return excludesIcmp || hasPorts(stored) ? [] : underProtocol(ICMP_NAME[family], icmp, notIcmp, family, false);
  if (hasPorts(stored)) return PORTED.filter((each) => !isOfNone(each, other)).map((each) => ({ ...NOTHING, protocol: named(each), portProtocol: each }));
  const plain = { ...NOTHING, notProtocol: other === undefined ? [] : named(other, true) };
  if (!isPossible(notIcmp) || excludesIcmp) return [plain];
  const others = other === undefined ? { ...plain, notProtocol: named(ICMP_NAME[family], true) } : { ...plain, ruledOut: named(ICMP_NAME[family]) };
  return [others, ...underProtocol(ICMP_NAME[family], undefined, notIcmp, family, false)];
}

const NOTHING: Conditions = { protocol: [], icmp: [], notProtocol: [], notIcmp: [], ruledOut: [], portProtocol: '' };
/** Ports without a protocol are those of each that has any. */
const PORTED = ['tcp', 'udp', 'sctp', 'udplite'];

/** No packet is of a protocol that is excluded, or that nobody knows. */
function isOfNone(is: string, isNot: string | undefined): boolean {
  const number = protocolNumber(is);
  return number === undefined || (isNot !== undefined && number === protocolNumber(isNot));
}

function underProtocol(protocol: string, icmp: Icmp | undefined, notIcmp: Icmp | undefined, family: Family, withPorts: boolean): readonly Conditions[] {
  const hasIcmp = isIcmp(protocol, family);
  if (icmp !== undefined && !(hasIcmp && isPossible(icmp))) return [];
  if (withPorts && !WITH_PORTS.includes(protocolNumber(protocol)!)) return [];
  return [{ ...NOTHING, portProtocol: protocol, protocol: named(protocol), icmp: icmp === undefined ? [] : [icmp], notIcmp: hasIcmp && isPossible(notIcmp) ? [{ ...notIcmp, not: true }] : [] }];
}

function named(protocol: string, not = false): readonly Match[] {
  return [{ kind: 'protocol', ...(not && { not }), protocol }];
}

type Icmp = Match & { readonly kind: 'icmp' };

/** Whether packets can have a type and code. */
function isPossible(icmp: Icmp | undefined): icmp is Icmp {
  return icmp !== undefined && [icmp.type, icmp.code ?? 0].every((number) => Number.isInteger(number) && number >= 0 && number <= HIGHEST);
}

function isIcmp(protocol: string | undefined, family: Family): boolean {
  return protocol !== undefined && protocolNumber(protocol) === ICMP_NUMBER[family];
}

function icmpOf(stored: unknown, family: Family): Icmp | undefined {
  if (!isMap(stored) || typeof stored['type'] !== 'number') return undefined;
  return { kind: 'icmp', version: family, type: stored['type'], code: typeof stored['code'] === 'number' ? stored['code'] : undefined };
}

/** Names in small letters; numbers as they are. */
function textOf(stored: unknown): string | undefined {
  return typeof stored === 'string' && stored !== '' ? stored.toLowerCase() : typeof stored === 'number' ? String(stored) : undefined;
}

function hasPorts(stored: Data): boolean {
  return ['source', 'destination'].some((side) => {
    const own = stored[side];
    return isMap(own) && ['ports', 'notPorts'].some((name) => Array.isArray(own[name]) && own[name].length > 0);
  });
}
