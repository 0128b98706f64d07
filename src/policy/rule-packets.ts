import { namedPortsAt, testOf, type Condition, type NetsCondition, type PortsCondition, type SelectorCondition } from './condition.js';
import { interval, unionOf } from './interval-set.js';
import type { Address, Packet } from './packet.js';
import { allPackets, icmpOf, merged, NO_PACKETS, ofProtocol, overlap, WITH_ANY_PORTS, without, type PacketBox, type PacketSet } from './packet-set.js';
import type { Rule } from './rule.js';

/** Two addresses that packets go between; each may stand for a class of equal ones. */
export interface Ends {
  readonly version: 4 | 6;
  readonly source: Address;
  readonly destination: Address;
}

/** The packets between two addresses that a rule matches, whatever stands before it. */
export function rulePackets(rule: Pick<Rule, 'conditions'>, ends: Ends): PacketSet {
  let packets = allPackets(ends.version);
  for (const condition of rule.conditions(ends.version)) {
    packets = restricted(packets, condition, ends);
    if (packets.length === 0) return NO_PACKETS;
  }
  return packets;
}

/** Whether a condition looks at addresses and at nothing else. */
export function isAboutAddresses(condition: Condition): condition is Condition & (NetsCondition | SelectorCondition) {
  return condition.kind === 'nets' || condition.kind === 'selector';
}

/** A packet of which no more is known than its addresses. */
export function addressesOnly({ version, source, destination }: Ends): Packet {
  return { version, source, destination, protocol: 0, sourcePort: undefined, destinationPort: undefined, type: undefined, code: undefined, state: 'new' };
}

function restricted(packets: PacketSet, condition: Condition, ends: Ends): PacketSet {
  switch (condition.kind) {
    case 'family':
    case 'services':
      return NO_PACKETS;
    case 'nets':
    case 'selector':
      return testOf(condition)(addressesOnly(ends)) ? packets : NO_PACKETS;
    case 'protocol': {
      const wanted = condition.protocol === undefined ? NO_PACKETS : ofProtocol(ends.version, condition.protocol);
      return cut(packets, wanted, condition.not);
    }
    case 'icmp': {
      const { type, code } = condition;
      return cut(packets, [{ ...icmpOf(ends.version), first: interval(type), ...(code !== undefined && { second: interval(code) }) }], condition.not);
    }
    case 'ports':
      return cut(packets, portPackets(condition, ends[condition.side]), condition.not);
  }
}

function cut(packets: PacketSet, wanted: PacketSet, not: boolean): PacketSet {
  return not ? without(packets, wanted) : overlap(packets, wanted);
}

/** The packets whose port on one side is in the list, as numbers or as names of what is at the address. */
function portPackets(condition: PortsCondition, address: Address): PacketSet {
  const part = condition.side === 'source' ? 'first' : 'second';
  const boxes: PacketBox[] = [{ ...WITH_ANY_PORTS, [part]: unionOf(condition.ranges) }];
  const named = namedPortsAt(condition, address).map((port) => [port, port] as const);
  const byName: PacketBox = { ...WITH_ANY_PORTS, protocols: interval(condition.protocol), [part]: unionOf(named) };
  if (named.length > 0) boxes.push(...without([byName], boxes));
  return merged(boxes.filter((box) => box[part].length > 0));
}
