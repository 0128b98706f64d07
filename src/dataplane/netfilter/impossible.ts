import { isMap, type Data } from '../../base/data.js';
import { protocolNumber, WITH_PORTS } from '../../policy/protocol-number.js';
import { readPorts, type ReadPorts } from '../../policy/rule-conditions.js';
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
  /** The protocol whose ports are meant, as the rule names it; empty where packets have none, of which ports that must not be hold. */
  readonly portProtocol: string;
  /** Whether ports by name are meant too: those of a rule without protocol are of TCP. */
  readonly withNames: boolean;
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
  const ports = portsOf(stored);
  if (is !== undefined) return isOfNone(is, isNot) ? [] : underProtocol(is, icmp, notIcmp, family, ports);
  const other = isNot === undefined || protocolNumber(isNot) === undefined ? undefined : isNot;
  const excludesIcmp = isIcmp(other, family);
  if (icmp !== undefined) return excludesIcmp ? [] : underProtocol(ICMP_NAME[family], icmp, notIcmp, family, ports);
  const plain = { ...NOTHING, notProtocol: other === undefined ? [] : named(other, true) };
  if (ports.must.length + ports.mustNot.length > 0) return ofEachProtocol(ports, other, plain, isPossible(notIcmp) && !excludesIcmp ? notIcmp : undefined, family);
  if (!isPossible(notIcmp) || excludesIcmp) return [plain];
  const others = other === undefined ? { ...plain, notProtocol: named(ICMP_NAME[family], true) } : { ...plain, ruledOut: named(ICMP_NAME[family]) };
  return [others, ...underProtocol(ICMP_NAME[family], undefined, notIcmp, family, ports)];
}

/** Ports without a protocol are those of each that has any; of the others, ports that must not be hold, and ports that must be do not. */
function ofEachProtocol(ports: Ports, other: string | undefined, plain: Conditions, notIcmp: Icmp | undefined, family: Family): readonly Conditions[] {
  const own = PORTED.filter((each) => !isOfNone(each, other) && (each === 'tcp' || ports.must.every(hasNumbers)));
  const forms = own.map((each) => ({ ...NOTHING, protocol: named(each), portProtocol: each, withNames: each === 'tcp' }));
  if (ports.must.length > 0) return forms;
  const without = [...PORTED.flatMap((each) => named(each)), ...(notIcmp === undefined ? [] : named(ICMP_NAME[family]))];
  return [...forms, { ...plain, ruledOut: without }, ...(notIcmp === undefined ? [] : underProtocol(ICMP_NAME[family], undefined, notIcmp, family, ports))];
}

const NOTHING: Conditions = { protocol: [], icmp: [], notProtocol: [], notIcmp: [], ruledOut: [], portProtocol: '', withNames: true };
/** The protocols whose packets have ports. */
const PORTED = ['tcp', 'udp', 'sctp', 'udplite'];

/** No packet is of a protocol that is excluded, or that nobody knows. */
function isOfNone(is: string, isNot: string | undefined): boolean {
  const number = protocolNumber(is);
  return number === undefined || (isNot !== undefined && number === protocolNumber(isNot));
}

function underProtocol(protocol: string, icmp: Icmp | undefined, notIcmp: Icmp | undefined, family: Family, { must }: Ports): readonly Conditions[] {
  const hasIcmp = isIcmp(protocol, family);
  const hasPorts = WITH_PORTS.includes(protocolNumber(protocol)!);
  if (icmp !== undefined && !(hasIcmp && isPossible(icmp))) return [];
  if (must.length > 0 && !hasPorts) return [];
  return [{ ...NOTHING, portProtocol: hasPorts ? protocol : '', protocol: named(protocol), icmp: icmp === undefined ? [] : [icmp], notIcmp: hasIcmp && isPossible(notIcmp) ? [{ ...notIcmp, not: true }] : [] }];
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

/** The lists of ports that a rule has: those one of which must be there, and those none of which may. */
interface Ports {
  readonly must: readonly ReadPorts[];
  readonly mustNot: readonly ReadPorts[];
}

function portsOf(stored: Data): Ports {
  const lists = (name: string): readonly ReadPorts[] => [stored['source'], stored['destination']].filter(isMap).map((side) => readPorts(side[name])).filter(({ ranges, names }) => ranges.length + names.length > 0);
  return { must: lists('ports'), mustNot: lists('notPorts') };
}

function hasNumbers({ ranges }: ReadPorts): boolean {
  return ranges.length > 0;
}
