/** The protocols that have names in rules. Calico compares names without case. */
const NUMBERS: ReadonlyMap<string, number> = new Map([['icmp', 1], ['tcp', 6], ['udp', 17], ['icmpv6', 58], ['sctp', 132], ['udplite', 136]]);

export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;
export const ICMPV6 = 58;
export const SCTP = 132;
export const IPIP = 4;

/** Those whose packets carry ports. */
export const WITH_PORTS: readonly number[] = [TCP, UDP, SCTP, 136];

/** The number of a protocol that is written as a name or a number; undefined for what is neither. */
export function protocolNumber(protocol: unknown): number | undefined {
  const number = typeof protocol === 'string' ? (NUMBERS.get(protocol.toLowerCase()) ?? (/^\d+$/.test(protocol) ? Number(protocol) : undefined)) : protocol;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= 255 ? number : undefined;
}
