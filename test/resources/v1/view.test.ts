import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { StoredObject } from '../../../src/resources/kind.js';
import { OWN_WORDS } from '../../../src/resources/v1/own-words.js';
import { classicView } from '../../../src/resources/v1/view.js';
import { classicKind, manifest, plain, storedFor } from '../../support/classic.js';

const API = 'projectcalico.org/v3';
const IDENTITY = { uid: '6a1b0f0e-1c2d-4e3f-8a9b-0123456789ab', creationTimestamp: '2026-11-20T23:30:00Z', resourceVersion: '7' };

function object(kind: string, name: string, spec: Data, metadata: Data = {}, rest: Data = {}): StoredObject {
  return { kind, apiVersion: API, metadata: { name, ...IDENTITY, ...metadata }, spec, ...rest };
}

const pool = { cidr: '10.0.0.0/16', vxlanMode: 'Never', ipipMode: 'Never', blockSize: 26, nodeSelector: 'all()', allowedUses: ['Workload', 'Tunnel'], assignmentMode: 'Automatic' };
const sides = { source: {}, destination: {} };
const endpoint = { orchestrator: 'k8s', node: 'n1', containerID: '13', pod: 'a-b', endpoint: 'eth0', ipNetworks: ['10.0.0.1/32'], interfaceName: 'cali1' };
const endpointLabels = { app: 'web', 'projectcalico.org/namespace': 'shop', 'projectcalico.org/orchestrator': 'k8s' };
const classicEndpoint = {
  metadata: { name: 'eth0', workload: 'shop.a-b', orchestrator: 'k8s', node: 'n1', activeInstanceID: '13', labels: { app: 'web', 'calico/k8s_ns': 'shop' } },
  spec: { ipNetworks: ['10.0.0.1/32'], interfaceName: 'cali1' },
};

interface Seen {
  readonly metadata: Data;
  readonly spec: Data;
}

/** Stored objects and what v1 sees of them. */
const EXACT: readonly (readonly [what: string, kind: string, object: StoredObject, seen: Seen])[] = [
  ['an endpoint of all interfaces', 'hostEndpoint', object('HostEndpoint', 'n1.e', { node: 'n1', interfaceName: '*' }), { metadata: { name: 'e', node: 'n1' }, spec: { interfaceName: '*' } }],
  ['an endpoint of a VLAN', 'hostEndpoint', object('HostEndpoint', 'n1.e', { node: 'n1', interfaceName: 'bond1.207' }), { metadata: { name: 'e', node: 'n1' }, spec: { interfaceName: 'bond1.207' } }],
  ['a node', 'node', object('Node', 'n1', { bgp: { asNumber: 1, ipv4Address: '10.0.0.1/24' } }, {}, { status: {} }), { metadata: { name: 'n1' }, spec: { bgp: { asNumber: 1, ipv4Address: '10.0.0.1/24' } } }],
  ['a global peer', 'bgpPeer', object('BGPPeer', '10-0-0-1', { peerIP: '10.0.0.1' }), { metadata: { scope: 'global', peerIP: '10.0.0.1' }, spec: { asNumber: 0 } }],
  ['a pool', 'ipPool', object('IPPool', '10-0-0-0-16', { ...pool, ipipMode: 'CrossSubnet' }), { metadata: { cidr: '10.0.0.0/16' }, spec: { ipip: { enabled: true, mode: 'cross-subnet' } } }],
  ['a pool of an older version', 'ipPool', object('IPPool', '10-0-0-0-16', { cidr: '10.0.0.0/16', natOutgoing: true }), { metadata: { cidr: '10.0.0.0/16' }, spec: { 'nat-outgoing': true } }],
  [
    'a policy with what is stored beside it',
    'policy',
    object(
      'GlobalNetworkPolicy',
      'p',
      { tier: 'default', order: 0, ingress: [{ action: 'Allow', protocol: 'ICMPv6' }], selector: 'has(projectcalico.org/namespace)', types: ['Ingress'] },
      { labels: { 'projectcalico.org/tier': 'default' }, annotations: { 'projectcalico.org/metadata': '{"name":"p"}', note: 'x' } },
    ),
    {
      metadata: { name: 'p', annotations: { note: 'x' } },
      spec: { order: 0, ingress: [{ action: 'allow', protocol: 'icmpv6', ...sides }], selector: 'has(calico/k8s_ns)', types: ['ingress'] },
    },
  ],
  ['a policy of an older version', 'policy', object('GlobalNetworkPolicy', 'p', { egress: [{ action: 'Deny', ...sides }] }), { metadata: { name: 'p' }, spec: { egress: [{ action: 'deny', ...sides }], selector: '', types: ['egress'] } }],
  ['a profile of a namespace', 'profile', object('Profile', 'kns.shop', { labelsToApply: { a: '' } }), { metadata: { name: 'k8s_ns.shop', labels: { a: '' } }, spec: {} }],
  ['a workload endpoint', 'workloadEndpoint', object('WorkloadEndpoint', 'n1-k8s-a--b-eth0', endpoint, { namespace: 'shop', labels: endpointLabels }), classicEndpoint],
  [
    'a host endpoint',
    'hostEndpoint',
    object('HostEndpoint', 'n1.eth0', { node: 'n1', interfaceName: 'eth0', profiles: ['kns.a'] }, { labels: { a: 'b' } }),
    { metadata: { name: 'eth0', node: 'n1', labels: { a: 'b' } }, spec: { interfaceName: 'eth0', profiles: ['k8s_ns.a'] } },
  ],
];

/** Objects of which v1 cannot say all. */
const NEAR: readonly (readonly [what: string, kind: string, object: StoredObject, seen: Seen])[] = [
  ['a node with a tunnel address', 'node', object('Node', 'n1', { bgp: { ipv4Address: '10.0.0.1/24', ipv4IPIPTunnelAddr: '10.1.0.1' } }), { metadata: { name: 'n1' }, spec: { bgp: { ipv4Address: '10.0.0.1/24' } } }],
  ['a node with labels', 'node', object('Node', 'n1', {}, { labels: { a: 'b' } }), { metadata: { name: 'n1' }, spec: {} }],
  ['a node with a status', 'node', object('Node', 'n1', {}, {}, { status: { podCIDRs: ['10.0.0.0/24'] } }), { metadata: { name: 'n1' }, spec: {} }],
  ['a peer of any name', 'bgpPeer', object('BGPPeer', 'tor', { node: 'n1', peerIP: '10.0.0.1', asNumber: 5 }), { metadata: { scope: 'node', node: 'n1', peerIP: '10.0.0.1' }, spec: { asNumber: 5 } }],
  ['a peer with a port', 'bgpPeer', object('BGPPeer', 'fd00', { peerIP: '[fd00::1]:179', asNumber: 5 }), { metadata: { scope: 'global', peerIP: 'fd00::1' }, spec: { asNumber: 5 } }],
  ['the default pool', 'ipPool', object('IPPool', 'default-ipv4-ippool', { ...pool, ipipMode: 'Always' }), { metadata: { cidr: '10.0.0.0/16' }, spec: { ipip: { enabled: true, mode: 'always' } } }],
  ['a pool with other blocks', 'ipPool', object('IPPool', '10-0-0-0-16', { ...pool, blockSize: 28 }), { metadata: { cidr: '10.0.0.0/16' }, spec: {} }],
  ['a policy of another tier', 'policy', object('GlobalNetworkPolicy', 'p', { tier: 'security', types: ['Ingress'] }), { metadata: { name: 'p' }, spec: { selector: '', types: ['ingress'] } }],
  ['a policy with a name of v3', 'policy', object('GlobalNetworkPolicy', 'security.p', { types: ['Ingress'] }), { metadata: { name: 'security.p' }, spec: { selector: '', types: ['ingress'] } }],
  ['a selector of v3', 'policy', object('GlobalNetworkPolicy', 'p', { selector: "a contains 'b'", types: ['Ingress'] }), { metadata: { name: 'p' }, spec: { selector: "a contains 'b'", types: ['ingress'] } }],
  [
    'a rule of v3',
    'policy',
    object('GlobalNetworkPolicy', 'p', { ingress: [{ action: 'Allow', source: { namespaceSelector: 'all()' }, destination: {} }], types: ['Ingress'] }),
    { metadata: { name: 'p' }, spec: { ingress: [{ action: 'allow', ...sides }], selector: '', types: ['ingress'] } },
  ],
  ['a profile with its own labels', 'profile', object('Profile', 'p', {}, { labels: { a: 'b' } }), { metadata: { name: 'p' }, spec: {} }],
  ['an endpoint of any name', 'hostEndpoint', object('HostEndpoint', 'n1-auto-hep', { node: 'n1', interfaceName: 'eth0' }), { metadata: { name: 'n1-auto-hep', node: 'n1' }, spec: { interfaceName: 'eth0' } }],
  [
    'an endpoint with ports',
    'hostEndpoint',
    object('HostEndpoint', 'n1.e', { node: 'n1', interfaceName: 'eth0', ports: [{ name: 'http', protocol: 'TCP', port: 80 }] }),
    { metadata: { name: 'e', node: 'n1' }, spec: { interfaceName: 'eth0' } },
  ],
  [
    'a pod with a service account',
    'workloadEndpoint',
    object('WorkloadEndpoint', 'n1-k8s-a--b-eth0', { ...endpoint, serviceAccountName: 'x' }, { namespace: 'shop', labels: endpointLabels }),
    classicEndpoint,
  ],
  [
    'an endpoint of CNI in a namespace',
    'workloadEndpoint',
    object('WorkloadEndpoint', 'n1-cni-c1-e', { orchestrator: 'cni', node: 'n1', containerID: 'c1', endpoint: 'e', interfaceName: 'cali1' }, { namespace: 'shop' }),
    { metadata: { name: 'e', workload: 'c1', orchestrator: 'cni', node: 'n1' }, spec: { interfaceName: 'cali1' } },
  ],
  [
    'what no tool should have written',
    'policy',
    object('GlobalNetworkPolicy', 'p', { ingress: 'all', egress: [7, { action: null, source: 'x', icmp: [] }], types: { a: 1 }, selector: 5 }, { annotations: { [OWN_WORDS]: '{' } }),
    { metadata: { name: 'p' }, spec: { egress: [{ action: '', ...sides }], selector: '', types: ['egress'] } },
  ],
  ['an endpoint without anything', 'workloadEndpoint', object('WorkloadEndpoint', 'x', {}, { namespace: 'shop' }), { metadata: { name: 'x' }, spec: {} }],
];

function seen(kind: string, stored: StoredObject): unknown {
  return plain(classicView(classicKind(kind), stored));
}

function view(kind: string, { metadata, spec }: Seen, exact: boolean): unknown {
  return { document: { kind, apiVersion: 'v1', metadata, spec }, exact };
}

describe('The classic view of stored objects', () => {
  for (const [what, kind, stored, expected] of EXACT) it(`says all of ${what}`, () => expect(seen(kind, stored)).to.deep.equal(view(kind, expected, true)));
  for (const [what, kind, stored, expected] of NEAR) it(`is near to ${what}`, () => expect(seen(kind, stored)).to.deep.equal(view(kind, expected, false)));
});

/** A policy of which v3 keeps neither name, tag, nor host bits. */
const RICH = manifest('policy', { name: 'Shop/Web' }, { order: 1, ingress: [{ action: 'allow', source: { tag: 'web', nets: ['10.1.2.3/8'] }, destination: {} }], selector: '', types: ['ingress'] });
const STORED_NAME = 'shop-web-e04d99b5';

function changed(change: (stored: StoredObject) => void): unknown {
  const stored = storedFor(RICH);
  change(stored);
  return seen('policy', stored);
}

describe("A document's own words", () => {
  it('travel where v3 cannot say them', () => {
    expect(storedFor(RICH)).to.deep.equal({
      kind: 'GlobalNetworkPolicy',
      apiVersion: API,
      metadata: { name: STORED_NAME, annotations: { [OWN_WORDS]: JSON.stringify({ metadata: RICH['metadata'], spec: RICH['spec'] }) } },
      spec: { tier: 'default', order: 1, ingress: [{ action: 'Allow', source: { nets: ['10.0.0.0/8'], selector: "web == ''" }, destination: {} }], types: ['Ingress'] },
    });
    expect(changed(() => undefined)).to.deep.equal({ document: RICH, exact: true });
  });

  it('do not travel where v3 says it all', () => {
    expect(storedFor(manifest('bgpPeer', { scope: 'global', peerIP: 'fd00::1' }, { asNumber: 5 }))).to.deep.equal({
      kind: 'BGPPeer',
      apiVersion: API,
      metadata: { name: 'fd00-0000-0000-0000-0000-0000-0000-0001' },
      spec: { peerIP: 'fd00::1', asNumber: 5 },
    });
  });

  it('are believed no more when another tool changed what they say, but for the name', () => {
    const ingress = [{ action: 'allow', source: { nets: ['10.0.0.0/8'], selector: "web == ''" }, destination: {} }];
    const expected = { metadata: { name: 'Shop/Web' }, spec: { order: 2, ingress, selector: '', types: ['ingress'] } };
    expect(changed((stored) => (stored.spec['order'] = 2))).to.deep.equal(view('policy', expected, true));
  });

  it('are believed, but are not all, when another tool added something', () => {
    expect(changed((stored) => (stored.spec['performanceHints'] = ['AssumeNeededOnEveryNode']))).to.deep.equal({ document: RICH, exact: false });
    expect(changed((stored) => (stored.metadata['finalizers'] = ['x']))).to.deep.equal({ document: RICH, exact: false });
  });

  it('are not believed about another object', () => {
    const near = { metadata: { name: 'other' }, spec: { order: 1, ingress: [{ action: 'allow', source: { nets: ['10.0.0.0/8'], selector: "web == ''" }, destination: {} }], selector: '', types: ['ingress'] } };
    expect(changed((stored) => (stored.metadata.name = 'other'))).to.deep.equal(view('policy', near, true));
  });

  it('are not believed when they are no document', () => {
    for (const words of ['7', '{"metadata":{}}', '{"metadata":{"name":"Shop/Web"},"spec":{"selector":"=","types":["ingress"]}}', '{"metadata":{"name":7},"spec":{}}']) {
      const near = { metadata: { name: STORED_NAME }, spec: { order: 1, ingress: [{ action: 'allow', source: { nets: ['10.0.0.0/8'], selector: "web == ''" }, destination: {} }], selector: '', types: ['ingress'] } };
      expect(changed((stored) => (stored.metadata.annotations = { [OWN_WORDS]: words }))).to.deep.equal(view('policy', near, true));
    }
  });
});
