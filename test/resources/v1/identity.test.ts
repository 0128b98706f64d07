import type { Data } from '../../../src/base/data.js';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { compareBytes } from '../../../src/go/json.js';
import type { Verb } from '../../../src/resources/kind.js';
import { CLASSIC_KINDS, classicOf, kindOfWord } from '../../../src/resources/registry.js';
import { classicKind } from '../../support/classic.js';

const WORDS: Readonly<Record<string, string>> = {
  node: 'node nodes no nos',
  hostEndpoint: 'hostEndpoint HOSTENDPOINTS hep heps',
  workloadEndpoint: 'workloadEndpoint workloadEndpoints wep weps',
  profile: 'profile profiles pro pros',
  policy: 'policy policies pol pols',
  ipPool: 'ipPool ippools ipp ipps pool pools',
  bgpPeer: 'bgpPeer bgppeers bgpp bgpps bp bps',
};

/** Metadata, and how messages name the resource. */
const TEXTS: readonly (readonly [kind: string, metadata: Data, text: string])[] = [
  ['node', { name: 'n1' }, 'Node(name=n1)'],
  ['bgpPeer', { scope: 'global', peerIP: '1.2.3.4' }, 'BGPPeer(global, ip=1.2.3.4)'],
  ['bgpPeer', { scope: 'node', node: 'n1', peerIP: 'fd00::1' }, 'BGPPeer(node=n1, ip=fd00::1)'],
  ['ipPool', { cidr: '10.0.0.0/16' }, 'IPPool(cidr=10.0.0.0/16)'],
  ['policy', { name: 'a/b' }, 'Policy(name=a/b)'],
  ['profile', { name: 'p1' }, 'Profile(name=p1)'],
  ['workloadEndpoint', { node: 'n1', orchestrator: 'k8s', workload: 'w1', name: 'e1' }, 'WorkloadEndpoint(node=n1, orchestrator=k8s, workload=w1, name=e1)'],
  ['hostEndpoint', { node: 'n1', name: 'h1' }, 'HostEndpoint(node=n1, name=h1)'],
];

const MISSING: readonly (readonly [kind: string, verb: Verb, metadata: Data, missing: string])[] = [
  ['node', 'create', {}, 'name'],
  ['node', 'delete', {}, 'node'],
  ['bgpPeer', 'create', { scope: 'node' }, 'peerIP node'],
  ['bgpPeer', 'create', {}, 'peerIP node scope'],
  ['bgpPeer', 'create', { scope: '', peerIP: '10.0.0.1' }, 'node scope'],
  ['bgpPeer', 'delete', { node: 'n', peerIP: '10.0.0.1' }, 'scope'],
  ['bgpPeer', 'delete', { scope: 'global' }, 'peerIP'],
  ['bgpPeer', 'create', { scope: 'node', peerIP: '10.0.0.1' }, 'node'],
  ['bgpPeer', 'create', { scope: 'node', node: 'n', peerIP: '10.0.0.1' }, ''],
  ['ipPool', 'apply', { cidr: '' }, 'cidr'],
  ['hostEndpoint', 'replace', {}, 'node name'],
  ['hostEndpoint', 'replace', { node: 'n' }, 'name'],
  ['workloadEndpoint', 'delete', {}, 'node orchestrator workload name'],
  ['workloadEndpoint', 'delete', { node: 'n' }, 'orchestrator workload name'],
  ['workloadEndpoint', 'delete', { node: 'n', orchestrator: 'o' }, 'workload name'],
  ['workloadEndpoint', 'delete', { node: 'n', orchestrator: 'o', workload: 'w' }, 'name'],
];

/** The names an object may be stored under. */
const NAMES: readonly (readonly [kind: string, metadata: Data, names: readonly string[]])[] = [
  ['node', { name: 'Node_1.Example' }, ['node-1.example']],
  ['policy', { name: 'web' }, ['web', 'default.web']],
  ['policy', { name: 'tier.web' }, ['tier-web-e5868249', 'tier.web', 'default.tier-web-e5868249']],
  ['policy', { name: 'a/b' }, ['a-b-3ec69c85', 'default.a-b-3ec69c85']],
  ['profile', { name: 'k8s_ns.shop' }, ['kns.shop']],
  ['profile', { name: 'kns.shop' }, ['kns.shop']],
  ['ipPool', { cidr: 'fd00::/64' }, ['fd00---64']],
  ['bgpPeer', { scope: 'global', peerIP: '10.0.0.1' }, ['10-0-0-1']],
  ['hostEndpoint', { node: 'N1', name: 'eth0' }, ['n1.eth0', 'eth0']],
  ['workloadEndpoint', { node: 'n-1', orchestrator: 'k8s', workload: 'shop.a-b', name: 'eth0' }, ['n--1-k8s-a--b-eth0']],
  ['workloadEndpoint', { node: 'n1' }, []],
];

const MATCHES: readonly (readonly [kind: string, wanted: Data, found: Data, matches: boolean])[] = [
  ['policy', {}, { name: 'a' }, true],
  ['policy', { name: 'A' }, { name: 'a' }, false],
  ['node', { name: 'Rack1-Host1' }, { name: 'rack1-host1' }, true],
  ['bgpPeer', { scope: '', node: 'n1', peerIP: '' }, { scope: 'node', node: 'N1', peerIP: '10.0.0.1' }, true],
  ['bgpPeer', { scope: 'global', peerIP: '10.0.0.1' }, { scope: 'node', node: 'n1', peerIP: '10.0.0.1' }, false],
  ['ipPool', { cidr: '10.0.0.5/16' }, { cidr: '10.0.0.0/16' }, true],
  ['ipPool', { cidr: '10.0.0.0/17' }, { cidr: '10.0.0.0/16' }, false],
  ['hostEndpoint', { name: 'e' }, { node: 'n', name: 'e' }, true],
  ['workloadEndpoint', { workload: 'w', name: 'f' }, { node: 'n', orchestrator: 'o', workload: 'w', name: 'e' }, false],
];

/** Metadata in the order of a listing. */
const LISTINGS: Readonly<Record<string, readonly Data[]>> = {
  node: [{ name: 'B' }, { name: 'a' }],
  bgpPeer: [
    { scope: 'global', peerIP: '10.2.3.4' },
    { scope: 'global', peerIP: '9.2.3.4' },
    { scope: 'global', peerIP: 'fd00::1' },
    { scope: 'node', node: 'n1', peerIP: 'fd00::1' },
    { scope: 'node', node: 'n10', peerIP: '1.1.1.1' },
  ],
  ipPool: [{ cidr: '10.0.0.0/16' }, { cidr: '9.0.0.0/16' }, { cidr: 'fd00::/64' }],
  policy: [{ name: 'a/b' }, { name: 'a-b' }, { name: 'a.b' }, { name: 'aXb' }],
  profile: [{ name: 'a.b' }, { name: 'a/b' }],
  hostEndpoint: [{ node: 'n', name: 'z' }, { node: 'n-a', name: 'a/b' }, { node: 'n-a', name: 'a-b' }],
  workloadEndpoint: [
    { node: 'a', orchestrator: 'z', workload: 'z', name: 'z' },
    { node: 'b', orchestrator: 'o', workload: 'w/x', name: 'b' },
    { node: 'b', orchestrator: 'o', workload: 'w-x', name: 'a' },
    { node: 'b', orchestrator: 'o', workload: 'w-x', name: 'b' },
  ],
};

describe('The identity of classic resources', () => {
  it('has the words of the command line', () => {
    for (const kind of CLASSIC_KINDS) for (const word of WORDS[kind.kind]?.split(' ') ?? []) expect(kindOfWord(word, 'v1'), word).to.equal(kind);
    expect(CLASSIC_KINDS.map((kind) => classicOf(kind.stored))).to.deep.equal(CLASSIC_KINDS);
  });

  it('has flags and a NAME for its parts', () => {
    expect(Object.fromEntries(CLASSIC_KINDS.map((kind) => [kind.kind, [kind.nameField, ...kind.identifiers].join(' ')]))).to.deep.equal({
      node: 'name',
      hostEndpoint: 'name node',
      workloadEndpoint: 'name node orchestrator workload',
      profile: 'name',
      policy: 'name',
      ipPool: 'cidr',
      bgpPeer: 'peerIP node scope',
    });
    expect(classicKind('ipPool').readArgument?.({ cidr: '10.0.0.5/16' })).to.deep.equal({ cidr: '10.0.0.0/16' });
  });

  for (const [kind, metadata, text] of TEXTS) it(`reads ${text}`, () => expect(classicKind(kind).identityText(metadata)).to.equal(text));
  for (const [kind, verb, metadata, missing] of MISSING) {
    it(`of a ${kind} lacks ${missing || 'nothing'}: ${verb} ${JSON.stringify(metadata)}`, () => expect(classicKind(kind).missingIdentifiers(metadata, verb).join(' ')).to.equal(missing));
  }
  for (const [kind, metadata, names] of NAMES) {
    it(`leads to ${names.join(', ') || 'no name'}: ${kind} ${JSON.stringify(metadata)}`, () => expect(classicKind(kind).storedNames(metadata)).to.deep.equal(names));
  }
  for (const [kind, wanted, found, matches] of MATCHES) {
    it(`${JSON.stringify(wanted)} ${matches ? 'means' : 'does not mean'} the ${kind} ${JSON.stringify(found)}`, () => expect(classicKind(kind).matches(wanted, found)).to.equal(matches));
  }
  for (const [kind, listing] of Object.entries(LISTINGS)) {
    it(`sorts ${kind}`, () => {
      const key = (metadata: Data): string => classicKind(kind).sortKey(metadata);
      expect([...listing].reverse().sort((left, right) => compareBytes(key(left), key(right)))).to.deep.equal(listing);
    });
  }

  it('is made up for new workload endpoints only', () => {
    const generate = (metadata: Data): Data => {
      classicKind('workloadEndpoint').generateIdentifier?.(metadata, () => 'random');
      return metadata;
    };
    expect([generate({}), generate({ name: '' }), generate({ name: 'e' })]).to.deep.equal([{ name: 'random' }, { name: 'random' }, { name: 'e' }]);
    expect(CLASSIC_KINDS.filter((kind) => kind.generateIdentifier !== undefined).map((kind) => kind.kind)).to.deep.equal(['workloadEndpoint']);
  });

  it('names the namespace of workload endpoints', () => {
    const namespace = (orchestrator: string, workload: string): string | undefined => classicKind('workloadEndpoint').namespaceOf?.({ node: 'n', orchestrator, workload, name: 'e' });
    expect([namespace('k8s', 'shop.web'), namespace('k8s', 'web'), namespace('k8s', 'Shop.web'), namespace('cni', 'shop.web')]).to.deep.equal(['shop', 'default', 'default', 'default']);
  });
});
