import { expect } from 'chai';
import { describe, it } from 'mocha';
import { deleteTargets } from '../../src/changes/delete.js';
import { writeTargets } from '../../src/changes/write.js';
import type { Commit, Operation } from '../../src/datastore/store.js';
import { readFiles, remove, results, SOURCES, write, type Files } from '../support/changes.js';
import { MemoryStore } from '../support/memory-store.js';

const V3 = 'projectcalico.org/v3';
const tier = (name: string): object => ({ apiVersion: V3, kind: 'Tier', metadata: { name }, spec: { order: 7 } });
const policy = (name: string, of = 'ops'): object => ({ apiVersion: V3, kind: 'GlobalNetworkPolicy', metadata: { name }, spec: { tier: of, order: 1 } });
const peer = { apiVersion: V3, kind: 'BGPPeer', metadata: { name: 'rack' }, spec: { peerIP: '10.0.0.9', asNumber: 64512, filters: ['tidy'] } };
const filter = { apiVersion: V3, kind: 'BGPFilter', metadata: { name: 'tidy' }, spec: {} };
const pool = (name: string, cidr: string): object => ({ apiVersion: V3, kind: 'IPPool', metadata: { name }, spec: { cidr } });
const endpoint = (name: string): object => ({ apiVersion: V3, kind: 'HostEndpoint', metadata: { name }, spec: { node: 'n1', interfaceName: 'eth0', profiles: ['web'] } });
const profile = { apiVersion: V3, kind: 'Profile', metadata: { name: 'web' }, spec: {} };

const TIERS = '/calico/resources/v3/projectcalico.org/tiers/';

/** Remembers the keys of each transaction that was carried out, in order. */
class WatchedStore extends MemoryStore {
  readonly transactions: string[][] = [];

  override async commit(operations: readonly Operation[]): Promise<Commit> {
    const commit = await super.commit(operations);
    if (commit.done) this.transactions.push(operations.filter(({ action }) => action !== 'check').map(({ key }) => key.split('/').slice(5).join('/')));
    return commit;
  }
}

async function both(store: MemoryStore, files: Files): Promise<string[]> {
  const dry = results(await write(store, 'create', files, { dryRun: true }));
  expect(results(await write(store, 'create', files))).to.deep.equal(dry);
  return dry;
}

describe('a batch is judged as a batch', () => {
  it('finds what a resource names later in the same files, and a dry run says the same', async () => {
    expect(await both(new MemoryStore(), { 'a.yaml': policy('ops.resolve'), 'b.yaml': tier('ops') })).to.deep.equal(['GlobalNetworkPolicy(ops.resolve) created', 'Tier(ops) created']);
    expect(await both(new MemoryStore(), { 'a.yaml': [peer, filter] })).to.deep.equal(['BGPPeer(rack) created', 'BGPFilter(tidy) created']);
  });

  it('names what is neither in the store nor in the batch, and writes nothing', async () => {
    const store = new MemoryStore();
    expect(await both(store, { 'a.yaml': [policy('x.a', 'x'), tier('ops'), peer] })).to.deep.equal([
      'Tier(ops) created',
      'GlobalNetworkPolicy(x.a): resource does not exist: Tier(x)',
      'BGPPeer(rack): resource does not exist: BGPFilter(tidy)',
    ]);
    expect(Object.keys(store.content()).map((key) => key.split('/').slice(5).join('/'))).to.deep.equal(['clusterinformations/default', 'tiers/default', 'tiers/kube-admin', 'tiers/kube-baseline']);
  });

  it('compares pools with those of the same batch', async () => {
    expect(await both(new MemoryStore(), { 'a.yaml': [pool('a', '10.0.0.0/16'), pool('b', '10.1.0.0/16'), pool('c', '10.1.2.0/24')] })).to.deep.equal([
      'IPPool(a) created',
      'IPPool(b) created',
      'IPPool(c): the network 10.1.2.0/24 overlaps with 10.1.0.0/16 of the pool b',
    ]);
  });

  it('writes what fits into one transaction', async () => {
    const store = new WatchedStore();
    await write(store, 'create', { 'a.yaml': tier('first') });
    store.transactions.length = 0;
    await write(store, 'apply', { 'a.yaml': [policy('ops.a'), endpoint('h'), peer, tier('ops'), filter, profile] });
    expect(store.transactions.map((keys) => keys.length)).to.deep.equal([6]);
  });

  it('writes what is named before what names it, where it takes several transactions', async () => {
    const store = new WatchedStore();
    await write(store, 'create', { 'a.yaml': tier('first') });
    store.transactions.length = 0;
    const policies = Array.from({ length: 300 }, (_, index) => policy(`ops.p${index}`));
    await write(store, 'apply', { 'a.yaml': [...policies, endpoint('h'), peer], 'b.yaml': [tier('ops'), filter, profile] });
    expect(store.transactions[0]).to.have.members(['tiers/ops', 'bgpfilters/tidy', 'profiles/web']);
    expect(store.transactions.flat()).to.have.length(305);
    // The tier changes in the transaction before: what relies on it may not compare it with what it was.
    const changed = [...policies.map((each, index) => ({ ...each, spec: { tier: 'ops', order: index } })), { ...tier('ops'), spec: { order: 8 } }];
    const { outcome } = await write(store, 'apply', { 'a.yaml': changed });
    expect(outcome?.refused).to.deep.equal([]);
    expect(outcome?.notWritten).to.deep.equal([]);
  });

  it('does not go on to what names it where something could not be written', async () => {
    const store = new WatchedStore();
    const { targets } = await readFiles('apply', { 'a.yaml': [...Array.from({ length: 200 }, (_, index) => policy(`ops.p${index}`)), tier('ops')] });
    await write(store, 'create', { 'a.yaml': tier('first') });
    const commit = store.commit.bind(store);
    store.commit = async (operations) => {
      store.set(`${TIERS}ops`, JSON.stringify({ kind: 'Tier', metadata: { name: 'ops' }, spec: {} }));
      return commit(operations);
    };
    const { outcome } = await writeTargets(store, 'apply', targets, { sources: SOURCES });
    expect(outcome?.written).to.deep.equal([]);
    expect(outcome?.notWritten).to.have.length(201);
  });

  it('deletes in the other order: a tier goes with all of its policies', async () => {
    const store = new WatchedStore();
    const policies = Array.from({ length: 200 }, (_, index) => policy(`ops.p${index}`));
    await write(store, 'create', { 'a.yaml': [tier('ops'), ...policies] });
    store.transactions.length = 0;
    const files = { 'a.yaml': tier('ops'), 'b.yaml': policies };
    expect((await remove(store, files, { dryRun: true })).refused).to.deep.equal([]);
    const { refused, deleted } = await remove(store, files);
    expect(refused).to.deep.equal([]);
    expect(deleted).to.have.length(201);
    expect(store.transactions.at(-1)).to.deep.equal(['tiers/ops']);
    await write(store, 'create', { 'a.yaml': [tier('ops'), policy('ops.a')] });
    store.transactions.length = 0;
    await remove(store, { 'a.yaml': [tier('ops'), policy('ops.a')] });
    expect(store.transactions.map((keys) => keys.length), 'in one transaction where it fits').to.deep.equal([2]);
  });

  it('keeps a tier of which a policy stays', async () => {
    const store = new MemoryStore();
    await write(store, 'create', { 'a.yaml': [tier('ops'), policy('ops.a'), policy('ops.b')] });
    const message = (...names: readonly string[]): string => `tier ops is not empty: delete or move its policies first: ${names.map((name) => `GlobalNetworkPolicy(${name})`).join(', ')}`;
    for (const files of [{ 'a.yaml': [tier('ops'), policy('ops.a')] }, { 'a.yaml': [tier('ops'), policy('ops.a'), { ...policy('ops.b'), metadata: { name: 'ops.b', resourceVersion: '1' } }] }]) {
      const { refused } = await remove(store, files, { dryRun: true });
      expect(refused.map((each) => each.message)).to.include(message('ops.b'));
    }
    const { targets } = await readFiles('delete', { 'a.yaml': tier('ops') });
    expect((await deleteTargets(store, targets, {})).refused.map((each) => each.message)).to.deep.equal([message('ops.a', 'ops.b')]);
  });
});
