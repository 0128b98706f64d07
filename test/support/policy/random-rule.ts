import type { Random } from './random.js';

/** Addresses of flows, by family: workloads, hosts, and what is outside. */
export const ADDRESSES: readonly (readonly string[])[] = [
  ['10.65.0.1', '10.65.0.2', '10.65.0.3', '10.65.0.4', '10.65.0.5', '10.9.0.1', '10.9.0.2', '10.19.0.1', '192.0.2.10', '203.0.113.5', '203.0.113.200', '8.8.8.8'],
  ['fd65::1', 'fd65::2', 'fd65::3', 'fd09::1', 'fd09::2', '2001:db8::10', '2001:4860::8'],
];

export const PORTS: readonly number[] = [22, 53, 80, 81, 443, 4789, 8080, 30000];

const NETS: readonly (readonly string[])[] = [
  ['10.65.0.1/32', '10.65.0.0/30', '10.65.0.0/16', '192.0.2.0/24', '203.0.113.0/25', '10.9.0.0/24', '0.0.0.0/0'],
  ['fd65::1/128', 'fd65::/16', '2001:db8::/32', '::/0'],
];

const CONDITIONS = ['all()', "app == 'a'", "app != 'a'", "app in {'a', 'b'}", "app not in {'b'}", 'has(role)', '!has(role)', "app starts with 'a'", "app ends with 'b'", "app contains 'a'", "host == 'y'", "role == ''", 'global()', "pcns.team == 'red'", "projectcalico.org/namespace == 'web'", "nosuch == '1'"];

export function randomSelector(random: Random): string {
  const one = (): string => (random.chance(0.1) ? '!' : '') + random.one(CONDITIONS);
  const kind = random.below(10);
  return kind < 6 ? one() : kind < 8 ? `${one()} && ${one()}` : `(${one()} || ${one()})`;
}

/** A rule as others may have stored it: mostly wide, so that several match. */
export function randomRule(random: Random): Record<string, unknown> {
  const protocol = random.one(['TCP', 'TCP', 'UDP', 'SCTP', 'ICMP', 'ICMPv6', 6, 17, 47, undefined, undefined]);
  const hasPorts = ['TCP', 'UDP', 'SCTP', 6, 17].includes(protocol ?? '');
  const isIcmp = protocol === 'ICMP' || protocol === 'ICMPv6';
  const icmp = (): Record<string, number> => ({ type: random.one([0, 3, 8, 128]), ...random.maybe(0.4, 'code', () => random.below(2)) });
  return {
    action: random.one(['Allow', 'Allow', 'Allow', 'Deny', 'Deny', 'Log', 'Pass']),
    ...(protocol !== undefined && { protocol }),
    ...(protocol === undefined && random.maybe(0.2, 'notProtocol', () => random.one(['TCP', 17, 'ICMP']))),
    ...random.maybe(0.05, 'ipVersion', () => random.one([4, 6])),
    ...(isIcmp && random.maybe(0.5, 'icmp', icmp)),
    ...(isIcmp && random.maybe(0.3, 'notICMP', icmp)),
    source: side(random, hasPorts, 0.15),
    destination: side(random, hasPorts, 0.5),
  };
}

function side(random: Random, hasPorts: boolean, portShare: number): Record<string, unknown> {
  const nets = (): string[] => random.some(random.chance(0.1) ? NETS.flat() : random.one(NETS), 3, 1);
  const ports = (): (number | string)[] => random.some<number | string>([...PORTS, '1:100', '8000:9000', 'http', 'dns', 'nobody'], random.chance(0.1) ? 20 : 3, 1);
  return {
    ...random.maybe(0.25, 'selector', () => randomSelector(random)),
    ...random.maybe(0.12, 'notSelector', () => randomSelector(random)),
    ...random.maybe(0.1, 'namespaceSelector', () => random.one(['all()', 'global()', "team == 'red'", "team != 'red'", 'has(quiet)'])),
    ...random.maybe(0.08, 'serviceAccounts', () => random.one([{ names: ['till'] }, { selector: "level == '1'" }, { names: ['till'], selector: 'all()' }])),
    ...random.maybe(0.2, 'nets', nets),
    ...random.maybe(0.1, 'notNets', nets),
    ...(hasPorts && random.maybe(portShare, 'ports', ports)),
    ...(hasPorts && random.maybe(0.1, 'notPorts', ports)),
    ...random.maybe(0.01, 'services', () => ({ name: 'x' })),
  };
}
