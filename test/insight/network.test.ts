import { expect } from 'chai';
import { describe, it } from 'mocha';
import { pruneScope } from '../../src/changes/prune/scope.js';
import { networkOf, type Network } from '../../src/insight/network.js';
import { POLICY_KINDS } from '../../src/policy/stored-network.js';
import { CLASSIC_KINDS } from '../../src/resources/registry.js';
import { readFiles, SOURCES, write } from '../support/changes.js';
import { MemoryStore } from '../support/memory-store.js';

const policy = (name: string, spec: object): object => ({ apiVersion: 'v1', kind: 'policy', metadata: { name }, spec });

async function withManifests(store: MemoryStore, documents: unknown): Promise<Network> {
  const { targets } = await readFiles('apply', { 'a.json': documents });
  return networkOf(store, POLICY_KINDS, { targets, sources: SOURCES });
}

const named = ({ resources }: Network): readonly string[] => resources.map(({ kind, metadata, spec }) => `${kind} ${metadata.name} ${String(spec['order'] ?? '')}`.trimEnd()).sort();

describe('a network, as if manifests were applied', () => {
  it('has what they create and change, and what stays; nothing is written', async () => {
    const store = new MemoryStore();
    await write(store, 'create', { 'a.json': [policy('stays', { order: 1 }), policy('changes', { order: 2 })] });
    const before = store.content();
    const network = await withManifests(store, [policy('changes', { order: 20 }), policy('new', { order: 3 })]);
    expect(named(network).filter((each) => each.startsWith('GlobalNetworkPolicy'))).to.deep.equal(['GlobalNetworkPolicy changes 20', 'GlobalNetworkPolicy new 3', 'GlobalNetworkPolicy stays 1']);
    expect(store.content()).to.deep.equal(before);
  });

  it('has the tiers that every datastore starts with, where there is nothing yet', async () => {
    const network = await withManifests(new MemoryStore(), [policy('new', { order: 3 })]);
    expect(named(network)).to.deep.equal(['GlobalNetworkPolicy new 3', 'Tier default 1000000', 'Tier kube-admin 1000', 'Tier kube-baseline 10000000']);
    expect(named(await networkOf(new MemoryStore(), POLICY_KINDS))).to.deep.equal([]);
  });

  it('says what cannot be applied, and looks no further', async () => {
    const network = await withManifests(new MemoryStore(), [{ apiVersion: 'projectcalico.org/v3', kind: 'GlobalNetworkPolicy', metadata: { name: 'gone.a' }, spec: { tier: 'gone' } }]);
    expect(network.refused.map(({ reason }) => reason)).to.deep.equal(['precondition']);
    expect(network.resources).to.be.empty;
  });

  it('lacks what goes with a node that is pruned', async () => {
    const store = new MemoryStore();
    const node = (name: string): object => ({ apiVersion: 'v1', kind: 'node', metadata: { name } });
    const endpoint = (on: string): object => ({ apiVersion: 'v1', kind: 'workloadEndpoint', metadata: { name: 'eth0', node: on, orchestrator: 'k8s', workload: 'shop.web' }, spec: { interfaceName: 'cali1', ipNetworks: ['10.0.0.1/32'] } });
    await write(store, 'create', { 'a.json': [node('n1'), node('n2'), endpoint('n1'), endpoint('n2')] });
    const { targets } = await readFiles('apply', { 'a.json': [node('n1')] });
    const kind = CLASSIC_KINDS.find((each) => each.kind === 'node')!;
    const network = await networkOf(store, POLICY_KINDS, { targets, sources: SOURCES, prune: pruneScope(targets, { kinds: [kind] }) });
    expect(named(network).filter((each) => !each.startsWith('Tier'))).to.deep.equal(['Node n1', 'WorkloadEndpoint n1-k8s-web-eth0']);
  });

  it('names what cannot be read', async () => {
    const key = '/calico/resources/v3/projectcalico.org/globalnetworkpolicies/broken';
    const { corrupt, resources } = await networkOf(new MemoryStore({ [key]: 'no JSON' }), POLICY_KINDS);
    expect(corrupt.map((each) => each.key)).to.deep.equal([key]);
    expect(resources).to.be.empty;
  });
});
