import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Range, Snapshot, SnapshotOptions } from '../../src/datastore/store.js';
import { results, write } from '../support/changes.js';
import { MemoryStore } from '../support/memory-store.js';

const V3 = 'projectcalico.org/v3';
const FILTER = { apiVersion: V3, kind: 'BGPFilter', metadata: { name: 'f1' }, spec: {} };
const PEER = { apiVersion: V3, kind: 'BGPPeer', metadata: { name: '10-4-4-4' }, spec: { peerIP: '10.4.4.4', asNumber: 65001, filters: ['f1'] } };
const TIER = { apiVersion: V3, kind: 'Tier', metadata: { name: 'security' }, spec: { order: 7 } };
const POLICY = { apiVersion: V3, kind: 'GlobalNetworkPolicy', metadata: { name: 'security.deny' }, spec: { tier: 'security', order: 1, types: ['Ingress'] } };

const classicPeer = { apiVersion: 'v1', kind: 'bgpPeer', metadata: { peerIP: '10.4.4.4', scope: 'global' }, spec: { asNumber: 65002 } };
const classicPolicy = { apiVersion: 'v1', kind: 'policy', metadata: { name: 'security.deny' }, spec: { order: 2, selector: 'all()' } };

const KEY = '/calico/resources/v3/projectcalico.org/';

/** Remembers at which revision each snapshot was asked for, and lets somebody else write after the first. */
class RivalStore extends MemoryStore {
  readonly asked: (string | undefined)[] = [];
  rival?: () => void;

  override async snapshot(ranges: readonly Range[], options: SnapshotOptions = {}): Promise<Snapshot> {
    const snapshot = await super.snapshot(ranges, options);
    this.asked.push(options.revision);
    this.rival?.();
    delete this.rival;
    return snapshot;
  }
}

async function stored(...objects: readonly object[]): Promise<RivalStore> {
  const store = new RivalStore();
  await write(store, 'create', { 'a.yaml': objects });
  store.asked.length = 0;
  return store;
}

describe('what a classic document leaves as it is stored may name other objects', () => {
  for (const verb of ['apply', 'replace'] as const) {
    it(`${verb}: they are looked for in the store, also by a dry run`, async () => {
      const store = await stored(FILTER, PEER, TIER, POLICY);
      const expected = ['BGPPeer(global, ip=10.4.4.4) replaced', 'Policy(name=security.deny) replaced'];
      expect(results(await write(store, verb, { 'a.yaml': [classicPeer, classicPolicy] }, { dryRun: true }))).to.deep.equal(expected);
      expect(results(await write(store, verb, { 'a.yaml': [classicPeer, classicPolicy] }))).to.deep.equal(expected);
      expect(JSON.parse(store.content()[`${KEY}bgppeers/10-4-4-4`] ?? '')).to.have.property('spec').that.deep.equals({ peerIP: '10.4.4.4', asNumber: 65002, filters: ['f1'] });
      expect(JSON.parse(store.content()[`${KEY}globalnetworkpolicies/security.deny`] ?? '')).to.have.nested.property('spec.tier', 'security');
    });
  }

  it('and are missing where they are, which the batch can repair', async () => {
    const store = await stored(FILTER, PEER);
    store.set(`${KEY}bgpfilters/f1`, undefined);
    expect(results(await write(store, 'apply', { 'a.yaml': [classicPeer] }))).to.deep.equal(['BGPPeer(global, ip=10.4.4.4): resource does not exist: BGPFilter(f1)']);
    expect(results(await write(store, 'apply', { 'a.yaml': [classicPeer, FILTER] }))).to.deep.equal(['BGPPeer(global, ip=10.4.4.4) replaced', 'BGPFilter(f1) created']);
  });

  it('all at the revision of the rest, read once more only where that is needed', async () => {
    const store = await stored(FILTER, PEER);
    const { revision } = await store.snapshot([]);
    store.asked.length = 0;
    await write(store, 'apply', { 'a.yaml': [classicPeer] }, { dryRun: true });
    expect(store.asked).to.deep.equal([undefined, revision]);
    await write(store, 'apply', { 'a.yaml': [{ ...PEER, spec: { ...PEER.spec, asNumber: 65003 } }] }, { dryRun: true });
    expect(store.asked).to.deep.equal([undefined, revision, undefined]);
  });

  it('and what somebody takes away before the write is noticed', async () => {
    const store = await stored(FILTER, PEER);
    store.rival = () => store.set(`${KEY}bgpfilters/f1`, '{"metadata":{"name":"f1"},"spec":{}}');
    expect(results(await write(store, 'apply', { 'a.yaml': [classicPeer] }))).to.deep.equal(['BGPPeer(global, ip=10.4.4.4) replaced']);
    const again = await stored(FILTER, PEER);
    again.commit = async (operations) => {
      again.set(`${KEY}bgpfilters/f1`, undefined);
      return MemoryStore.prototype.commit.call(again, operations);
    };
    expect(results(await write(again, 'apply', { 'a.yaml': [classicPeer] }))).to.deep.equal(['BGPPeer(global, ip=10.4.4.4): resource does not exist: BGPFilter(f1)']);
  });
});
