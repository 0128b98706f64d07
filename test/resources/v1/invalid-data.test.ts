import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { kindOfDocument } from '../../../src/resources/registry.js';
import { classicKind, findings, manifest } from '../../support/classic.js';

const LONG_NAME = 'Test'.repeat(121);
const AS_NUMBER = 'an AS number (0 to 4294967295, or "1.10")';
const PORT = 'a port: a number from 1 to 65535, or a range such as "8000:8100"';
const NETWORK = 'a network such as 10.0.0.0/16';
const NODE_NAME = 'the name of a node (1 to 128 letters, digits, "_", "." and "-")';
const MISPLACED = 'error spec.ingress[0].source.protocol: unknown field "protocol" ("protocol" belongs to the rule, beside "source" and "destination")';

function peer(metadata: Data, spec: Data = { asNumber: 64590 }): Data {
  return manifest('bgpPeer', { scope: 'node', node: 'node1', peerIP: '192.168.0.250', ...metadata }, spec);
}

function policy(rule: Data): Data {
  return manifest('policy', { name: 'policy1' }, { order: 100, ingress: [{ action: 'deny', ...rule }], selector: '' });
}

function pool(cidr: string, spec: Data = {}): Data {
  return manifest('ipPool', { cidr }, spec);
}

function profile(icmp: Data): Data {
  return manifest('profile', { name: 'profile1', labels: { type: 'database' }, tags: ['a'] }, { ingress: [{ action: 'deny', protocol: 'icmp', icmp }] });
}

function tooSmall(cidr: string, smallest: number): string {
  return `error metadata.cidr: the pool ${cidr} is too small: /${smallest} is the smallest from which addresses can be assigned`;
}

/** The classic tool's system test of manifests that it refuses (reference/classic 6), with what is found in them. */
const REFUSED: readonly (readonly [name: string, raw: Data, findings: readonly string[]])[] = [
  ['bgpPeer-invalidASnum', peer({}, { asNumber: 4294967296 }), [`error spec.asNumber: the number 4294967296 is not ${AS_NUMBER}`]],
  ['bgpPeer-invalidIP', peer({ peerIP: '192.168.0.256' }), ['error metadata.peerIP: "192.168.0.256" is not an IP address']],
  ['bgpPeer-invalidIpv6', peer({ peerIP: 'fd5f::6::ee' }), ['error metadata.peerIP: "fd5f::6::ee" is not an IP address']],
  ['bgpPeer-invalidname', peer({ node: 'Node 2' }), [`error metadata.node: "Node 2" is not ${NODE_NAME}`]],
  ['bgpPeer-unrecognisedfield', peer({}, { asNumber: 64590, unknown: 'thing' }), ['error spec.unknown: unknown field "unknown" (the fields here are asNumber)']],
  ['bgpPeer-longname', peer({ node: LONG_NAME }), [`error metadata.node: "${LONG_NAME.slice(0, 57)}..." is not ${NODE_NAME}`]],
  [
    'hostEndpoint-invalidInterface',
    manifest('hostEndpoint', { name: 'endpoint1', node: 'host1' }, { interfaceName: 'wibblywobblyeth0' }),
    ['error spec.interfaceName: "wibblywobblyeth0" is not the name of an interface: 1 to 15 letters, digits, "_", "." and "-" are allowed'],
  ],
  [
    'policy-invalidHighPortinList',
    policy({ protocol: 'tcp', destination: { ports: [10, 65536] } }),
    [`error spec.ingress[0].destination.ports[1]: the number 65536 is not ${PORT}`],
  ],
  [
    'policy-invalidHighPortinRange',
    policy({ protocol: 'tcp', destination: { ports: [-65535] } }),
    [`error spec.ingress[0].destination.ports[0]: the number -65535 is not ${PORT}`],
  ],
  ['policy-invalidLowPortinRange', policy({ protocol: 'tcp', source: { ports: [-65535] } }), [`error spec.ingress[0].source.ports[0]: the number -65535 is not ${PORT}`]],
  ['policy-invalidLowPortinList', policy({ source: { protocol: 'tcp', ports: [0, 10] } }), [MISPLACED, `error spec.ingress[0].source.ports[0]: the number 0 is not ${PORT}`]],
  ['policy-invalidReversedRange', policy({ source: { protocol: 'tcp', ports: [65534] } }), [MISPLACED]],
  ['policy-invalidAction', policy({ action: 'jumpupanddown' }), ['error spec.ingress[0].action: "jumpupanddown" is not an action: expected allow, deny, log or pass']],
  ['pool-invalidNet1', pool('10.0.1.0/33'), [`error metadata.cidr: "10.0.1.0/33" is not ${NETWORK}`]],
  ['pool-invalidNet2', pool('10.0.256.0/24'), [`error metadata.cidr: "10.0.256.0/24" is not ${NETWORK}`]],
  ['pool-invalidNet3', pool('10.0.250.0'), [`${tooSmall('10.0.250.0/32', 26)} (give the length of the network, such as /16)`]],
  ['pool-invalidNet4', pool('fd5f::2::1/32'), [`error metadata.cidr: "fd5f::2::1/32" is not ${NETWORK}`]],
  ['pool-invalidNet6', pool('::/128'), [`${tooSmall('::/128', 122)} (give the length of the network, such as /64)`]],
  ['pool-invalidNet7', pool('192.168.0.0/27'), [tooSmall('192.168.0.0/27', 26)]],
  [
    'pool-invalidNet8',
    pool('fd5f::1/123'),
    [tooSmall('fd5f::1/123', 122), 'error metadata.cidr: fd5f::1/123 has bits set after its prefix length (write fd5f::/123)'],
  ],
  [
    'pool-invalidIpIp1',
    pool('10.0.1.0/24', { ipip: { enabled: 'True' } }),
    ['error spec.ipip.enabled: expected true or false, found "True" (write true without quotes)'],
  ],
  ['pool-invalidIpIp2', pool('10.0.1.0/24', { ipip: { enabled: 'Maybe' } }), ['error spec.ipip.enabled: expected true or false, found "Maybe"']],
  ['profile-icmptype', profile({ type: 256, code: 1 }), ['error spec.ingress[0].icmp.type: 256 is not an ICMP type (0 to 254)']],
  ['profile-icmpcode', profile({ type: 19, code: 256 }), ['error spec.ingress[0].icmp.code: 256 is not an ICMP code (0 to 255)']],
];

describe("The classic tool's invalid data sets", () => {
  for (const [name, raw, expected] of REFUSED) it(`refuses ${name}`, () => expect(findings(raw)).to.deep.equal(expected));

  it('refuses bgpPeer-invalidkind and bgpPeer-apiversion', () => {
    expect(kindOfDocument('v1', 'bgppeer')).to.equal(undefined);
    expect(kindOfDocument('v7', 'bgpPeer')).to.equal(undefined);
  });

  it('refuses policy-NetworkPolicyNameRejected when it is written', () => {
    const metadata = { name: 'knp.default.rejectmeplease' };
    expect(findings(manifest('policy', metadata))).to.deep.equal([]);
    const verbs = ['create', 'apply', 'replace', 'delete', 'get'] as const;
    expect(verbs.map((verb) => classicKind('policy').readOnly?.(metadata, verb))).to.deep.equal([
      'operation Create is not supported on knp.default.rejectmeplease',
      'operation Apply is not supported on knp.default.rejectmeplease',
      'operation Update is not supported on knp.default.rejectmeplease',
      'operation Delete is not supported on knp.default.rejectmeplease',
      undefined,
    ]);
  });

  it('refuses compound-config by its profile', () => {
    expect([peer({}), profile({ type: 256, code: 1 })].map(findings)).to.deep.equal([[], ['error spec.ingress[0].icmp.type: 256 is not an ICMP type (0 to 254)']]);
  });
});
