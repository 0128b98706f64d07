import { toldPackets } from '../../../insight/packet-groups.js';
import { allPackets, without, type PacketSet } from '../../../policy/packet-set.js';
import { packetsText } from './packet-groups-text.js';

/** Packets of an IP version in words that can be broken into lines: `all traffic`, `tcp 80, 443; udp 53`, `all but icmp`. */
export function trafficText(packets: PacketSet, version: 4 | 6): string {
  if (packets.length === 0) return 'nothing';
  if (without(allPackets(version), packets).length === 0) return 'all traffic';
  return packetsText(toldPackets(version, packets)).replace(/,(?=\d)/g, ', ');
}
