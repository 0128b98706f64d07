import { containsIp, type Cidr } from '../net/address.js';
import type { Matcher } from './label-groups.js';
import type { Address, Packet } from './packet.js';

export type Side = 'source' | 'destination';

/** Ports from the first to the second, both included. */
export type PortRange = readonly [from: number, to: number];

/**
 * One condition of a rule: the field of the rule that says it, by its path from the rule (`destination.ports`), what the rule wants there as it
 * is stored (of selectors the effective one, as text), and how it is decided. All of a rule's must hold.
 */
export type Condition = { readonly field: string; readonly wants: unknown } & (
  | Never
  | { readonly kind: 'protocol'; readonly not: boolean; readonly protocol: number | undefined }
  | { readonly kind: 'icmp'; readonly not: boolean; readonly type: number; readonly code: number | undefined }
  | NetsCondition
  | SelectorCondition
  | PortsCondition
);

/** The rule is for packets of the other IP family, or for what Felix does not know (services). */
export interface Never {
  readonly kind: 'family' | 'services';
}

export interface NetsCondition {
  readonly kind: 'nets';
  readonly side: Side;
  readonly not: boolean;
  readonly nets: readonly Cidr[];
}

export interface SelectorCondition {
  readonly kind: 'selector';
  readonly side: Side;
  readonly not: boolean;
  readonly matcher: Matcher;
}

export interface PortsCondition {
  readonly kind: 'ports';
  readonly side: Side;
  readonly not: boolean;
  readonly ranges: readonly PortRange[];
  readonly names: readonly string[];
  /** The protocol whose ports the names are. */
  readonly protocol: number;
  /** Who can have the named ports; without it, everybody known. */
  readonly scope: Matcher | undefined;
}

/** Whether a packet fulfils a condition. */
export type Test = (packet: Packet) => boolean;

/** How a condition is decided (reference/policy 5). */
export function testOf(condition: Condition): Test {
  switch (condition.kind) {
    case 'family':
    case 'services':
      return () => false;
    case 'protocol': {
      const { protocol, not } = condition;
      return (packet) => (packet.protocol === protocol) !== not;
    }
    case 'icmp': {
      const { type, code, not } = condition;
      return (packet) => (packet.type === type && (code === undefined || packet.code === code)) !== not;
    }
    case 'nets': {
      const { nets, not, side } = condition;
      return side === 'source' ? ({ source }) => isIn(nets, source) !== not : ({ destination }) => isIn(nets, destination) !== not;
    }
    case 'selector': {
      const { matcher, not, side } = condition;
      return side === 'source' ? ({ source }) => isSelected(matcher, source) !== not : ({ destination }) => isSelected(matcher, destination) !== not;
    }
    case 'ports':
      return (packet) => portsHold(condition, packet);
  }
}

/** Whether an address lies in one of the networks. */
export function isIn(nets: readonly Cidr[], { ip }: Address): boolean {
  for (const net of nets) if (containsIp(net, ip)) return true;
  return false;
}

/** Whether an address belongs to an object that a selector matches. */
export function isSelected(matcher: Matcher, { objects }: Address): boolean {
  for (const { group } of objects) if (matcher.accepts(group)) return true;
  return false;
}

function portsHold(condition: PortsCondition, packet: Packet): boolean {
  const port = condition.side === 'source' ? packet.sourcePort : packet.destinationPort;
  if (port === undefined) return condition.not;
  for (const [from, to] of condition.ranges) if (port >= from && port <= to) return !condition.not;
  const isNamed = condition.names.length > 0 && packet.protocol === condition.protocol && namedPortsAt(condition, packet[condition.side]).includes(port);
  return isNamed !== condition.not;
}

/** The ports that the names of a condition stand for at an address: those of the objects there that are in its scope (reference/policy 5). */
export function namedPortsAt({ names, protocol, scope }: PortsCondition, { objects }: Address): readonly number[] {
  const found: number[] = [];
  for (const { group, ports } of objects) {
    if (ports.length === 0 || (scope !== undefined && !scope.accepts(group))) continue;
    for (const each of ports) if (each.protocol === protocol && names.includes(each.name)) found.push(each.port);
  }
  return found;
}

/** What a packet has where a condition wants something else. */
export interface Found {
  /** The IP version, the protocol's number, the ICMP type with its code as `3/1`, the port, or the address. */
  readonly value: string | number | undefined;
  /** The ids of the known objects at the address, where it is about addresses or named ports. */
  readonly objects?: readonly string[];
}

/** What a packet has of that which a condition is about. */
export function foundIn(condition: Condition, packet: Packet): Found {
  switch (condition.kind) {
    case 'family':
      return { value: packet.version };
    case 'protocol':
      return { value: packet.protocol };
    case 'icmp':
      return { value: packet.type === undefined ? undefined : `${packet.type}/${packet.code ?? 0}` };
    case 'services':
      return { value: undefined };
    case 'ports':
      return { value: condition.side === 'source' ? packet.sourcePort : packet.destinationPort, ...objectsAt(packet[condition.side]) };
    default:
      return { value: packet[condition.side].text, ...objectsAt(packet[condition.side]) };
  }
}

function objectsAt({ objects }: Address): Pick<Found, 'objects'> {
  return { objects: objects.map(({ id }) => id) };
}
