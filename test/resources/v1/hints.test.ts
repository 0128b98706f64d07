import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Data } from '../../../src/resources/fields/object.js';
import { findings, manifest, policyWith } from '../../support/classic.js';

const PORT = 'a port: a number from 1 to 65535, or a range such as "8000:8100"';
const PROTOCOL = 'a protocol: tcp, udp, icmp, icmpv6, sctp or udplite, or a number from 1 to 255';

/** What people write, and what they are told. */
const MISTAKES: readonly (readonly [mistake: string, raw: Data, finding: string])[] = [
  [
    "v3's name for nat-outgoing",
    manifest('ipPool', { cidr: '10.0.0.0/16' }, { natOutgoing: true }),
    'error spec.natOutgoing: unknown field "natOutgoing" (did you mean "nat-outgoing"?)',
  ],
  ['labels beside metadata', { ...manifest('profile', { name: 'p' }), labels: { a: 'b' } }, 'error labels: unknown field "labels" ("labels" belongs under "metadata")'],
  ['labels under spec', manifest('profile', { name: 'p' }, { labels: { a: 'b' } }), 'error spec.labels: unknown field "labels" ("labels" belongs under "metadata")'],
  ['a spec field under metadata', manifest('policy', { name: 'p', order: 1 }), 'error metadata.order: unknown field "order" ("order" belongs under "spec")'],
  ['a misspelt field', manifest('policy', { name: 'p' }, { ingres: [] }), 'error spec.ingres: unknown field "ingres" (did you mean "ingress"?)'],
  ['ports in a rule', policyWith({ action: 'allow', ports: [1] }), 'error spec.ingress[0].ports: unknown field "ports" ("ports" belongs under "source" or "destination")'],
  ["v3's action", policyWith({ action: 'Allow' }), 'error spec.ingress[0].action: "Allow" is not an action: expected allow, deny, log or pass; did you mean "allow"?'],
  ["v3's protocol", policyWith({ action: 'allow', protocol: 'ICMPv6' }), `error spec.ingress[0].protocol: "ICMPv6" is not ${PROTOCOL} (did you mean icmpv6?)`],
  ['any protocol', policyWith({ action: 'allow', protocol: 'any' }), `error spec.ingress[0].protocol: "any" is not ${PROTOCOL} (leave the field out to match every protocol)`],
  [
    'a range with a dash',
    policyWith({ action: 'allow', protocol: 'tcp', source: { ports: ['10-20'] } }),
    `error spec.ingress[0].source.ports[0]: "10-20" is not ${PORT} (write "10:20")`,
  ],
  [
    'a named port',
    policyWith({ action: 'allow', protocol: 'tcp', source: { ports: ['http'] } }),
    `error spec.ingress[0].source.ports[0]: "http" is not ${PORT} (v1 knows no names of ports: write the number)`,
  ],
  ['one port without a list', policyWith({ action: 'allow', protocol: 'tcp', source: { ports: 80 } }), 'error spec.ingress[0].source.ports: expected a list, found the number 80 (write it as a list: [80])'],
  ['a reserved annotation', manifest('policy', { name: 'p', annotations: { 'calicoctl.projectcalico.org/v1-document': '{}' } }), 'error metadata.annotations.calicoctl.projectcalico.org/v1-document: the annotation calicoctl.projectcalico.org/v1-document is reserved for calicoctl'],
  [
    'a global peer with a node',
    manifest('bgpPeer', { scope: 'global', node: 'n', peerIP: '10.0.0.1' }),
    'error metadata.node: a peer whose scope is global belongs to no node (remove "node", or write scope: node)',
  ],
];

/** What is legal and probably not meant. */
const TRAPS: readonly (readonly [trap: string, raw: Data, findings: readonly string[]])[] = [
  [
    'rules behind one that takes everything',
    policyWith({ action: 'log' }, { action: 'pass' }, { action: 'deny' }, { action: 'allow' }, { action: 'log' }),
    ['warning spec.ingress[2]: no packet reaches this rule and the 2 after it: rule 2 of the list takes every packet (pass) (move "- action: pass" to the end of the list)'],
  ],
  ['not behind a rule with a condition', policyWith({ action: 'deny', ipVersion: 4 }, { action: 'allow', source: { tag: 'a' } }, { action: 'deny' }), []],
  ['not behind a rule whose condition is wrong', policyWith({ action: 'deny', protocol: 'x' }, { action: 'allow' }), [`error spec.ingress[0].protocol: "x" is not ${PROTOCOL}`]],
  [
    'ICMP types of another protocol',
    policyWith({ action: 'allow', protocol: 'tcp', icmp: { type: 1 } }),
    ['warning spec.ingress[0].icmp: no packet of protocol tcp has an ICMP type: this rule matches nothing (write protocol: icmp, or icmpv6)'],
  ],
  [
    'ICMP by number, which v3 refuses',
    policyWith({ action: 'allow', protocol: 1, icmp: { type: 1 } }),
    ['warning spec.ingress[0].icmp: Calico 3 would not accept this and may not act on it: icmp needs the protocol ICMP or ICMPv6, by name'],
  ],
  [
    'rules that types exclude',
    manifest('policy', { name: 'p' }, { types: ['ingress'], egress: [{ action: 'allow' }] }),
    ['warning spec.egress: these rules are ignored: types does not have egress (add egress to types)'],
  ],
  [
    'a label that Kubernetes does not allow',
    manifest('hostEndpoint', { name: 'e', node: 'n', labels: { 'a/b/c': 'x' } }, { interfaceName: 'eth0' }),
    ['warning metadata.labels.a/b/c: Calico 3 would not accept this and may not act on it: "a/b/c" has more than one "/"'],
  ],
];

/** What v3 cannot hold in any form. */
const IMPOSSIBLE: readonly (readonly [what: string, raw: Data, finding: string])[] = [
  [
    'a tag that is the key of a label',
    manifest('profile', { name: 'p', tags: ['a', 'b'], labels: { b: 'c' } }),
    "error metadata.tags[1]: Tag: 'b' and Label 'b == c' have the same value for Profile: p. Change the Label key before proceeding",
  ],
  [
    'a node name without letters and digits',
    manifest('node', { name: '...' }),
    'error metadata.name: "..." cannot be stored: Calico 3 would call it "", and "" is not a name: lower-case letters, digits, "-" and "." are allowed, and each part between dots starts and ends with a letter or digit',
  ],
  [
    'an endpoint name without letters and digits',
    manifest('workloadEndpoint', { name: 'e', workload: '_', orchestrator: 'o', node: 'n' }, { interfaceName: 'cali0' }),
    'error metadata.workload: "_" cannot be stored: Calico 3 makes names of letters and digits, and finds none in it',
  ],
];

describe('What is said of classic documents', () => {
  for (const [mistake, raw, finding] of MISTAKES) it(`helps with ${mistake}`, () => expect(findings(raw)).to.deep.equal([finding]));
  for (const [trap, raw, expected] of TRAPS) it(`warns of ${trap}`, () => expect(findings(raw)).to.deep.equal(expected));
  for (const [what, raw, finding] of IMPOSSIBLE) it(`refuses ${what}`, () => expect(findings(raw)).to.deep.equal([finding]));
});
