import { contains, isSame, rangesOf, type IntervalSet } from '../policy/interval-set.js';
import { allPackets, merged, WITH_ANY_PORTS, without, type PacketBox, type PacketSet } from '../policy/packet-set.js';
import { ICMP, ICMPV6, TCP, UDP, WITH_PORTS } from '../policy/protocol-number.js';
import { CLIENT_PORT, wordOf } from './flow-between.js';
import type { Flow } from '../policy/flow.js';

/** Packets that are alike but for their protocol, in words and in the ranges of manifests (`8000:8100`). A list that is missing means any. */
export interface PacketGroup {
  /** Names, or numbers and ranges of them. */
  readonly protocols: readonly (string | number)[];
  readonly sourcePorts?: readonly string[];
  readonly ports?: readonly string[];
  readonly types?: readonly string[];
  readonly codes?: readonly string[];
}

/** The protocols that have names, in the order in which they are told. */
const TOLD = [...WITH_PORTS, ICMP, ICMPV6];

/** Packets between two ends: these groups, or all but these. */
export interface ToldPackets {
  readonly allBut: boolean;
  readonly groups: readonly PacketGroup[];
}

/** A set of packets of an IP version, told as it takes fewer words; all packets are all but none. */
export function toldPackets(version: 4 | 6, packets: PacketSet): ToldPackets {
  const [own, others] = [packets, without(allPackets(version), packets)].map((set) => packetGroups(set));
  return wordsIn(others!) <= wordsIn(own!) ? { allBut: true, groups: others! } : { allBut: false, groups: own! };
}

function wordsIn(groups: readonly PacketGroup[]): number {
  return groups.reduce((sum, { protocols, ports = [], sourcePorts = [], types = [], codes = [] }) => sum + [protocols, ports, sourcePorts, types, codes].reduce((count, list) => count + list.length, 0), 0);
}

function packetGroups(packets: PacketSet): readonly PacketGroup[] {
  const groups = new Map<string, { protocols: (string | number)[]; box: PacketBox }>();
  const put = (name: string | number, box: PacketBox): void => {
    const key = `${String(box.first)}/${String(box.second)}/${TOLD.includes(box.protocols[0]!) ? kindOf(box.protocols[0]!) : 'other'}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { protocols: [name], box });
    else known.protocols.push(name);
  };
  for (const protocol of TOLD) {
    for (const box of merged(packets.filter(({ protocols }) => contains(protocols, protocol)).map((each) => ({ ...each, protocols: [protocol, protocol] })))) put(wordOf(protocol), box);
  }
  for (const { protocols, first, second } of packets) {
    for (const [from, to] of rangesOf(protocols)) for (const range of withoutTold(from, to)) put(range[0] === range[1] ? range[0] : `${range[0]}:${range[1]}`, { protocols: range, first, second });
  }
  return [...groups.values()].map(({ protocols, box }) => groupOf(protocols, box));
}

function kindOf(protocol: number): string {
  return WITH_PORTS.includes(protocol) ? 'ports' : 'icmp';
}

/** A range of protocol numbers without those that have names. */
function withoutTold(from: number, to: number): readonly (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  let start = from;
  for (let at = from; at <= to + 1; at++) {
    if (at <= to && !TOLD.includes(at)) continue;
    if (start < at) ranges.push([start, at - 1]);
    start = at + 1;
  }
  return ranges;
}

function groupOf(protocols: readonly (string | number)[], { protocols: [protocol], first, second }: PacketBox): PacketGroup {
  if (!TOLD.includes(protocol!)) return { protocols };
  if (kindOf(protocol!) === 'icmp') return { protocols, ...(!isSame(first, ANY_TYPE) && { types: texts(first) }), ...(!isSame(second, ANY_TYPE) && { codes: texts(second) }) };
  return { protocols, ...(!isSame(first, WITH_ANY_PORTS.first) && { sourcePorts: texts(first) }), ...(!isSame(second, WITH_ANY_PORTS.second) && { ports: texts(second) }) };
}

const ANY_TYPE = allPackets(4)[1]!.first;

function texts(set: IntervalSet): readonly string[] {
  return rangesOf(set).map(([from, to]) => (from === to ? String(from) : `${from}:${to}`));
}

/** Ports of servers that people know, those first that everybody does. */
const USUAL_PORTS = [80, 443, 22, 53, 8080, 8443, 3306, 5432, 6379, 9090, 6443, 179, 2379];

/** Protocols in the order in which people know them. */
const KNOWN = [TCP, UDP, ICMP, ICMPV6, ...TOLD.filter((each) => ![TCP, UDP, ICMP, ICMPV6].includes(each))];

const ECHO_REQUESTS = [8, 128];

/** One of the packets, as `evaluate` takes it: of the first protocol that people know, to a port that they know, if there is one. */
export function examplePacket(packets: PacketSet): Pick<Flow, 'protocol' | 'sport' | 'dport' | 'type' | 'code'> {
  const protocol = KNOWN.find((each) => packets.some(({ protocols }) => contains(protocols, each))) ?? packets[0]!.protocols[0]!;
  if (!TOLD.includes(protocol)) return { protocol };
  const boxes = packets.filter(({ protocols }) => contains(protocols, protocol));
  if (kindOf(protocol) === 'icmp') {
    const { first, second } = boxes.find((box) => ECHO_REQUESTS.some((type) => contains(box.first, type))) ?? boxes[0]!;
    return { protocol: wordOf(protocol), type: ECHO_REQUESTS.find((type) => contains(first, type)) ?? first[0]!, code: second[0]! };
  }
  const port = USUAL_PORTS.find((each) => boxes.some(({ second }) => contains(second, each)));
  const { first, second } = boxes.find((box) => port === undefined || contains(box.second, port))!;
  return { protocol: wordOf(protocol), sport: contains(first, CLIENT_PORT) ? CLIENT_PORT : first[0]!, dport: port ?? (second[0] === 0 && second[1]! > 0 ? 1 : second[0]!) };
}

/** How little people know of a packet: 0 for one of TCP to a usual port. */
export function strangeness({ protocol, dport, type }: ReturnType<typeof examplePacket>): number {
  const isUsual = dport === undefined ? ECHO_REQUESTS.includes(type ?? -1) : USUAL_PORTS.includes(dport);
  return KNOWN.map(wordOf).indexOf(protocol) < 0 ? 2 * KNOWN.length : KNOWN.map(wordOf).indexOf(protocol) + (isUsual ? 0 : KNOWN.length);
}
