import { contains, intersect, interval, isSame, subtract, unionOf, type IntervalSet } from './interval-set.js';
import type { Packet } from './packet.js';
import { ICMP, ICMPV6, WITH_PORTS } from './protocol-number.js';

/**
 * Packets between two addresses that are alike: each of these protocols, with each of `first` and each of `second`. These are source and
 * destination ports, or the type and code of ICMP; of other protocols 0.
 */
export interface PacketBox {
  readonly protocols: IntervalSet;
  readonly first: IntervalSet;
  readonly second: IntervalSet;
}

/** Packets between two addresses, as boxes that have none in common. */
export type PacketSet = readonly PacketBox[];

export const NO_PACKETS: PacketSet = [];

const PORTS = interval(0, 65_535);
const BYTE = interval(0, 255);
const ZERO = interval(0);

export const PORT_PROTOCOLS: IntervalSet = unionOf(WITH_PORTS.map((protocol) => [protocol, protocol]));

/** All packets that carry ports. */
export const WITH_ANY_PORTS: PacketBox = { protocols: PORT_PROTOCOLS, first: PORTS, second: PORTS };

/** All packets of an IP version; ICMP of the other version is none that anybody sends. */
export function allPackets(version: 4 | 6): PacketSet {
  return version === 4 ? ALL_4 : ALL_6;
}

const ALL_4 = packetsOf(ICMP);
const ALL_6 = packetsOf(ICMPV6);

function packetsOf(icmp: number): PacketSet {
  const others = subtract(subtract(BYTE, PORT_PROTOCOLS), unionOf([[ICMP, ICMP], [ICMPV6, ICMPV6]]));
  return [WITH_ANY_PORTS, { protocols: interval(icmp), first: BYTE, second: BYTE }, { protocols: others, first: ZERO, second: ZERO }];
}

/** All ICMP of the IP version. */
export function icmpOf(version: 4 | 6): PacketBox {
  return allPackets(version)[1]!;
}

/** All packets of a protocol. */
export function ofProtocol(version: 4 | 6, protocol: number): PacketSet {
  return overlap(allPackets(version), [{ protocols: interval(protocol), first: PORTS, second: PORTS }]);
}

export function overlap(left: PacketSet, right: PacketSet): PacketSet {
  if (left === right) return left;
  const shared: PacketBox[] = [];
  for (const a of left) {
    for (const b of right) {
      const box = { protocols: intersect(a.protocols, b.protocols), first: intersect(a.first, b.first), second: intersect(a.second, b.second) };
      if (box.protocols.length > 0 && box.first.length > 0 && box.second.length > 0) shared.push(box);
    }
  }
  return shared;
}

/** What is in the first and not in the second. */
export function without(left: PacketSet, right: PacketSet): PacketSet {
  let rest = left;
  for (const cut of right) {
    if (rest.length === 0) return NO_PACKETS;
    rest = rest.flatMap((box) => cutFrom(box, cut));
  }
  return rest;
}

/** The first box without the second: what differs in the protocol, then of the shared protocols in the first number, then in the second. */
function cutFrom(box: PacketBox, cut: PacketBox): readonly PacketBox[] {
  const protocols = intersect(box.protocols, cut.protocols);
  const first = intersect(box.first, cut.first);
  const second = intersect(box.second, cut.second);
  if (protocols.length === 0 || first.length === 0 || second.length === 0) return [box];
  return [
    { ...box, protocols: subtract(box.protocols, protocols) },
    { protocols, first: subtract(box.first, first), second: box.second },
    { protocols, first, second: subtract(box.second, second) },
  ].filter((each) => each.protocols.length > 0 && each.first.length > 0 && each.second.length > 0);
}

/** Both, as disjoint boxes; those that differ in one respect only become one. */
export function join(left: PacketSet, right: PacketSet): PacketSet {
  if (left.length === 0) return right;
  return right.length === 0 ? left : merged([...left, ...without(right, left)]);
}

/** The same packets in fewer boxes. */
export function merged(set: PacketSet): PacketSet {
  const boxes: PacketBox[] = [];
  for (const box of set) {
    let grown = box;
    for (let at = 0; at < boxes.length; ) {
      const both = mergeTwo(grown, boxes[at]!);
      if (both === undefined) at++;
      else {
        grown = both;
        boxes.splice(at, 1);
        at = 0;
      }
    }
    boxes.push(grown);
  }
  return boxes;
}

function mergeTwo(left: PacketBox, right: PacketBox): PacketBox | undefined {
  const differ = (['protocols', 'first', 'second'] as const).filter((part) => !isSame(left[part], right[part]));
  if (differ.length === 0) return left;
  const [part] = differ;
  return differ.length > 1 ? undefined : { ...left, [part!]: joined(left[part!], right[part!]) };
}

function joined(left: IntervalSet, right: IntervalSet): IntervalSet {
  const ranges: [number, number][] = [];
  for (const set of [left, right]) for (let at = 0; at < set.length; at += 2) ranges.push([set[at]!, set[at + 1]!]);
  return unionOf(ranges);
}

/** Whether a packet is in a set. */
export function holdsPacket(set: PacketSet, packet: Packet): boolean {
  const [first, second] = packet.type === undefined ? [packet.sourcePort ?? 0, packet.destinationPort ?? 0] : [packet.type, packet.code ?? 0];
  return set.some((box) => contains(box.protocols, packet.protocol) && contains(box.first, first) && contains(box.second, second));
}

const KEYS = new WeakMap<PacketSet, string>();

/** A text that is equal for sets of the same boxes. */
export function packetsKey(packets: PacketSet): string {
  let key = KEYS.get(packets);
  if (key === undefined) KEYS.set(packets, (key = packets.map(({ protocols, first, second }) => `${protocols.join()}/${first.join()}/${second.join()}`).sort().join(' ')));
  return key;
}
