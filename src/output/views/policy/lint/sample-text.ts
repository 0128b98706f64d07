import type { Directory } from '../../../../insight/directory.js';
import { wordOf } from '../../../../insight/flow-between.js';
import type { Sample } from '../../../../insight/lint/rule-use.js';
import type { Address } from '../../../../policy/packet.js';
import { allPackets, PORT_PROTOCOLS, type PacketBox } from '../../../../policy/packet-set.js';
import { ICMP, ICMPV6, TCP } from '../../../../policy/protocol-number.js';
import { contains, isSame, rangesOf, type IntervalSet } from '../../../../policy/interval-set.js';

/** An example of packets: `tcp port 80 from 10.0.0.1 (workloadEndpoint/...) to 10.0.0.2`. */
export function sampleText({ ends: { version, source, destination }, packets }: Sample, directory: Directory): string {
  return `${boxText(packets[0]!, version)} from ${addressText(source, directory)} to ${addressText(destination, directory)}`;
}

function addressText({ text, objects }: Address, directory: Directory): string {
  const [object] = objects;
  return object === undefined ? text : `${text} (${directory.name(object.id)})`;
}

function boxText({ protocols, first, second }: PacketBox, version: 4 | 6): string {
  const [ports, icmp] = allPackets(version);
  const protocol = contains(protocols, TCP) ? TCP : protocols[0]!;
  const word = isSame(protocols, PORT_PROTOCOLS) && isSame(second, ports!.second) && isSame(first, ports!.first) ? 'anything with ports' : wordText(protocol);
  if (contains(PORT_PROTOCOLS, protocol)) return `${word}${partText(' from port', first, ports!.first)}${partText(' port', second, ports!.second)}`;
  if (protocol === ICMP || protocol === ICMPV6) return `${word}${partText(' type', first, icmp!.first)}${partText(' code', second, icmp!.second)}`;
  return word;
}

function wordText(protocol: number): string {
  const word = wordOf(protocol);
  return typeof word === 'number' ? `protocol ${word}` : word;
}

/** The first of some numbers, where they are not all that there are. */
function partText(word: string, numbers: IntervalSet, all: IntervalSet): string {
  const [[from, to] = [0, 0]] = rangesOf(numbers);
  return isSame(numbers, all) ? '' : `${word} ${from === to ? from : `${from}:${to}`}`;
}
