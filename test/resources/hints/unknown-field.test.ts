import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { STORED_KINDS } from '../../../src/resources/registry.js';
import { findings, manifest, policyWith } from '../../support/classic.js';
import { document, problemsOf } from '../../support/stored.js';

function stored(kind: string, spec: Data, metadata?: Data): string[] {
  const found = STORED_KINDS.find((each) => each.kind === kind)!;
  return problemsOf(found, document(found, spec, metadata));
}

const global = (spec: Data): string[] => stored('GlobalNetworkPolicy', spec);
const rule = (fields: Data): string[] => global({ ingress: [{ action: 'Allow', ...fields }] }).map((line) => line.replace('spec.ingress[0].', ''));

/** What people write, and what they are told; the first line only, where more is wrong. */
const CASES: readonly (readonly [mistake: string, found: () => string[], finding: string])[] = [
  ['podSelector of a policy', () => stored('NetworkPolicy', { podSelector: { matchLabels: { app: 'api' } } }), 'spec.podSelector: unknown field "podSelector" (Calico writes it as text in "selector": app == \'api\')'],
  ['an empty podSelector', () => global({ podSelector: {} }), 'spec.podSelector: unknown field "podSelector" (Calico writes it as text in "selector": all())'],
  [
    'expressions',
    () => rule({ source: { podSelector: { matchLabels: { app: 'a' }, matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['x', 1] }, { key: 'old', operator: 'DoesNotExist' }] } } }),
    'source.podSelector: unknown field "podSelector" (Calico writes it as text in "selector": app == \'a\' && tier not in {\'x\', \'1\'} && !has(old))',
  ],
  ['matchLabels by themselves', () => global({ matchLabels: { a: 'b' } }), 'spec.matchLabels: unknown field "matchLabels" (Calico writes it as text in "selector": a == \'b\')'],
  ['podSelector beside the sides', () => rule({ podSelector: { matchLabels: { a: 'b' } } }), 'podSelector: unknown field "podSelector" (Calico writes it as text in "selector", under "source" or "destination": a == \'b\')'],
  ['a selector as a map', () => global({ selector: { matchLabels: { a: 'b' } } }), "spec.selector: expected a selector, found a map (write it as text: a == 'b')"],
  ['plain labels for a selector', () => global({ selector: { a: 'b' } }), "spec.selector: expected a selector, found a map (write it as text: a == 'b')"],
  ['namespaceSelector as a map', () => rule({ source: { namespaceSelector: { matchLabels: { project: 'x' } } } }), "source.namespaceSelector: expected a selector, found a map (write it as text: project == 'x')"],
  ['from', () => rule({ from: [{}, {}] }), 'from: unknown field "from" (Calico writes it as "source", in a rule for each entry: "selector" for podSelector, "namespaceSelector" as before, "nets" for ipBlock)'],
  ['to', () => rule({ to: [{}] }), 'to: unknown field "to" (Calico writes it as "destination": "selector" for podSelector, "namespaceSelector" as before, "nets" for ipBlock)'],
  ['ipBlock', () => rule({ source: { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } } }), 'source.ipBlock: unknown field "ipBlock" (Calico writes it as "nets": nets: [10.0.0.0/8], with "notNets" for except)'],
  ["Kubernetes' ports", () => rule({ ports: [{ protocol: 'TCP', port: 6379 }, { port: 80, endPort: 90 }] }), 'ports: unknown field "ports" (it belongs under "destination", as ports: [6379, "80:90"], with protocol: TCP in the rule itself)'],
  ['ports in a rule', () => rule({ protocol: 'TCP', ports: [6379] }), 'ports: unknown field "ports" ("ports" belongs under "source" or "destination")'],
  ["an entry of Kubernetes' ports", () => rule({ protocol: 'TCP', destination: { ports: [{ port: 80, protocol: 'TCP' }] } }), 'destination.ports[0]: expected a port: a number from 1 to 65535, a range such as "8000:8100", or the name of a port, found a map (write only the number: 80, and protocol: TCP in the rule)'],
  ['policyTypes', () => global({ policyTypes: ['Ingress'] }), 'spec.policyTypes: unknown field "policyTypes" (did you mean "types"?)'],
  ['a rule field on one side', () => rule({ source: { action: 'Allow' } }), 'source.action: unknown field "action" ("action" belongs one level up, to spec.ingress[0])'],
  ['a spec field in a rule', () => rule({ order: 1 }), 'order: unknown field "order" ("order" belongs one level up, to spec)'],
  ['a side field in spec', () => global({ nets: ['10.0.0.0/8'] }), 'spec.nets: unknown field "nets" ("nets" belongs under "ingress.source", "ingress.destination", "egress.source" or "egress.destination")'],
  ['a v1 pool in v3', () => stored('IPPool', { cidr: '10.0.0.0/16', ipip: { enabled: true, mode: 'cross-subnet' } }), 'spec.ipip: unknown field "ipip" (write ipipMode: CrossSubnet)'],
  ['cidr under metadata', () => stored('IPPool', { cidr: '10.0.0.0/16' }, { name: 'p', natOutgoing: true }), 'metadata.natOutgoing: unknown field "natOutgoing" ("natOutgoing" belongs under "spec")'],
  ['a name under spec', () => stored('Tier', { order: 1, name: 'x' }), 'spec.name: unknown field "name" ("name" belongs under "metadata")'],
  ['the data model before v1', () => rule({ src_tag: 'a' }), 'src_tag: unknown field "src_tag" (write "tag" under "source")'],
  ['its negation', () => rule({ '!dst_net': 'a' }), '!dst_net: unknown field "!dst_net" (write "notNet" under "destination")'],
  ['a word with a no-break space', () => global({ 'sel\u00a0ector': 'all()' }), 'spec.sel\u00a0ector: unknown field "sel\u00a0ector" (it contains a no-break space (U+00A0): write "selector")'],
  ['an invisible indentation', () => global({ '\u00a0\u00a0order': 1 }), 'spec.\u00a0\u00a0order: unknown field "\u00a0\u00a0order" (it contains a no-break space (U+00A0): write "order")'],
  ['no field at all', () => rule({ frobnicate: 1 }), 'frobnicate: unknown field "frobnicate" (the fields here are action, ipVersion, protocol, icmp, notProtocol, notICMP, source, destination, http, metadata)'],
];

const CLASSIC: readonly (readonly [mistake: string, raw: Data, finding: string])[] = [
  ['a v3 field', manifest('ipPool', { cidr: '10.0.0.0/16' }, { vxlanMode: 'Always' }), 'error spec.vxlanMode: unknown field "vxlanMode" (it is a field of apiVersion projectcalico.org/v3, kind IPPool (spec.vxlanMode): this apiVersion has no such field here)'],
  ['a v3 field of a side', policyWith({ action: 'allow', source: { namespaceSelector: 'all()' } }), 'error spec.ingress[0].source.namespaceSelector: unknown field "namespaceSelector" (it is a field of apiVersion projectcalico.org/v3, kind GlobalNetworkPolicy (spec.ingress.source.namespaceSelector): this apiVersion has no such field here)'],
  ['masquerade', manifest('ipPool', { cidr: '10.0.0.0/16' }, { masquerade: true }), 'error spec.masquerade: unknown field "masquerade" (did you mean "nat-outgoing"?)'],
  ['IPIP as a switch', manifest('ipPool', { cidr: '10.0.0.0/16' }, { ipip: true }), 'error spec.ipip: expected the IPIP settings of a pool, found true (write {enabled: true})'],
  ['the name of a pool', manifest('ipPool', { name: 'a', cidr: '10.4.0.0/16' }), 'error metadata.name: unknown field "name" (an ipPool has no name: it is identified by its cidr)'],
  ['the name of a peer', manifest('bgpPeer', { name: 'a', scope: 'global', peerIP: '10.0.0.1' }), 'error metadata.name: unknown field "name" (a bgpPeer has no name: it is identified by its scope, node and peerIP)'],
  ['another name of a field that is there', manifest('ipPool', { network: '10.4.0.0/16', cidr: '10.4.0.0/16' }), 'error metadata.network: unknown field "network" (the fields here are cidr)'],
  ['the v3 name of a field that is there', manifest('ipPool', { cidr: '10.4.0.0/16' }, { natOutgoing: true, 'nat-outgoing': true }), 'error spec.natOutgoing: unknown field "natOutgoing" (the fields here are ipip, nat-outgoing, disabled)'],
  ['an old name of a field that is there', manifest('ipPool', { cidr: '10.4.0.0/16' }, { masquerade: true, 'nat-outgoing': true }), 'error spec.masquerade: unknown field "masquerade" (the fields here are ipip, nat-outgoing, disabled)'],
  ['a misspelt field that is there', manifest('ipPool', { cidr: '10.4.0.0/16' }, { disable: true, disabled: true }), 'error spec.disable: unknown field "disable" (the fields here are ipip, nat-outgoing, disabled)'],
  ['a field with dashes that is there', manifest('ipPool', { cidr: '10.4.0.0/16' }, { nat_outgoing: true, 'nat-outgoing': true }), 'error spec.nat_outgoing: unknown field "nat_outgoing" (the fields here are ipip, nat-outgoing, disabled)'],
  ['podSelector', manifest('policy', { name: 'p' }, { podSelector: { matchLabels: { a: 'b' } } }), 'error spec.podSelector: unknown field "podSelector" (Calico writes it as text in "selector": a == \'b\')'],
  ['from', policyWith({ action: 'allow', from: [{}] }), 'error spec.ingress[0].from: unknown field "from" (Calico writes it as "source": "selector" for podSelector, "namespaceSelector" as before, "nets" for ipBlock)'],
];

describe('What is said of unknown fields', () => {
  for (const [mistake, found, finding] of CASES) it(`helps with ${mistake}`, () => expect(found()[0]).to.equal(finding));
  for (const [mistake, raw, finding] of CLASSIC) it(`helps with ${mistake} in a classic document`, () => expect(findings(raw)).to.deep.equal([finding]));
});
