import { expect } from 'chai';
import { describe, it } from 'mocha';
import { DatastoreError } from '../../src/base/errors.js';
import type { Guard } from '../../src/changes/guard.js';
import { CommandGuard } from '../../src/cli/guarding.js';
import type { Shell } from '../../src/cli/shell.js';
import type { ConnectionSettings } from '../../src/config/settings.js';
import type { Store } from '../../src/datastore/store.js';
import { mayClose, networkChange } from '../../src/guard/change.js';
import { findClosed, type Closed } from '../../src/guard/closed.js';
import type { Surroundings } from '../../src/guard/ways.js';
import { parseIp } from '../../src/net/address.js';
import { remove, write } from '../support/changes.js';
import { MemoryStore } from '../support/memory-store.js';

const ip = (text: string) => parseIp(text)!;

const v3 = (kind: string, name: string, spec: object, labels?: object): object => ({ apiVersion: 'projectcalico.org/v3', kind, metadata: { name, ...(labels && { labels }) }, spec });
const node = (name: string, address: string, isOfKubernetes = false): object => v3('Node', name, { bgp: { ipv4Address: `${address}/24` }, ...(isOfKubernetes && { orchRefs: [{ nodeName: name, orchestrator: 'k8s' }] }) });
const endpoint = (host: string, address: string): object => v3('HostEndpoint', `${host}-eth0`, { node: host, interfaceName: 'eth0', expectedIPs: [address] }, { role: 'host' });
const policy = (name: string, spec: object): object => v3('GlobalNetworkPolicy', name, { selector: "role == 'host'", types: ['Ingress', 'Egress'], ...spec });
const felix = (spec: object): object => v3('FelixConfiguration', 'default', spec);

const allowAll = policy('allow-all', { order: 10, ingress: [{ action: 'Allow' }], egress: [{ action: 'Allow' }] });
const noFailsafe = felix({ failsafeInboundHostPorts: [], failsafeOutboundHostPorts: [] });

/** Two hosts, one of them protected; etcd is a machine of its own; a router that all nodes peer with. */
const NETWORK = [node('a', '10.0.0.1'), node('b', '10.0.0.2'), endpoint('a', '10.0.0.1'), v3('BGPPeer', 'router', { peerIP: '10.0.0.254', asNumber: 65000 })];
const AROUND: Surroundings = { etcd: [{ ip: ip('10.0.9.9'), port: 2379 }], own: [ip('127.0.0.1'), ip('192.0.2.7')] };

/** What a change closes, in a network. */
async function closedBy(network: readonly object[], change: (store: MemoryStore, guard: Guard) => Promise<unknown>, around: Surroundings = AROUND): Promise<readonly string[]> {
  const store = new MemoryStore();
  await write(store, 'apply', { 'a.json': network });
  let closed: readonly Closed[] = [];
  await change(store, async (of, writing) => {
    const found = mayClose(writing) ? await networkChange(of, writing) : undefined;
    closed = found === undefined ? [] : findClosed(found, around).closed;
  });
  return closed.map(({ way: { what, from, to } }) => `${what}: ${from} to ${to}`);
}

const applying = (...documents: readonly object[]) => (store: MemoryStore, guard: Guard): Promise<unknown> => write(store, 'apply', { 'b.json': documents }, { guard });
const deleting = (...documents: readonly object[]) => (store: MemoryStore, guard: Guard): Promise<unknown> => remove(store, { 'b.json': documents }, { guard });

const ETCD = 'etcd: host/a to etcd at 10.0.9.9:2379';
const SSH = 'ssh: anywhere to host/a';
const BGP = ['bgp: host/a to host/b', 'bgp: host/a to 10.0.0.254'];

/** A network, a change of it, and the ways that it closes. */
const LOCKS: readonly (readonly [title: string, network: readonly object[], change: ReturnType<typeof applying>, closes: readonly string[], around?: Surroundings])[] = [
  ['taking all failsafe ports away', NETWORK, applying(noFailsafe), [ETCD, SSH, ...BGP]],
  ['taking the failsafe ports of one direction away, in which BGP is opened by the others', NETWORK, applying(felix({ failsafeOutboundHostPorts: [] })), [ETCD]],
  ['the first host endpoint, without failsafe ports', [...NETWORK.filter((each) => !JSON.stringify(each).includes('HostEndpoint')), noFailsafe], applying(endpoint('a', '10.0.0.1')), [ETCD, SSH, ...BGP]],
  ['the last policy that allows, without failsafe ports', [...NETWORK, noFailsafe, allowAll], deleting(allowAll), [ETCD, SSH, ...BGP]],
  ['everything, said on the host itself, from which it is open', [...NETWORK, noFailsafe, allowAll], deleting(allowAll), [ETCD, SSH, ...BGP], { ...AROUND, own: [ip('10.0.0.1')] }],
  ['a denial of one port to etcd', [...NETWORK, noFailsafe, allowAll], applying(policy('deny', { order: 5, egress: [{ action: 'Deny', protocol: 'TCP', destination: { ports: [2379] } }, { action: 'Allow' }], ingress: [{ action: 'Allow' }] })), [ETCD]],
  ['a denial before the tracking of connections, which failsafe ports are not safe from in a list of their own', [...NETWORK, felix({ failsafeOutboundHostPorts: [{ protocol: 'tcp', port: 179 }] }), allowAll], applying(policy('raw', { order: 1, doNotTrack: true, applyOnForward: true, egress: [{ action: 'Deny', destination: { nets: ['10.0.9.0/24'] } }], ingress: [] })), [ETCD]],
  ['an etcd on another port than that of the failsafe list', [...NETWORK, allowAll], applying(policy('deny', { order: 5, egress: [{ action: 'Deny' }], ingress: [{ action: 'Allow' }] })), ['etcd: host/a to etcd at 10.0.9.9:12379'], { ...AROUND, etcd: [{ ip: ip('10.0.9.9'), port: 12379 }] }],
  ['the end of a tier, of a tier that is new', [...NETWORK, noFailsafe, allowAll], (store, guard) => write(store, 'apply', { 'b.json': [v3('Tier', 'first', { order: 1 }), policy('first.a', { tier: 'first', order: 1, ingress: [{ action: 'Allow' }], egress: [{ action: 'Pass', destination: { ports: [179] }, protocol: 'TCP' }] })] }, { guard }), [ETCD]],
  ['the rules of a profile', [...NETWORK.slice(0, 2), v3('Profile', 'open', { ingress: [{ action: 'Allow' }], egress: [{ action: 'Allow' }] }), v3('HostEndpoint', 'h', { node: 'a', interfaceName: '*', profiles: ['open'] }), noFailsafe], applying(v3('Profile', 'open', { ingress: [{ action: 'Allow' }] })), [ETCD]],
  ['a network set that rules name', [...NETWORK.slice(0, 3), noFailsafe, v3('GlobalNetworkSet', 'etcd', { nets: ['10.0.9.9/32'] }, { who: 'etcd' }), policy('p', { order: 1, egress: [{ action: 'Allow', destination: { selector: "who == 'etcd'" } }], ingress: [{ action: 'Allow' }] })], applying(v3('GlobalNetworkSet', 'etcd', { nets: ['10.0.9.8/32'] }, { who: 'etcd' })), [ETCD]],
  ['etcd on a protected host, from hosts and from here', [node('a', '10.0.0.1'), node('b', '10.0.0.2'), endpoint('a', '10.0.0.1'), allowAll, felix({ failsafeInboundHostPorts: [{ protocol: 'tcp', port: 22 }] })], deleting(allowAll), ['etcd: host/b to etcd at 10.0.0.1:2379', 'etcd: this machine (192.0.2.7) to etcd at 10.0.0.1:2379'], { etcd: [{ ip: ip('10.0.0.1'), port: 2379 }], own: [ip('192.0.2.7')] }],
  ['the login of whoever gives the command', [...NETWORK.slice(0, 3), allowAll, felix({ failsafeInboundHostPorts: [] })], applying(policy('allow-all', { order: 10, ingress: [{ action: 'Allow', source: { nets: ['10.0.0.0/24'] } }], egress: [{ action: 'Allow' }] })), ['ssh: 198.51.100.4, where you are logged in to host/a'], { ...AROUND, own: [ip('10.0.0.1')], sshClient: ip('198.51.100.4') }],
  ['the kubelet, which no failsafe port is for', [node('a', '10.0.0.1', true), node('b', '10.0.0.2', true)], applying(endpoint('a', '10.0.0.1')), ['kubelet: any host of Kubernetes to host/a']],
];

const HARMLESS: readonly (readonly [title: string, network: readonly object[], change: ReturnType<typeof applying>])[] = [
  ['a host endpoint, as failsafe ports are by default', NETWORK.filter((each) => !JSON.stringify(each).includes('HostEndpoint')), applying(endpoint('a', '10.0.0.1'))],
  ['a default deny for all hosts, as failsafe ports are by default', NETWORK, applying(policy('default-deny', { selector: 'all()', order: 10_000, ingress: [{ action: 'Deny' }], egress: [{ action: 'Deny' }] }))],
  ['a default deny for namespaces alone, as the documentation of Calico has it', NETWORK, applying(v3('GlobalNetworkPolicy', 'default-deny', { namespaceSelector: 'has(projectcalico.org/name)', types: ['Ingress', 'Egress'] }))],
  ['SSH from a few addresses instead of from anywhere', [...NETWORK, allowAll, felix({ failsafeInboundHostPorts: [] })], applying(policy('allow-all', { order: 10, ingress: [{ action: 'Allow', protocol: 'TCP', source: { nets: ['203.0.113.0/28'] }, destination: { ports: [22] } }, { action: 'Allow', protocol: 'TCP', source: { nets: ['10.0.0.0/24'] } }], egress: [{ action: 'Allow' }] }))],
  ['what was closed before', [...NETWORK, noFailsafe], applying(policy('more', { order: 1, ingress: [{ action: 'Deny' }] }))],
  ['hosts that are new, with all that is about them', [], applying(...NETWORK, noFailsafe)],
  ['a way that opens', [...NETWORK, noFailsafe], applying(allowAll)],
  ['a staged policy', [...NETWORK, noFailsafe, allowAll], applying(v3('StagedGlobalNetworkPolicy', 'deny', { selector: 'all()', order: 1, ingress: [{ action: 'Deny' }], egress: [{ action: 'Deny' }] }))],
  ['no host endpoint', [...NETWORK.slice(0, 2), noFailsafe], applying(policy('deny', { selector: 'all()', ingress: [{ action: 'Deny' }] }))],
  ['the host endpoint that goes', [...NETWORK, allowAll, noFailsafe], deleting(endpoint('a', '10.0.0.1'))],
];

describe('the guard', () => {
  for (const [title, network, change, closes, around] of LOCKS) it(`finds what is closed by ${title}`, async () => expect([...(await closedBy(network, change, around))].sort()).to.deep.equal([...closes].sort()));
  for (const [title, network, change] of HARMLESS) it(`finds nothing in ${title}`, async () => expect(await closedBy(network, change)).to.deep.equal([]));

  it('takes no packet for one that gets in because it comes from a loopback address', async () => {
    const loopback = policy('allow-all', { order: 10, ingress: [{ action: 'Allow', source: { nets: ['127.0.0.0/8'] } }], egress: [{ action: 'Allow' }] });
    expect(await closedBy([...NETWORK, noFailsafe, allowAll], applying(loopback))).to.deep.equal([SSH]);
  });

  it('names so many ways of a large network, and does not try them all', async () => {
    const hosts = Array.from({ length: 150 }, (_, at) => `10.0.1.${at}`);
    const network = [...hosts.flatMap((address, at) => [node(`n${at}`, address), endpoint(`n${at}`, address)]), noFailsafe, allowAll];
    expect(await closedBy(network, deleting(allowAll))).to.have.length(100);
  });

  it('lets a change pass that it may not look at, with one warning', async () => {
    const told: string[] = [];
    const shell = { env: {}, terminal: { stderr: false }, note: (line: string) => Promise.resolve(void told.push(line)) } as unknown as Shell;
    const { guard } = new CommandGuard({ settings: { endpoints: [] } as unknown as ConnectionSettings, dialect: 'v1', shell, wantsEffects: true }, {});
    const unreadable = { snapshot: () => Promise.reject(new DatastoreError('permission', 'user "p" has no permission on /calico/\u001b[2J')) } as unknown as Store;
    const store = new MemoryStore();
    await write(store, 'apply', { 'a.json': [...NETWORK, noFailsafe] }, { guard: async (_of, writing) => { await guard(unreadable, writing); await guard(unreadable, writing); } });
    expect(store.content()).to.not.deep.equal(new MemoryStore().content());
    expect(told).to.have.length(1);
    expect(told[0]).to.not.include('\u001b');
    expect(told[0]).to.match(/^warning: the guard could not look at all that this change does: user "p" has no permission on \/calico\/.*\nhint: grant reading with: /u);
  });

  it('is not asked where nothing of its kinds is written', async () => {
    const store = new MemoryStore();
    await write(store, 'apply', { 'a.json': NETWORK });
    await write(store, 'apply', { 'b.json': [v3('IPPool', 'p', { cidr: '10.7.0.0/16' }), ...NETWORK] }, { guard: (_of, writing) => Promise.resolve(void expect(mayClose(writing)).to.equal(false)) });
  });

  it('keeps a write from being made, also a part of it', async () => {
    const store = new MemoryStore();
    await write(store, 'apply', { 'a.json': NETWORK });
    const before = store.content();
    const refusal = await write(store, 'apply', { 'b.json': [v3('IPPool', 'p', { cidr: '10.7.0.0/16' }), noFailsafe] }, { guard: () => Promise.reject(new Error('closed')) }).catch((error: unknown) => error);
    expect(refusal).to.have.property('message', 'closed');
    expect(store.content()).to.deep.equal(before);
  });
});
