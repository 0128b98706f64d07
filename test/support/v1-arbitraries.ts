import type { Data } from '../../src/base/data.js';
import fc from 'fast-check';
import { manifest } from './classic.js';

/** The value without the fields that were not drawn. */
function drawn(value: Data): Data {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}

function record(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Data> {
  return fc.record(fields).map(drawn);
}

function maybe<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined });
}

function fewOf<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[] | undefined> {
  return maybe(fc.array(arbitrary, { minLength: 1, maxLength: 3 }));
}

/** Text that stands a fair chance to be converted in every way, and has a letter or digit, without which v3 has no name for it. */
function nameOf(characters: string, longest: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: longest }).filter((name) => /[a-zA-Z0-9]/.test(name));
}

const nodeName = nameOf('aB0_.-', 8);
const slashedName = nameOf('aB0_./-', 8);
const tag = nameOf('aB0_.-', 6);
const interfaceName = nameOf('aB0_-', 15);
const profileName = fc.oneof(slashedName, slashedName.map((name) => `k8s_ns.${name}`), slashedName.map((name) => `kns.${name}`));

const octet = fc.nat(255);
const ipv4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));
const ipv6 = fc.tuple(fc.constantFrom('fd00', 'FD00:0:0', '2001:db8'), fc.nat(65535), fc.nat(65535)).map(([prefix, a, b]) => `${prefix}:${a.toString(16)}::${b.toString(16)}`);
const ip = fc.oneof(ipv4, ipv6);

function network(version: 4 | 6): fc.Arbitrary<string> {
  const address = version === 4 ? ipv4 : ipv6;
  return fc.oneof(address, fc.tuple(address, fc.nat(version === 4 ? 32 : 128)).map(([text, length]) => `${text}/${length}`));
}

const asNumber = fc.oneof(fc.nat(4294967295), fc.constantFrom('64512', '1.10', 0));

const labelKey = fc.oneof(fc.constantFrom('app', 'calico/k8s_ns', 'projectcalico.org/namespace', 'projectcalico.org/orchestrator', '__proto__', 'constructor'), nameOf('aB0_./-', 8));
const labelValue = fc.oneof(fc.constant(''), nameOf('aB0', 6), nameOf('aB0', 3).map((text) => `_${text}`));
const labels = fc.array(fc.tuple(labelKey, labelValue), { minLength: 1, maxLength: 3 }).map((entries) => Object.fromEntries(entries));

const selector = fc.constantFrom('', 'all()', "a == 'b'", 'has(calico/k8s_ns)', "projectcalico.org/namespace in {'x'}", '!has(web) || (b not in {"1"})', "web == ''", "(a == 'b') && web == ''");

const port = fc.oneof(fc.integer({ min: 1, max: 65535 }), fc.constantFrom('080', '5:5', '1000:2000'));
const portProtocol = fc.constantFrom('tcp', 'udp', 6, '17');
const protocol = fc.oneof(portProtocol, fc.constantFrom('icmp', 'icmpv6', 'sctp', 'udplite', 1, 255, '58'));
const icmp = fc.oneof(fc.constant({}), fc.record({ type: fc.nat(254) }), fc.record({ type: fc.nat(254), code: fc.nat(255) }));

function side(version: 4 | 6, single: boolean, ports: boolean): fc.Arbitrary<Data> {
  const nets = single ? { net: maybe(network(version)), notNet: maybe(network(version)) } : { nets: fewOf(network(version)), notNets: fewOf(network(version)) };
  const some = ports ? { ports: fewOf(port), notPorts: fewOf(port) } : {};
  return record({ tag: maybe(tag), selector: maybe(selector), notTag: maybe(tag), notSelector: maybe(selector), ...nets, ...some });
}

const rule = fc.tuple(fc.constantFrom<4 | 6>(4, 6), fc.boolean(), fc.boolean()).chain(([version, single, ports]) =>
  record({
    action: fc.constantFrom('allow', 'deny', 'log', 'pass'),
    ipVersion: maybe(fc.constant(version)),
    protocol: ports ? portProtocol : maybe(protocol),
    icmp: maybe(icmp),
    notProtocol: maybe(protocol),
    notICMP: maybe(icmp),
    source: maybe(side(version, single, ports)),
    destination: maybe(side(version, single, ports)),
  }),
);

const rules = maybe(fc.array(rule, { maxLength: 2 }));

/** A manifest of the metadata and spec drawn. */
function manifestOf(kind: string, metadata: fc.Arbitrary<Data>, spec: fc.Arbitrary<Data>): fc.Arbitrary<Data> {
  return fc.tuple(metadata, spec).map(([drawnMetadata, drawnSpec]) => manifest(kind, drawnMetadata, drawnSpec));
}

const bgp = record({ asNumber: maybe(asNumber), ipv4Address: maybe(network(4)), ipv6Address: maybe(network(6)) }).filter((value) => 'ipv4Address' in value || 'ipv6Address' in value);
const orchRef = record({ orchestrator: maybe(fc.constantFrom('', 'k8s', 'Mesos')), nodeName: maybe(slashedName) });

const node = manifestOf('node', record({ name: nodeName }), record({ bgp: maybe(bgp), orchRefs: fewOf(orchRef) }));

const scope = fc.oneof(record({ scope: fc.constant('global') }), record({ scope: fc.constant('node'), node: nodeName }));
const bgpPeer = manifestOf('bgpPeer', fc.tuple(scope, ip).map(([where, peerIP]) => ({ ...where, peerIP })), record({ asNumber: maybe(asNumber) }));

const pool4 = fc.tuple(fc.integer({ min: 1, max: 100 }), octet).map(([a, b]) => `${a}.${b}.0.0/16`);
const pool6 = fc.nat(65535).map((group) => `FD00:0:${group.toString(16)}::/112`);
const poolSettings = { 'nat-outgoing': maybe(fc.boolean()), disabled: maybe(fc.boolean()) };
const ipip = (enabled: fc.Arbitrary<boolean>): fc.Arbitrary<Data> => record({ enabled: maybe(enabled), mode: maybe(fc.constantFrom('always', 'cross-subnet', '')) });
const ipPool = fc.oneof(
  manifestOf('ipPool', record({ cidr: pool4 }), record({ ...poolSettings, ipip: maybe(ipip(fc.boolean())) })),
  manifestOf('ipPool', record({ cidr: pool6 }), record({ ...poolSettings, ipip: maybe(ipip(fc.constant(false))) })),
  manifestOf('ipPool', record({ cidr: fc.constantFrom('10.0.0.1', 'fd00::1') }), record({ disabled: fc.constant(true) })),
);

const annotation = fc.tuple(fc.constantFrom('note', 'projectcalico.org/metadata', 'Not a key', '__proto__'), fc.constantFrom('', 'x', '{"name":"y"}'));
const policy = manifestOf(
  'policy',
  record({ name: slashedName, annotations: maybe(fc.array(annotation, { maxLength: 2 }).map((entries) => Object.fromEntries(entries))) }),
  record({
    order: maybe(fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))),
    ingress: rules,
    egress: rules,
    selector: maybe(selector),
    doNotTrack: maybe(fc.boolean()),
    types: maybe(fc.uniqueArray(fc.constantFrom('ingress', 'egress'), { maxLength: 2 })),
  }),
);

// A tag that is the key of a label is the one thing that v3 cannot hold at all.
const profile = manifestOf(
  'profile',
  record({ name: profileName, tags: fewOf(tag), labels: maybe(labels) }).filter(({ tags = [], labels: given = {} }) => !(tags as string[]).some((each) => Object.hasOwn(given as object, each))),
  record({ ingress: rules, egress: rules }),
);

const workload = fc.oneof(slashedName, fc.constantFrom('default.frontend-5gs43', 'shop.web.1', 'Shop.web', 'frontend'));
const nat = fc.oneof(fc.tuple(ipv4, ipv4), fc.tuple(ipv6, ipv6)).map(([internalIP, externalIP]) => ({ internalIP, externalIP }));
const mac = fc.array(octet, { minLength: 6, maxLength: 6 }).chain((octets) => fc.constantFrom(':', '-').map((separator) => octets.map((each) => each.toString(16).padStart(2, '0').toUpperCase()).join(separator)));

const workloadEndpoint = manifestOf(
  'workloadEndpoint',
  record({ name: slashedName, workload, orchestrator: fc.oneof(fc.constantFrom('k8s', 'cni', 'libnetwork', 'openstack'), slashedName), node: nodeName, activeInstanceID: maybe(nodeName), labels: maybe(labels) }),
  record({
    interfaceName,
    addresses: fc.array(ip, { maxLength: 3 }),
    ipNATs: fc.array(nat, { maxLength: 2 }),
    ipv4Gateway: maybe(ipv4),
    ipv6Gateway: maybe(ipv6),
    profiles: fewOf(profileName),
    mac: maybe(mac),
  }).map(({ addresses, ipNATs, ...spec }) => ({ ...spec, ipNATs, ipNetworks: [...(addresses as string[]), ...(ipNATs as { internalIP: string }[]).map((each) => each.internalIP)] })),
);

const hostEndpoint = manifestOf(
  'hostEndpoint',
  record({ name: slashedName, node: nodeName, labels: maybe(labels) }),
  record({ interfaceName: maybe(interfaceName), expectedIPs: fewOf(ip), profiles: fewOf(profileName) }).filter((spec) => 'interfaceName' in spec || 'expectedIPs' in spec),
);

/** Valid classic manifests of every kind. */
export const classicManifests: Readonly<Record<string, fc.Arbitrary<Data>>> = { node, bgpPeer, ipPool, policy, profile, workloadEndpoint, hostEndpoint };
