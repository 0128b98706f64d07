import type { Flow } from '../../../src/policy/flow.js';
import type { HostInterfaces } from '../../../src/policy/host.js';
import type { StoredObject } from '../../../src/resources/kind.js';
import type { Random } from './random.js';
import { ADDRESSES, PORTS, randomRule, randomSelector } from './random-rule.js';

export const HOSTS: HostInterfaces = {
  'node-a': { interfaces: { eth0: ['10.9.0.1', 'fd09::1'], eth1: ['10.19.0.1', 'fd19::1'] } },
  'node-b': { interfaces: { eth0: ['10.9.0.2', 'fd09::2'], eth1: ['10.19.0.2', 'fd19::2'] } },
};

const NODES = Object.keys(HOSTS);
const NAMESPACES = ['web', 'db'];
const PROFILES = ['kns.web', 'kns.db', 'ksa.web.till', 'extra', 'gone'];
const LABELS: Readonly<Record<string, readonly string[]>> = { app: ['a', 'b', 'ab'], role: ['x', ''], host: ['y'] };

/** A small network in which much happens: few labels, few addresses, and rules about just those. */
export function randomNetwork(random: Random): readonly StoredObject[] {
  return [
    ...tiers(random),
    ...random.times(2 + random.below(6), (index) => policy(random, index)),
    ...profiles(random),
    ...random.times(2 + random.below(4), (index) => workload(random, index)),
    ...random.times(random.below(4), (index) => hostEndpoint(random, index)),
    ...random.times(random.below(3), (index) => networkSet(random, index)),
    ...felix(random),
  ];
}

/** A flow between addresses of the network and others. */
export function randomFlow(random: Random): Flow {
  const addresses = random.one(ADDRESSES);
  const [src, dst] = [random.one(addresses), random.one(addresses)];
  const via = random.chance(0.2) ? { via: Object.fromEntries(NODES.map((node) => [node, random.one(['eth0', 'eth1'])])) } : {};
  const isSix = src.includes(':');
  const word = random.one(['tcp', 'tcp', 'tcp', 'udp', 'udp', 'sctp', isSix ? 'icmpv6' : 'icmp', 'other']);
  if (word === 'other') return { src, dst, protocol: random.one([4, 47]), ...via };
  if (word.startsWith('icmp')) return { src, dst, protocol: word, type: random.one([0, 3, 8, 128, 135]), code: random.below(2), ...via };
  return { src, dst, protocol: word, sport: random.one(PORTS), dport: random.one(PORTS), ...via };
}

function stored(kind: string, name: string, spec: Record<string, unknown>, metadata: { namespace?: string; labels?: Record<string, string> } = {}): StoredObject {
  return { kind, apiVersion: 'projectcalico.org/v3', metadata: { name, ...metadata }, spec };
}

function labels(random: Random): Record<string, string> {
  return Object.assign({}, ...Object.entries(LABELS).map(([key, values]) => random.maybe(0.5, key, () => random.one(values)))) as Record<string, string>;
}

function tiers(random: Random): readonly StoredObject[] {
  const orders = random.maybe(0.7, 'order', () => random.one([10, 20, 1_000_001]));
  return [
    stored('Tier', 'default', { order: 1_000_000, defaultAction: 'Deny' }),
    ...random.times(random.below(3), (index) => stored('Tier', `t${index}`, { defaultAction: random.one(['Deny', 'Pass', 'Pass']), ...orders })),
  ];
}

function policy(random: Random, index: number): StoredObject {
  const namespace = random.chance(0.4) ? random.one(NAMESPACES) : undefined;
  const use = namespace === undefined ? random.one([{}, {}, {}, { applyOnForward: true }, { preDNAT: true, applyOnForward: true }, { doNotTrack: true, applyOnForward: true }]) : {};
  const spec = {
    tier: random.one(['default', 'default', 't0', 't1', 'nowhere'].slice(0, random.chance(0.1) ? 5 : 4)),
    ...random.maybe(0.6, 'order', () => random.one([1, 5, 5, -1])),
    ...random.maybe(0.8, 'selector', () => randomSelector(random)),
    ...(namespace === undefined && random.maybe(0.15, 'namespaceSelector', () => random.one(['all()', "team == 'red'", "team != 'red'"]))),
    ...random.maybe(0.1, 'serviceAccountSelector', () => random.one(['all()', "level == '1'", "level != '1'"])),
    ...random.maybe(0.95, 'types', () => random.one([['Ingress'], ['Egress'], ['Ingress', 'Egress']])),
    ingress: random.times(random.below(4), () => randomRule(random)),
    egress: random.times(random.below(4), () => randomRule(random)),
    ...use,
  };
  const name = random.one(['a', 'a-b', 'p10', 'p9']) + String(index);
  return namespace === undefined ? stored('GlobalNetworkPolicy', name, spec) : stored('NetworkPolicy', name, spec, { namespace });
}

function profiles(random: Random): readonly StoredObject[] {
  const given: Readonly<Record<string, Record<string, string>>> = { 'kns.web': { 'pcns.team': 'red' }, 'kns.db': { 'pcns.team': 'blue', 'pcns.quiet': '' }, 'ksa.web.till': { 'pcsa.level': '1' }, extra: { app: 'b', host: 'y' } };
  return Object.entries(given).map(([name, labelsToApply]) => stored('Profile', name, { labelsToApply, ingress: random.times(random.below(3), () => randomRule(random)), egress: random.times(random.below(3), () => randomRule(random)) }));
}

function workload(random: Random, index: number): StoredObject {
  const namespace = random.one(NAMESPACES);
  const node = random.one(NODES);
  const spec = {
    orchestrator: 'k8s', node, pod: `w${index}`, endpoint: 'eth0', interfaceName: `cali${index}`,
    ipNetworks: [`10.65.0.${index + 1}/32`, ...(random.chance(0.5) ? [`fd65::${index + 1}/128`] : [])],
    profiles: random.chance(0.7) ? [`kns.${namespace}`, ...random.some(PROFILES, 1)] : random.some(PROFILES, 1),
    ports: random.some([{ name: 'http', protocol: 'TCP', port: 80 }, { name: 'http', protocol: 'TCP', port: 8080 }, { name: 'dns', protocol: 'UDP', port: 53 }], 2),
    ...random.maybe(0.3, 'serviceAccountName', () => 'till'),
  };
  const own = { ...labels(random), 'projectcalico.org/namespace': namespace, 'projectcalico.org/orchestrator': 'k8s', ...random.maybe(0.1, 'pcns.team', () => 'red') };
  return stored('WorkloadEndpoint', `${node.replace('-', '--')}-k8s-w${index}-eth0`, spec, { namespace, labels: own });
}

function hostEndpoint(random: Random, index: number): StoredObject {
  const node = random.one(NODES);
  const interfaceName = random.one(['eth0', 'eth1', '*', '']);
  const ips = { expectedIPs: random.some([...HOSTS[node]!.interfaces['eth0']!, ...HOSTS[node]!.interfaces['eth1']!], 2, interfaceName === '' ? 1 : 0) };
  const spec = { node, ...(interfaceName !== '' && { interfaceName }), ...ips, profiles: random.some(PROFILES, 1), ports: random.some([{ name: 'http', protocol: 'TCP', port: 80 }], 1) };
  return stored('HostEndpoint', `h${index}`, spec, { labels: labels(random) });
}

function networkSet(random: Random, index: number): StoredObject {
  const nets = random.some(['192.0.2.0/24', '203.0.113.0/25', '10.65.0.0/30', '2001:db8::/32', '10.9.0.2/32'], 2);
  return random.chance(0.5) ? stored('GlobalNetworkSet', `s${index}`, { nets }, { labels: labels(random) }) : stored('NetworkSet', `s${index}`, { nets }, { namespace: random.one(NAMESPACES), labels: labels(random) });
}

function felix(random: Random): readonly StoredObject[] {
  const spec = (): Record<string, unknown> => ({
    ...random.maybe(0.3, 'defaultEndpointToHostAction', () => random.one(['Accept', 'Return', 'Drop'])),
    ...random.maybe(0.3, 'failsafeInboundHostPorts', () => random.some([{ protocol: 'TCP', port: 80 }, { protocol: 'UDP', port: 53, net: '192.0.2.0/24' }], 2)),
    ...random.maybe(0.3, 'failsafeOutboundHostPorts', () => random.some([{ protocol: 'TCP', port: 22 }, { protocol: 'UDP', port: 53 }], 2)),
    ...random.maybe(0.2, 'allowVXLANPacketsFromWorkloads', () => true),
    ...random.maybe(0.2, 'vxlanPort', () => 53),
  });
  return [...(random.chance(0.5) ? [stored('FelixConfiguration', 'default', spec())] : []), ...(random.chance(0.3) ? [stored('FelixConfiguration', 'node.node-a', spec())] : [])];
}
