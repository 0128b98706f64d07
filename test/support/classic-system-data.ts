import type { Data } from '../../src/base/data.js';
import { manifest } from './classic.js';

/** Resources as the classic tool's system tests hold them (reference/classic 6): in the form in which they are read back. */

export const peer1 = manifest('bgpPeer', { scope: 'node', node: 'node1', peerIP: '192.168.0.250' }, { asNumber: 64514 });
export const peer2 = manifest('bgpPeer', { scope: 'node', node: 'node2', peerIP: 'fd5f::6:ee' }, { asNumber: 64590 });

export const hostEndpoint1 = manifest(
  'hostEndpoint',
  { name: 'endpoint1', node: 'host1', labels: { type: 'database' } },
  { interfaceName: 'eth0', profiles: ['prof1', 'prof2'] },
);
export const hostEndpoint2 = manifest(
  'hostEndpoint',
  { name: 'endpoint2', node: 'host2', labels: { type: 'frontend' } },
  { interfaceName: 'cali7', profiles: ['prof1', 'prof2'] },
);

const icmpRule = {
  action: 'deny',
  ipVersion: 4,
  protocol: 'icmp',
  icmp: { type: 10, code: 6 },
  notProtocol: 'udp',
  notICMP: { type: 19, code: 255 },
  source: { tag: 'source-tag', nets: ['10.0.0.0/16'], selector: "type == 'application'", notTag: 'not-source', notNets: ['10.1.0.0/16'], notSelector: "type == 'local'" },
  destination: { tag: 'alphatag', nets: ['11.0.0.0/16'], selector: "type == 'thing'", notTag: 'bananatag', notNets: ['12.0.0.0/16'], notSelector: 'has(x)' },
};

const tcpRule = {
  action: 'allow',
  protocol: 'tcp',
  source: { ports: [1234, '10:1024'], notPorts: ['100:200'] },
  destination: { ports: [10, '110:1050'], notPorts: [1050] },
};

export const policy1 = manifest('policy', { name: 'policy1' }, { order: 100, ingress: [icmpRule, tcpRule], egress: [{ action: 'pass', source: {}, destination: { nets: ['2001:db8::/32'] } }], selector: "type=='database'", types: ['ingress', 'egress'] });
export const policy2 = manifest('policy', { name: 'policy2' }, { order: 100_000, ingress: [tcpRule], egress: [{ action: 'allow', protocol: 'tcp', source: {}, destination: {} }], selector: '', doNotTrack: true, types: ['ingress', 'egress'] });

export const pool1 = manifest('ipPool', { cidr: '10.0.1.0/24' }, { ipip: { enabled: true } });
export const pool2 = manifest('ipPool', { cidr: '10.1.0.0/16' }, { ipip: { enabled: true, mode: 'cross-subnet' } });

export const profile1 = manifest('profile', { name: 'profile1', labels: { foo: 'bar' }, tags: ['tag1', 'tag2s'] }, { ingress: [icmpRule, tcpRule], egress: [{ action: 'allow', source: {}, destination: {} }] });
export const profile2 = manifest('profile', { name: 'profile2', tags: ['tag1', 'tag2s'] }, { ingress: [{ action: 'deny', ipVersion: 6, source: {}, destination: {} }] });

/** The pairs that are applied, created, replaced and applied again. */
export const CHANGES: readonly (readonly [name: string, first: Data, second: Data])[] = [
  ['the AS number of a bgpPeer', peer1, { ...peer1, spec: { asNumber: 64590 } }],
  ['labels and interface of a hostEndpoint', hostEndpoint1, manifest('hostEndpoint', { name: 'endpoint1', node: 'host1', labels: { type: 'frontend', tier: 'web' } }, { interfaceName: 'cali7', profiles: ['prof1'] })],
  [
    'order and networks of a policy',
    manifest('policy', { name: 'policy1' }, { order: 6543215.5, ingress: [{ action: 'deny', source: { notNets: ['aa:bb::/120', 'ff00:bb::/120'] }, destination: {} }], selector: '', types: ['ingress'] }),
    manifest('policy', { name: 'policy1' }, { order: 100_000, ingress: [{ action: 'allow', source: {}, destination: {} }], selector: '', types: ['ingress'] }),
  ],
  [
    'an order with many digits',
    manifest('policy', { name: 'policy1' }, { order: 6543215.321, selector: '', types: ['ingress'] }),
    manifest('policy', { name: 'policy1' }, { order: 0.1, selector: '', types: ['ingress'] }),
  ],
  ['a pool without IPIP and with it', manifest('ipPool', { cidr: '10.0.1.0/24' }), manifest('ipPool', { cidr: '10.0.1.0/24' }, { ipip: { enabled: true, mode: 'always' } })],
  ['labels and tags of a profile', profile1, manifest('profile', { name: 'profile1', labels: { foo: 'changed' }, tags: ['tag3'] }, profile2['spec'] as Data)],
];

/** Manifests that are refused, as those tests write them; the last two are commented out there. */
export const REFUSED: Readonly<Record<string, string>> = {
  'bgpPeer-invalidkind': '{apiVersion: v1, kind: bgppeer, metadata: {scope: node, node: node1, peerIP: 192.168.0.250}, spec: {asNumber: 64514}}',
  'bgpPeer-invalidASnum': '{apiVersion: v1, kind: bgpPeer, metadata: {scope: node, node: node1, peerIP: 192.168.0.250}, spec: {asNumber: 4294967296}}',
  'bgpPeer-invalidIP': '{apiVersion: v1, kind: bgpPeer, metadata: {scope: node, node: node1, peerIP: 192.168.0.256}, spec: {asNumber: 64514}}',
  'bgpPeer-apiversion': '{apiVersion: v7, kind: bgpPeer, metadata: {scope: node, node: node1, peerIP: 192.168.0.250}, spec: {asNumber: 64514}}',
  'bgpPeer-invalidIpv6': '{apiVersion: v1, kind: bgpPeer, metadata: {scope: node, node: node1, peerIP: "fd5f::6::ee"}, spec: {asNumber: 64590}}',
  'bgpPeer-invalidname': '{apiVersion: v1, kind: bgpPeer, metadata: {scope: node, node: Node 2, peerIP: "fd5f::6:ee"}, spec: {asNumber: 64590}}',
  'bgpPeer-unrecognisedfield': '{apiVersion: v1, kind: bgpPeer, metadata: {scope: node, node: node1, peerIP: 192.168.0.250}, spec: {asNumber: 64514, unknown: thing}}',
  'bgpPeer-longname': `{apiVersion: v1, kind: bgpPeer, metadata: {scope: node, node: ${'Test'.repeat(121)}, peerIP: 192.168.0.250}, spec: {asNumber: 64514}}`,
  'hostEndpoint-invalidInterface': '{apiVersion: v1, kind: hostEndpoint, metadata: {name: endpoint1, node: host1}, spec: {interfaceName: wibblywobblyeth0}}',
  'policy-invalidHighPortinList': '{apiVersion: v1, kind: policy, metadata: {name: policy1}, spec: {ingress: [{action: deny, protocol: tcp, destination: {ports: [10, 65536]}}]}}',
  'policy-invalidHighPortinRange': '{apiVersion: v1, kind: policy, metadata: {name: policy1}, spec: {ingress: [{action: deny, protocol: tcp, destination: {ports: [-65535]}}]}}',
  'policy-invalidLowPortinRange': '{apiVersion: v1, kind: policy, metadata: {name: policy1}, spec: {ingress: [{action: deny, protocol: tcp, source: {ports: [-65535]}}]}}',
  'policy-invalidLowPortinList': '{apiVersion: v1, kind: policy, metadata: {name: policy1}, spec: {ingress: [{action: deny, source: {protocol: tcp, ports: [0, 10]}}]}}',
  'policy-invalidReversedRange': '{apiVersion: v1, kind: policy, metadata: {name: policy1}, spec: {ingress: [{action: deny, source: {protocol: tcp, ports: [65534]}}]}}',
  'policy-invalidAction': '{apiVersion: v1, kind: policy, metadata: {name: policy1}, spec: {ingress: [{action: jumpupanddown}]}}',
  'policy-NetworkPolicyNameRejected': '{apiVersion: v1, kind: policy, metadata: {name: knp.default.rejectmeplease}, spec: {ingress: [{action: allow}]}}',
  'pool-invalidNet1': '{apiVersion: v1, kind: ipPool, metadata: {cidr: 10.0.1.0/33}, spec: {ipip: {enabled: true}}}',
  'pool-invalidNet2': '{apiVersion: v1, kind: ipPool, metadata: {cidr: 10.0.256.0/24}, spec: {ipip: {enabled: true}}}',
  'pool-invalidNet3': '{apiVersion: v1, kind: ipPool, metadata: {cidr: 10.0.250.0}, spec: {ipip: {enabled: true}}}',
  'pool-invalidNet4': '{apiVersion: v1, kind: ipPool, metadata: {cidr: "fd5f::2::1/32"}, spec: {ipip: {enabled: true}}}',
  'pool-invalidNet6': '{apiVersion: v1, kind: ipPool, metadata: {cidr: "::/128"}}',
  'pool-invalidNet7': '{apiVersion: v1, kind: ipPool, metadata: {cidr: 192.168.0.0/27}}',
  'pool-invalidNet8': '{apiVersion: v1, kind: ipPool, metadata: {cidr: "fd5f::1/123"}}',
  'pool-invalidIpIp1': "{apiVersion: v1, kind: ipPool, metadata: {cidr: 10.0.1.0/24}, spec: {ipip: {enabled: 'True'}}}",
  'pool-invalidIpIp2': "{apiVersion: v1, kind: ipPool, metadata: {cidr: 10.0.1.0/24}, spec: {ipip: {enabled: 'Maybe'}}}",
  'profile-icmptype': '{apiVersion: v1, kind: profile, metadata: {name: profile1}, spec: {ingress: [{action: deny, protocol: icmp, icmp: {type: 256, code: 1}}]}}',
  'profile-icmpcode': '{apiVersion: v1, kind: profile, metadata: {name: profile1}, spec: {ingress: [{action: deny, protocol: icmp, icmp: {type: 10, code: 256}}]}}',
  'compound-config':
    '[{apiVersion: v1, kind: bgpPeer, metadata: {scope: node, node: node1, peerIP: 192.168.0.250}, spec: {asNumber: 64514}}, {apiVersion: v1, kind: profile, metadata: {name: profile1}, spec: {ingress: [{action: deny, protocol: icmp, icmp: {type: 256}}]}}]',
  'pool-everything6': '{apiVersion: v1, kind: ipPool, metadata: {cidr: "::/0"}}',
  'pool-everything4': '{apiVersion: v1, kind: ipPool, metadata: {cidr: 1.1.1.1/0}}',
};
