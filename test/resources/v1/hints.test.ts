import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { findings, manifest, policyWith } from '../../support/classic.js';

const PORT = 'a port: a number from 1 to 65535, or a range such as "8000:8100"';
const ICMP =
  'icmp needs the protocol icmp or icmpv6, by name: Calico 3.32 refuses this, and its Felix would restart again and again on every host that uses the rule';
const ENDLESS = 'Felix 3.32 restarts again and again on every host that uses the rule';
const KEY = 'is not a key: letters, digits, "-", "_" and "." are allowed, with a letter or digit at both ends; Calico 3.32 refuses this';
const LABEL_HINT = '(rename the label, or give it another value, here and in the selectors that name it)';
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
    `error spec.ingress[0].source.ports[0]: "http" is not ${PORT} (v1 has no named ports: write the number)`,
  ],
  ['one port without a list', policyWith({ action: 'allow', protocol: 'tcp', source: { ports: 80 } }), 'error spec.ingress[0].source.ports: expected a list, found the number 80 (write it as a list: [80])'],
  ['a reserved annotation', manifest('policy', { name: 'p', annotations: { 'calicoctl.projectcalico.org/v1-document': '{}' } }), 'error metadata.annotations.calicoctl.projectcalico.org/v1-document: the annotation calicoctl.projectcalico.org/v1-document is reserved for calicoctl'],
  [
    'a global peer with a node',
    manifest('bgpPeer', { scope: 'global', node: 'n', peerIP: '10.0.0.1' }),
    'error metadata.node: a peer with scope global cannot have a node (remove "node", or write scope: node)',
  ],
];

/** What is legal and probably not meant. */
const TRAPS: readonly (readonly [trap: string, raw: Data, findings: readonly string[]])[] = [
  [
    'rules behind one that takes everything',
    policyWith({ action: 'log' }, { action: 'pass' }, { action: 'deny' }, { action: 'allow' }, { action: 'log' }),
    ['warning spec.ingress[2]: no packet reaches this rule and the 2 after it: rule 2 of the list matches every packet (pass) (move "- action: pass" to the end of the list)'],
  ],
  ['not behind a rule with a condition', policyWith({ action: 'deny', ipVersion: 4 }, { action: 'allow', source: { tag: 'a' } }, { action: 'deny' }), []],
  ['not behind a rule whose condition is wrong', policyWith({ action: 'deny', protocol: 'x' }, { action: 'allow' }), [`error spec.ingress[0].protocol: "x" is not ${PROTOCOL}`]],
  [
    'ICMP types of another protocol',
    policyWith({ action: 'allow', protocol: 'tcp', icmp: { type: 1 } }),
    [`error spec.ingress[0].icmp: ${ICMP} (write protocol: icmp, or leave icmp out)`],
  ],
  [
    'ICMP by number, which v3 refuses',
    policyWith({ action: 'allow', protocol: 1, icmp: { type: 1 } }),
    [`error spec.ingress[0].icmp: ${ICMP} (write protocol: icmp, or leave icmp out)`],
  ],
  ['ICMP without a protocol', policyWith({ action: 'allow', icmp: { type: 1 } }), [`error spec.ingress[0].icmp: ${ICMP} (add "protocol: icmp" to the rule, or icmpv6)`]],
  ['ICMP of IPv6 by number', policyWith({ action: 'allow', protocol: 58, icmp: { type: 1 } }), [`error spec.ingress[0].icmp: ${ICMP} (write protocol: icmpv6)`]],
  ['ICMP of a protocol without a name', policyWith({ action: 'allow', protocol: 240, icmp: { type: 1 } }), [`error spec.ingress[0].icmp: ${ICMP} (write protocol: icmp, or leave icmp out)`]],
  [
    'ICMP of the other family',
    policyWith({ action: 'allow', protocol: 'icmp', ipVersion: 6 }, { action: 'allow', notProtocol: 'icmpv6', ipVersion: 4 }),
    [
      "error spec.ingress[0].ipVersion: the protocol icmp belongs to IPv4, not to the rule's ipVersion; Calico 3.32 refuses this (write ipVersion: 4, or icmpv6 for the protocol)",
      "error spec.ingress[1].ipVersion: the protocol icmpv6 belongs to IPv6, not to the rule's ipVersion; Calico 3.32 refuses this (write ipVersion: 6, or icmp for the protocol)",
    ],
  ],
  [
    'networks of everything, at their own place',
    policyWith({ action: 'allow', source: { notNets: ['10.0.0.0/8', '0.0.0.0/0'] } }, { action: 'allow', Destination: { notNet: '::/0' } }),
    [
      'error spec.ingress[0].source.notNets[1]: 0.0.0.0/0 in notNets leaves nothing to match; Calico 3.32 refuses this (remove the rule, or this network)',
      'error spec.ingress[1].Destination.notNet: ::/0 in notNets leaves nothing to match; Calico 3.32 refuses this (remove the rule, or this network)',
    ],
  ],
  [
    'rules that break Felix',
    policyWith({ action: 'deny', protocol: 'tcp', notProtocol: 'udp' }, { action: 'allow', protocol: 'udp', notICMP: { type: 3 } }),
    [
      `warning spec.ingress[0].notProtocol: the kernel refuses a rule with protocol and notProtocol: ${ENDLESS} (remove notProtocol: protocol says all)`,
      `warning spec.ingress[1].notICMP: the kernel refuses notICMP where the protocol is not ICMP: ${ENDLESS} (give the protocol icmp or icmpv6 by name, or remove notICMP)`,
    ],
  ],
  [
    'a tag and a label that Kubernetes does not allow',
    manifest('profile', { name: 'p', tags: ['a', '.dotted'], labels: { 'b.': 'c', d: '_e' } }),
    [
      `error metadata.tags[1]: ".dotted" ${KEY}, and its Felix would ignore all labels and tags of the profile (Calico 3 turns a tag into a label: rename it, here and in the rules that name it)`,
      `error metadata.labels.b.: "b." ${KEY}, and its Felix would ignore all labels and tags of the profile ${LABEL_HINT}`,
      `error metadata.labels.d: "_e" is not a label's value: letters, digits, "-", "_" and "." are allowed, with a letter or digit at both ends; Calico 3.32 refuses this, and its Felix would ignore all labels and tags of the profile ${LABEL_HINT}`,
    ],
  ],
  [
    'an annotation that Kubernetes does not allow',
    manifest('policy', { name: 'p', annotations: { 'Not a key': '' } }),
    [`error metadata.annotations.Not a key: "not a key" ${KEY} (rename the annotation)`],
  ],
  [
    'a container that v3 does not allow, where it stands',
    manifest('workloadEndpoint', { name: 'e', node: 'n', orchestrator: 'cni', workload: 'a.b' }, { interfaceName: 'cali0' }),
    ['error metadata.workload: "a.b" is not a container id: letters, digits and "-" are allowed, with a letter or digit at both ends; Calico 3.32 refuses this'],
  ],
  ['a workload of Kubernetes without a namespace: nothing', manifest('workloadEndpoint', { name: 'e', node: 'n', orchestrator: 'k8s', workload: 'frontend' }, { interfaceName: 'cali0' }), []],
  [
    'rules that types exclude',
    manifest('policy', { name: 'p' }, { types: ['ingress'], egress: [{ action: 'allow' }] }),
    ['warning spec.egress: these rules are ignored: types does not have egress (add egress to types)'],
  ],
  [
    'a label that Kubernetes does not allow',
    manifest('hostEndpoint', { name: 'e', node: 'n', labels: { 'a/b/c': 'x' } }, { interfaceName: 'eth0' }),
    ['error metadata.labels.a/b/c: "a/b/c" has more than one "/"; Calico 3.32 refuses this (rename the label, or give it another value, here and in the selectors that name it)'],
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
    'error metadata.workload: "_" cannot be stored: Calico 3 makes names from letters and digits, and it has none',
  ],
];

describe('What is said of classic documents', () => {
  for (const [mistake, raw, finding] of MISTAKES) it(`helps with ${mistake}`, () => expect(findings(raw)).to.deep.equal([finding]));
  for (const [trap, raw, expected] of TRAPS) it(`warns of ${trap}`, () => expect(findings(raw)).to.deep.equal(expected));
  for (const [what, raw, finding] of IMPOSSIBLE) it(`refuses ${what}`, () => expect(findings(raw)).to.deep.equal([finding]));
});
