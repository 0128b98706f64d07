import type { PacketGroup, ToldPackets } from '../../../insight/packet-groups.js';

/** Of long lists the first are told. */
const MOST_RANGES = 6;

/** Packets in words: `any`, `tcp 80,443; udp 53`, `all but icmp type 8`. */
export function packetsText({ allBut, groups }: ToldPackets): string {
  return allBut && groups.length === 0 ? 'any' : `${allBut ? 'all but ' : ''}${groups.map(groupText).join('; ')}`;
}

/** The same as data. */
export function packetsData({ allBut, groups }: ToldPackets): object {
  return allBut ? { allPacketsBut: groups } : { packets: groups };
}

function groupText({ protocols, sourcePorts, ports, types, codes }: PacketGroup): string {
  const numbers = protocols.filter((each) => typeof each === 'number' || /^\d/.test(each));
  // One word for the many protocols that have no name.
  const words = numbers.length > 5 ? ['other protocols'] : [...protocols.filter((each) => !numbers.includes(each)), ...numbers.map((each) => `protocol ${each}`)];
  return [
    words.join(', '),
    ports === undefined ? '' : listed(ports),
    sourcePorts === undefined ? '' : `from port ${listed(sourcePorts)}`,
    types === undefined ? '' : `type ${listed(types)}`,
    codes === undefined ? '' : `code ${listed(codes)}`,
  ].filter((word) => word !== '').join(' ');
}

function listed(ranges: readonly string[]): string {
  const shown = ranges.slice(0, MOST_RANGES).map((range) => range.replace(':', '-')).join(',');
  return ranges.length > MOST_RANGES ? `${shown} and ${ranges.length - MOST_RANGES} more` : shown;
}
