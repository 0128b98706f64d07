import { wordOf } from '../../../insight/flow-between.js';
import { contains, isSame, rangesOf, subtract, type IntervalSet } from '../../../policy/interval-set.js';
import { allPackets, icmpOf, merged, PORT_PROTOCOLS, WITH_ANY_PORTS, without, type PacketBox, type PacketSet } from '../../../policy/packet-set.js';
import { ICMP, ICMPV6 } from '../../../policy/protocol-number.js';

/** Of more ranges the first are told. */
const MOST_RANGES = 6;

/** Packets between two addresses in words: `all traffic`, `tcp 80, 443; udp 53`, `icmp type 8`. */
export function packetsText(packets: PacketSet, version: 4 | 6): string {
  if (packets.length === 0) return 'nothing';
  const rest = merged(without(allPackets(version), packets));
  if (rest.length === 0) return 'all traffic';
  const boxes = merged(packets);
  return rest.length < boxes.length ? `all traffic but ${boxesText(rest, version)}` : boxesText(boxes, version);
}

function boxesText(boxes: PacketSet, version: 4 | 6): string {
  return shortened(boxes.map((box) => boxText(box, version)), '; ');
}

function boxText(box: PacketBox, version: 4 | 6): string {
  if (isSame(subtract(box.protocols, PORT_PROTOCOLS), [])) return portsText(box);
  if (contains(box.protocols, version === 4 ? ICMP : ICMPV6)) return icmpText(box, version);
  return isSame(box.protocols, allPackets(version)[2]!.protocols) ? 'other protocols' : `protocol ${rangesText(box.protocols)}`;
}

function portsText({ protocols, first, second }: PacketBox): string {
  const words = isSame(protocols, PORT_PROTOCOLS) ? 'any protocol with ports' : numbers(protocols).map((each) => wordOf(each)).join(', ');
  const from = isSame(first, WITH_ANY_PORTS.first) ? '' : ` from port ${rangesText(first)}`;
  return `${words}${isSame(second, WITH_ANY_PORTS.second) ? '' : ` ${rangesText(second)}`}${from}`;
}

function icmpText({ first, second }: PacketBox, version: 4 | 6): string {
  const all = icmpOf(version);
  const word = version === 4 ? 'icmp' : 'icmpv6';
  const type = isSame(first, all.first) ? '' : ` type ${rangesText(first)}`;
  return `${word}${type}${isSame(second, all.second) ? '' : ` code ${rangesText(second)}`}`;
}

/** `80, 8000-8100`. */
function rangesText(set: IntervalSet): string {
  return shortened(rangesOf(set).map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)), ', ');
}

function shortened(texts: readonly string[], separator: string): string {
  return texts.length <= MOST_RANGES ? texts.join(separator) : `${texts.slice(0, MOST_RANGES).join(separator)} and ${texts.length - MOST_RANGES} more`;
}

function numbers(set: IntervalSet): readonly number[] {
  return rangesOf(set).flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at));
}
