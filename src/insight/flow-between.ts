import { InvalidRequest } from '../base/errors.js';
import { formatIp } from '../net/address.js';
import type { Flow } from '../policy/flow.js';
import { ICMP, ICMPV6, protocolNumber, WITH_PORTS } from '../policy/protocol-number.js';
import { addressesBetween, type End } from './end.js';

/** What is said of a packet besides its ends. */
export interface PacketOptions {
  /** A name or a number. */
  readonly protocol?: string | undefined;
  readonly port?: number | undefined;
  readonly fromPort?: number | undefined;
  readonly icmpType?: number | undefined;
  readonly icmpCode?: number | undefined;
}

/** A port that clients are given, where nobody says which. */
export const CLIENT_PORT = 40_000;

const ECHO_REQUEST = { 4: 8, 6: 128 } as const;

/** The flow from one end to another: tcp unless something else is said, of ICMP an echo request. Throws InvalidRequest for what does not fit together. */
export function flowBetween(from: End, to: End, options: PacketOptions): Flow {
  const [source, destination] = addressesBetween(from, to);
  const protocol = protocolOf(options, source.version);
  const hasPorts = WITH_PORTS.includes(protocol);
  const isIcmp = protocol === ICMP || protocol === ICMPV6;
  if (!hasPorts && (options.port ?? options.fromPort) !== undefined) throw new InvalidRequest(`${options.protocol ?? 'icmp'} has no ports`, 'ports go with tcp, udp, sctp and udplite');
  if (!isIcmp && (options.icmpType ?? options.icmpCode) !== undefined) throw new InvalidRequest(`${options.protocol ?? ''} has no ICMP type`, 'write --protocol icmp');
  const vias = [from.via, to.via].filter((via) => via !== undefined);
  return {
    src: formatIp(source),
    dst: formatIp(destination),
    protocol: wordOf(protocol),
    ...(hasPorts && { sport: options.fromPort ?? CLIENT_PORT, ...(options.port !== undefined && { dport: options.port }) }),
    ...(isIcmp && { type: options.icmpType ?? ECHO_REQUEST[source.version], code: options.icmpCode ?? 0 }),
    ...(vias.length > 0 && { via: Object.fromEntries(vias.map((via) => [via.node, via.interface])) }),
    ...(from.gate !== undefined && { from: from.gate }),
    ...(to.gate !== undefined && { to: to.gate }),
  };
}

/** ICMP means that of the addresses: nobody pings with ICMP over IPv6. */
function protocolOf({ protocol, icmpType }: PacketOptions, version: 4 | 6): number {
  const word = protocol ?? (icmpType === undefined ? 'tcp' : 'icmp');
  const number = protocolNumber(word);
  if (number === undefined) throw new InvalidRequest(`${JSON.stringify(word)} is not a protocol`, 'write tcp, udp, sctp, udplite, icmp, icmpv6 or a number from 0 to 255');
  return word.toLowerCase() === 'icmp' && version === 6 ? ICMPV6 : number;
}

const WORDS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6', 132: 'sctp', 136: 'udplite' };

/** A protocol as people write it. */
export function wordOf(protocol: number): string | number {
  return WORDS[protocol] ?? protocol;
}
