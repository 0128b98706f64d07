import { isMap, type Data } from '../base/data.js';
import { parseCidrOrIp, type Cidr } from '../net/address.js';
import { isAction } from './accepted.js';
import type { Condition, PortRange, Side } from './condition.js';
import { sideObjects, type SideObjects } from './effective-selector.js';
import { texts } from './known-objects.js';
import type { LabelGroups } from './label-groups.js';
import { protocolNumber, SCTP, TCP, UDP } from './protocol-number.js';

const SIDES: readonly Side[] = ['source', 'destination'];

/** Of lists with several alternatives Calico 3.32.1 enforces the first two (reference/policy 5.1). */
const ENFORCED_BLOCKS = 2;

/** Kernel rules match at most this many port numbers; a range counts as two. */
const PORT_SLOTS = 15;

/**
 * What a stored rule demands of packets of an IP family, as the dataplane of Calico 3.32.1 enforces it (reference/policy 5): cheap and
 * telling conditions first, ports last, so that the first one that fails says how near the rule was.
 */
export function ruleConditions(rule: Data, version: 4 | 6, namespace: string | undefined, groups: LabelGroups): readonly Condition[] {
  const { sides, family } = readSides(rule, version, namespace);
  if (family !== undefined) return [family];
  const ignored = unenforced(sides);
  return [
    ...protocolConditions(rule),
    ...sides.flatMap((side) => addressConditions(side, groups, ignored)),
    ...icmpConditions(rule),
    ...sides.flatMap((side) => portConditions(rule, side, groups, ignored)),
  ];
}

/** One side of a rule, its networks reduced to one family. */
export interface ReadSide {
  readonly side: Side;
  readonly stored: Data;
  readonly objects: SideObjects;
  readonly nets: readonly Cidr[];
  readonly notNets: readonly Cidr[];
  readonly ports: ReadPorts;
  readonly notPorts: ReadPorts;
}

export interface ReadPorts {
  readonly ranges: readonly PortRange[];
  readonly names: readonly string[];
}

/** The sides of a stored rule for an IP family, source first; with the condition by which it is not for packets of that family at all, if there is one. */
export function readSides(rule: Data, version: 4 | 6, namespace: string | undefined): { readonly sides: readonly ReadSide[]; readonly family: Condition | undefined } {
  const sides = SIDES.map((side) => readSide(rule, side, version, namespace));
  return { sides, family: otherFamily(rule, version, sides) };
}

function readSide(rule: Data, side: Side, version: 4 | 6, namespace: string | undefined): ReadSide {
  const stored = isMap(rule[side]) ? rule[side] : {};
  const ofFamily = (list: unknown): readonly Cidr[] => texts(list).flatMap((text) => parseCidrOrIp(text) ?? []).filter(({ address }) => address.version === version);
  return {
    side, stored,
    objects: sideObjects(stored, namespace),
    nets: ofFamily(stored['nets']),
    notNets: ofFamily(stored['notNets']),
    ports: readPorts(stored['ports']),
    notPorts: readPorts(stored['notPorts']),
  };
}

/** The condition by which a rule is not for packets of a family at all; one with an action that there is not is for none. */
function otherFamily(rule: Data, version: 4 | 6, sides: readonly ReadSide[]): Condition | undefined {
  const { ipVersion, protocol, action } = rule;
  const never = (field: string, wants: unknown): Condition => ({ kind: 'family', field, wants });
  if (typeof action === 'string' && !isAction(action)) return never('action', action);
  if (ipVersion === 4 || ipVersion === 6) {
    if (ipVersion !== version) return never('ipVersion', ipVersion);
  } else if (typeof protocol === 'string') {
    const word = protocol.toLowerCase();
    if ((word === 'icmp' && version === 6) || (word === 'icmpv6' && version === 4)) return never('protocol', protocol);
  }
  for (const { side, stored, nets, notNets } of sides) {
    if (nets.length === 0 && texts(stored['nets']).length > 0) return never(`${side}.nets`, stored['nets']);
    const leavesNone = notNets.length === 0 || notNets.some(({ length }) => length === 0);
    if (leavesNone && texts(stored['notNets']).length > 0) return never(`${side}.notNets`, stored['notNets']);
  }
  return undefined;
}

function protocolConditions({ protocol, notProtocol, source, destination }: Data): Condition[] {
  const conditions: Condition[] = [];
  for (const [side, stored] of Object.entries({ source, destination })) {
    if (isMap(stored) && stored['services'] != null) conditions.push({ kind: 'services', field: `${side}.services`, wants: stored['services'] });
  }
  if (protocol != null) conditions.push({ kind: 'protocol', field: 'protocol', wants: protocol, not: false, protocol: protocolNumber(protocol) });
  if (notProtocol != null) conditions.push({ kind: 'protocol', field: 'notProtocol', wants: notProtocol, not: true, protocol: protocolNumber(notProtocol) });
  return conditions;
}

function icmpConditions(rule: Data): Condition[] {
  return (['icmp', 'notICMP'] as const).flatMap((field) => {
    const wants = rule[field];
    if (!isMap(wants) || typeof wants['type'] !== 'number') return [];
    return { kind: 'icmp', field, wants, not: field === 'notICMP', type: wants['type'], code: typeof wants['code'] === 'number' ? wants['code'] : undefined };
  });
}

function addressConditions({ side, stored, objects, nets, notNets }: ReadSide, groups: LabelGroups, ignored: ReadonlySet<string>): Condition[] {
  const conditions: Condition[] = [];
  for (const [not, selector] of [[false, objects.selector], [true, objects.except]] as const) {
    if (selector === undefined) continue;
    const matcher = groups.matcher(selector);
    conditions.push({ kind: 'selector', field: `${side}.${not ? 'notSelector' : 'selector'}`, wants: matcher.text, side, not, matcher });
  }
  if (nets.length > 0 && !ignored.has(`${side}.nets`)) conditions.push({ kind: 'nets', field: `${side}.nets`, wants: stored['nets'], side, not: false, nets });
  if (notNets.length > 0) conditions.push({ kind: 'nets', field: `${side}.notNets`, wants: stored['notNets'], side, not: true, nets: notNets });
  return conditions;
}

/** Names are ports of the rule's protocol; without one, of TCP. What scopes them is the positive part of the side. */
function portConditions({ protocol }: Data, { side, stored, objects, ports, notPorts }: ReadSide, groups: LabelGroups, ignored: ReadonlySet<string>): Condition[] {
  const number = protocolNumber(protocol);
  const shared = { kind: 'ports' as const, side, protocol: number === UDP || number === SCTP ? number : TCP, scope: objects.selector === undefined ? undefined : groups.matcher(objects.selector) };
  const conditions: Condition[] = [];
  if (!isEmpty(ports) && !ignored.has(`${side}.ports`)) conditions.push({ ...shared, ...ports, field: `${side}.ports`, wants: stored['ports'], not: false });
  if (!isEmpty(notPorts)) conditions.push({ ...shared, ...notPorts, field: `${side}.notPorts`, wants: stored['notPorts'], not: true });
  return conditions;
}

/** The lists of a rule that Calico does not enforce beside two others with several alternatives (reference/policy 5.1). */
function unenforced(sides: readonly ReadSide[]): ReadonlySet<string> {
  const lists = [
    ...sides.map(({ side, ports }) => ({ field: `${side}.ports`, alternatives: portAlternatives(ports) })),
    ...sides.map(({ side, nets }) => ({ field: `${side}.nets`, alternatives: nets.length })),
  ];
  return new Set(lists.filter(({ alternatives }) => alternatives > 1).slice(ENFORCED_BLOCKS).map(({ field }) => field));
}

/** How many kernel rules a list of ports takes: one for each name, and for every 15 numbers. */
function portAlternatives({ ranges, names }: ReadPorts): number {
  let alternatives = names.length;
  let free = 0;
  for (const [from, to] of ranges) {
    const slots = from === to ? 1 : 2;
    if (slots > free) {
      alternatives++;
      free = PORT_SLOTS;
    }
    free -= slots;
  }
  return alternatives;
}

function isEmpty({ ranges, names }: ReadPorts): boolean {
  return ranges.length === 0 && names.length === 0;
}

/** The ports in a stored list: numbers, `from:to`, and names. Digits in quotes are a number. */
export function readPorts(stored: unknown): ReadPorts {
  const ranges: PortRange[] = [];
  const names: string[] = [];
  for (const port of Array.isArray(stored) ? (stored as readonly unknown[]) : []) {
    if (typeof port === 'number') ranges.push([port, port]);
    else if (typeof port === 'string') {
      const [, from, to = from] = /^(\d+)(?::(\d+))?$/.exec(port) ?? [];
      if (from === undefined) names.push(port);
      else ranges.push([Number(from), Number(to)]);
    }
  }
  return { ranges, names };
}
