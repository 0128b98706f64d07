import { interval, unionOf, type IntervalSet } from '../../policy/interval-set.js';
import { allPackets, icmpOf, ofProtocol, WITH_ANY_PORTS, type PacketSet } from '../../policy/packet-set.js';
import { ICMP, ICMPV6, protocolNumber, TCP, WITH_PORTS } from '../../policy/protocol-number.js';
import { portRange } from '../../resources/v1/numbers.js';
import type { WrittenTest } from './fields.js';

/** What is said of the packets of a test. */
export type WrittenPackets = Pick<WrittenTest, 'protocol' | 'port' | 'ports' | 'fromPort' | 'icmp'>;

/**
 * All packets of an IP version that a test is about. What it leaves out is left open: without a protocol all of them, of a protocol all
 * ports; a port alone is one of TCP. ICMP is that of the version.
 */
export function packetsOf({ protocol, port, ports, fromPort, icmp }: WrittenPackets, version: 4 | 6): PacketSet {
  const number = protocolNumber(protocol);
  if (icmp !== undefined || number === ICMP || number === ICMPV6) {
    return [{ ...icmpOf(version), ...(icmp?.type !== undefined && { first: interval(icmp.type) }), ...(icmp?.code !== undefined && { second: interval(icmp.code) }) }];
  }
  const given = [...(port === undefined ? [] : [port]), ...(ports ?? [])];
  if (given.length === 0 && fromPort === undefined && number === undefined) return allPackets(version);
  if (number !== undefined && !WITH_PORTS.includes(number)) return ofProtocol(version, number);
  return [{
    protocols: interval(number ?? TCP),
    first: fromPort === undefined ? WITH_ANY_PORTS.first : portsOf([fromPort]),
    second: given.length === 0 ? WITH_ANY_PORTS.second : portsOf(given),
  }];
}

function portsOf(ports: readonly (string | number)[]): IntervalSet {
  return unionOf(ports.flatMap((each) => {
    const range = portRange(each);
    return range === undefined ? [] : [[range.low, range.high] as const];
  }));
}
