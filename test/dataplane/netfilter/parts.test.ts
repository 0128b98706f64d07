import { expect } from 'chai';
import { describe, it } from 'mocha';
import { groupedBy } from '../../../src/base/grouped-by.js';
import { dispatchChains } from '../../../src/dataplane/netfilter/dispatch.js';
import { commentText } from '../../../src/dataplane/netfilter/iptables/text.js';
import { endpointMarks } from '../../../src/dataplane/netfilter/ipvs.js';
import { marksOf } from '../../../src/dataplane/netfilter/marks.js';
import { shortName } from '../../../src/dataplane/netfilter/names.js';
import { ruleComment } from '../../../src/dataplane/netfilter/nft/text.js';
import { interfaceText } from '../../../src/dataplane/netfilter/nft/words.js';
import { ChainPlanner } from '../../../src/dataplane/netfilter/planner.js';
import { portLists } from '../../../src/dataplane/netfilter/port-lists.js';
import { Members, membersOfNet } from '../../../src/dataplane/netfilter/sets/members.js';
import { portSetId, selectorSetId, setName } from '../../../src/dataplane/netfilter/sets/names.js';
import { resolveSettings } from '../../../src/dataplane/settings/settings.js';
import { parseCidrOrIp } from '../../../src/net/address.js';
import type { StoredObject } from '../../../src/resources/kind.js';
import { dscpNumber } from '../../../src/resources/v3/felix-types.js';

describe('names of chains and sets', () => {
  it('are shortened where iptables has no room', () => {
    expect(shortName('cali-pi-', 'gnp/a')).to.equal('cali-pi-gnp/a');
    expect(shortName('cali-pi-', 'gnp/namespace-default')).to.equal('cali-pi-_ejkc-2HaLaWvM7lDN5V');
    expect(shortName('cali-fhfw-', 'any-interface-at-all')).to.equal('cali-fhfw-_Nqh4HyA73udmyanQI');
  });

  it('of 28 characters are kept, unless they would look like shortened ones', () => {
    expect(shortName('cali-pro-', 'a'.repeat(19))).to.equal(`cali-pro-${'a'.repeat(19)}`);
    expect(shortName('cali-pro-', `_${'a'.repeat(18)}`)).to.match(/^cali-pro-_.{18}$/).and.not.equal(`cali-pro-_${'a'.repeat(18)}`);
  });

  it('of sets are cut', () => {
    expect(setName(4, selectorSetId('app == "web"'))).to.have.length(31).and.match(/^cali40s:/);
    expect(setName(6, portSetId('all()', 'tcp', 'http'))).to.have.length(31).and.match(/^cali60n:/);
  });
});

describe('marks', () => {
  it('are the bits of the mask, lowest first', () => {
    expect(marksOf(0xffff0000)).to.deep.equal({ accept: 0x10000, pass: 0x20000, drop: 0x40000, scratch0: 0x80000, scratch1: 0x100000, endpoint: 0xffe00000, all: 0x1b0000 });
    expect(marksOf(0x00ff0f0f)).to.include({ accept: 1, pass: 2, drop: 4, scratch0: 8, scratch1: 0x100, endpoint: 0xff0e00 });
    expect(marksOf(0xffff0000, true).endpoint).to.equal(0xffc00000);
  });

  it('of interfaces differ, and are neither none nor that of foreign ones', () => {
    const names = Array.from({ length: 14 }, (_, at) => `cali${at}`);
    const values = [...endpointMarks(names, 0xf0000000).values()];
    expect(new Set(values).size).to.equal(14);
    expect(values).to.not.include(0).and.not.include(0x10000000);
  });
});

describe('members of a set', () => {
  const members = (...nets: string[]): readonly string[] => {
    const all = new Members();
    for (const net of nets) for (const member of membersOfNet(parseCidrOrIp(net)!)) all.add(member);
    return [...all.texts].sort();
  };

  it('leave out what another one holds', () => {
    expect(members('10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', '11.0.0.1/32')).to.deep.equal(['10.0.0.0/8', '11.0.0.1']);
    expect(members('fd00::/8', 'fd00::1', 'fe80::1')).to.deep.equal(['fd00::/8', 'fe80::1']);
  });

  it('are without host bits, and everything is two halves', () => {
    expect(members('10.1.2.3/16')).to.deep.equal(['10.1.0.0/16']);
    expect(members('0.0.0.0/0')).to.deep.equal(['0.0.0.0/1', '128.0.0.0/1']);
    expect(members('::/0')).to.deep.equal(['8000::/1', '::/1']);
  });

  it('stay as long as one of their owners does, and come back from under another', () => {
    const all = new Members();
    const [host] = membersOfNet(parseCidrOrIp('10.0.0.1')!);
    const [net] = membersOfNet(parseCidrOrIp('10.0.0.0/24')!);
    all.add(host!);
    all.add(host!);
    all.add(net!);
    expect([...all.texts]).to.deep.equal(['10.0.0.0/24']);
    all.remove(host!);
    all.remove(net!);
    const { texts } = all;
    expect([...texts]).to.deep.equal(['10.0.0.1']);
    all.add(host!);
    all.remove(host!);
    expect(all.texts).to.equal(texts);
    all.remove(host!);
    expect([...all.texts]).to.deep.equal([]);
  });
});

describe('parts of rules', () => {
  it('ports are put into lists of 15, ranges count twice', () => {
    expect(portLists(['1', '2', '3:4']).map((list) => list.join())).to.deep.equal(['1,2,3:4']);
    expect(portLists([...Array.from({ length: 14 }, (_, at) => String(at)), '100:200', '5']).map((list) => list.length)).to.deep.equal([14, 2]);
    expect(portLists([])).to.deep.equal([]);
  });

  it('comments hold nothing that ends them', () => {
    expect(commentText('Profile a"b\\c\n ingress')).to.equal('Profile a_b_c_ ingress');
    expect(ruleComment('I'.repeat(16), ['a'.repeat(200), 'b'.repeat(200)]).length).to.be.at.most(128);
  });

  it('an interface is quoted for nft where it would be a word of its own', () => {
    expect(['eth0', 'cali+', 'tcp', '1st', 'vxlan.calico'].map(interfaceText)).to.deep.equal(['eth0', 'cali*', '"tcp"', '"1st"', 'vxlan.calico']);
  });

  it('interfaces are told apart by the next letter', () => {
    const chains = dispatchChains('d', 'in', ['cali1a', 'cali1b', 'cali2', 'cali'].map((interfaceName) => ({ interfaceName, to: `to-${interfaceName}` })), []);
    expect(chains.map(({ name, rules }) => [name, rules.map(({ matches: [match] }) => (match as { name: string }).name)])).to.deep.equal([['d', ['cali', 'cali1+', 'cali2']], ['d-1', ['cali1a', 'cali1b']]]);
  });

  it('classes of service have numbers', () => {
    expect(['DF', 'EF', 'ef ', 'AF11', 'AF43', 'CS0', 'CS6', 20, '46', 64, 'XX', undefined].map(dscpNumber)).to.deep.equal([0, 46, 46, 10, 38, 0, 48, 20, 46, undefined, undefined, undefined]);
  });
});

describe('what is stored and not enforced as it stands', () => {
  const stored = (kind: string, name: string, spec: Record<string, unknown>, metadata = {}): StoredObject => ({ kind, apiVersion: 'projectcalico.org/v3', metadata: { name, ...metadata }, spec });
  const workload = (own: object): StoredObject => stored('WorkloadEndpoint', 'w', { node: 'n', orchestrator: 'cni', interfaceName: 'cali1', ipNetworks: ['10.0.0.1/32'], ...own }, { namespace: 'ns' });

  function warnings(...objects: StoredObject[]): readonly string[] {
    const byKind = groupedBy(objects, ({ kind }) => kind);
    const told: string[] = [];
    const planner = new ChainPlanner(resolveSettings('n', [], byKind).settings, { usesIpvs: false, warn: (text) => told.push(text) }, 'iptables');
    planner.plan(byKind, []);
    planner.plan(groupedBy(objects, ({ kind }) => kind), []);
    return told;
  }

  it('is told once', () => {
    expect(warnings(workload({ allowSpoofedSourcePrefixes: ['1.2.3.0/24'] }))).to.deep.equal(['WorkloadEndpoint ns/w is left out: it has allowSpoofedSourcePrefixes, and the setting workloadSourceSpoofing does not allow them']);
    expect(warnings(stored('NetworkPolicy', 'p', { ingress: [{ action: 'Allow', source: { selector: 'a ==' } }] }, { namespace: 'ns' }))).to.deep.equal(['NetworkPolicy ns/p is left out: a selector in it cannot be read']);
    expect(warnings(stored('GlobalNetworkPolicy', 'p', { egress: [{ action: 'Frob' }] }))).to.deep.equal(['a rule of GlobalNetworkPolicy p is left out: there is no action Frob']);
    expect(warnings(stored('Profile', 'p', { egress: [{ destination: { notSelector: '!' } }] }))).to.deep.equal(['Profile p denies everything: a selector in it cannot be read']);
    expect(warnings(stored('HostEndpoint', 'all', { node: 'n', interfaceName: '*' }), stored('GlobalNetworkPolicy', 'raw', { doNotTrack: true, applyOnForward: true, ingress: [] }))).to.deep.equal(['doNotTrack policies do not count for HostEndpoint all: it is for all interfaces']);
    expect(warnings(workload({}))).to.deep.equal([]);
  });
});
