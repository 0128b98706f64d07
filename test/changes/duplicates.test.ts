import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Verb } from '../../src/resources/kind.js';
import { problems, readFiles, remove, results, write } from '../support/changes.js';
import { MemoryStore } from '../support/memory-store.js';

const V3 = 'projectcalico.org/v3';
const policy = (order: number, name = 'web'): object => ({ apiVersion: 'v1', kind: 'policy', metadata: { name }, spec: { order } });
const global = (order: number, name = 'web'): object => ({ apiVersion: V3, kind: 'GlobalNetworkPolicy', metadata: { name }, spec: { order } });

const PAIRS: Readonly<Record<string, readonly [object, object, string]>> = {
  'one name': [policy(10), policy(20), 'Policy(name=web) is given twice with different content: the other document is at a.yaml:1'],
  'both dialects': [policy(10), global(20), 'GlobalNetworkPolicy(web) is given twice with different content: the other document is at a.yaml:1, as Policy(name=web)'],
  'a converted name': [policy(10, 'a.b'), global(20, 'a-b-69f6642c'), 'GlobalNetworkPolicy(a-b-69f6642c) is given twice with different content: the other document is at a.yaml:1, as Policy(name=a.b)'],
  'a name that v3 allows too': [policy(10, 'a.b'), global(20, 'a.b'), 'GlobalNetworkPolicy(a.b) is given twice with different content: the other document is at a.yaml:1, as Policy(name=a.b)'],
  'letter case': [
    { apiVersion: 'v1', kind: 'node', metadata: { name: 'Node1' }, spec: {} },
    { apiVersion: 'v1', kind: 'node', metadata: { name: 'node1' }, spec: { bgp: { ipv4Address: '10.0.0.1/24' } } },
    'Node(name=node1) is given twice with different content: the other document is at a.yaml:1, as Node(name=Node1)',
  ],
  'network and name of a pool': [
    { apiVersion: 'v1', kind: 'ipPool', metadata: { cidr: '10.0.0.0/16' }, spec: {} },
    { apiVersion: V3, kind: 'IPPool', metadata: { name: 'blue' }, spec: { cidr: '10.0.0.0/16', natOutgoing: true } },
    'IPPool(blue) is given twice with different content: the other document is at a.yaml:1, as IPPool(cidr=10.0.0.0/16)',
  ],
  'address and name of a peer': [
    { apiVersion: 'v1', kind: 'bgpPeer', metadata: { scope: 'node', node: 'Host1', peerIP: '10.0.0.9' }, spec: { asNumber: 64512 } },
    { apiVersion: V3, kind: 'BGPPeer', metadata: { name: 'rack' }, spec: { node: 'host1', peerIP: '10.0.0.9', asNumber: 64513 } },
    'BGPPeer(rack) is given twice with different content: the other document is at a.yaml:1, as BGPPeer(node=Host1, ip=10.0.0.9)',
  ],
};
const VERBS: readonly Verb[] = ['create', 'apply', 'replace', 'validate', 'convert', 'delete'];

describe('two documents for one resource', () => {
  for (const [name, [first, second, message]] of Object.entries(PAIRS)) {
    it(`are refused by every verb where they differ, with both places: ${name}`, async () => {
      for (const verb of VERBS) {
        // Whether the content names the resource is only known in sight of the store, where the content does not count.
        if (verb === 'delete' && / of a p/.test(name)) continue;
        expect(await problems(readFiles(verb, { 'a.yaml': first, 'b.yaml': second })), verb).to.deep.equal([`b.yaml:1: ${message}`]);
      }
    });
  }

  it('are one where they are alike, in one file or in several', async () => {
    for (const verb of VERBS) {
      expect((await readFiles(verb, { 'a.yaml': [policy(10), policy(10)], 'b.yaml': policy(10) })).targets, verb).to.have.length(1);
      if (verb !== 'delete') expect((await readFiles(verb, { 'a.yaml': policy(10), 'b.yaml': global(10) })).targets, verb).to.have.length(1);
    }
  });

  it('are as many as they name: endpoints of one name on two hosts', async () => {
    const endpoint = (node: string): object => ({ apiVersion: 'v1', kind: 'hostEndpoint', metadata: { node, name: 'eth0' }, spec: { interfaceName: 'eth0' } });
    for (const verb of VERBS) expect((await readFiles(verb, { 'a.yaml': [endpoint('n1'), endpoint('n2')] })).targets, verb).to.have.length(2);
  });

  it('are as many as they name: other kinds, namespaces, tiers and pools', async () => {
    const network = (namespace: string): object => ({ apiVersion: V3, kind: 'NetworkPolicy', metadata: { name: 'web', namespace }, spec: {} });
    const pools = ['a', 'b'].map((name) => ({ apiVersion: V3, kind: 'IPPool', metadata: { name }, spec: { cidr: '10.0.0.0/16' } }));
    for (const verb of VERBS) expect((await readFiles(verb, { 'a.yaml': [policy(1), global(2, 'default.web'), network('a'), network('b'), ...(verb === 'validate' ? [] : pools)] })).targets, verb).to.have.length(verb === 'validate' ? 4 : 6);
    expect((await problems(readFiles('validate', { 'a.yaml': pools }))).join()).to.include('overlaps').and.not.include('given twice');
  });

  it('are found in sight of the store, where only that can tell', async () => {
    const store = new MemoryStore();
    const blue = { apiVersion: V3, kind: 'IPPool', metadata: { name: 'blue' }, spec: { cidr: '10.0.0.0/16' } };
    const classic = { apiVersion: 'v1', kind: 'ipPool', metadata: { cidr: '10.0.0.0/16' }, spec: {} };
    await write(store, 'create', { 'a.yaml': blue });
    expect(await problems(remove(store, { 'a.yaml': blue, 'b.yaml': classic }))).to.deep.equal(['b.yaml:1: IPPool(cidr=10.0.0.0/16) is given twice with different content: the other document is at a.yaml:1, as IPPool(blue)']);
    store.set('/calico/resources/v3/projectcalico.org/globalnetworkpolicies/a.b', JSON.stringify({ kind: 'GlobalNetworkPolicy', apiVersion: V3, metadata: { name: 'a.b' }, spec: { tier: 'default', types: ['Ingress'] } }));
    expect(await problems(write(store, 'apply', { 'a.yaml': global(1, 'a.b'), 'b.yaml': policy(2, 'a.b') }))).to.deep.equal(['b.yaml:1: Policy(name=a.b) is given twice with different content: the other document is at a.yaml:1, as GlobalNetworkPolicy(a.b)']);
    expect(results(await write(store, 'create', { 'a.yaml': policy(3) }))).to.deep.equal(['Policy(name=web) created']);
  });
});
