import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Commit, Operation } from '../../../src/datastore/store.js';
import { formatIp, parseIp } from '../../../src/net/address.js';
import { assignAddress } from '../../../src/ipam/operations/assign-address.js';
import { autoAssign } from '../../../src/ipam/operations/auto-assign.js';
import { CLUSTER_KEY } from '../../../src/ipam/cluster/facts.js';
import { BLOCK_PREFIX } from '../../../src/ipam/records/keys.js';
import { MemoryStore } from '../../support/memory-store.js';

const RESOURCES = '/calico/resources/v3/projectcalico.org/';
const LOCKED = JSON.stringify({ metadata: { name: 'default' }, spec: { datastoreReady: false } });
const OPEN = JSON.stringify({ metadata: { name: 'default' }, spec: { datastoreReady: true } });
const owner = { handle: undefined, attributes: { node: 'node-a' } };

/** A store of two blocks that somebody locks at the last moment: when the transaction of this number is under way. */
class LockedInTime extends MemoryStore {
  #left: number;

  constructor(transaction: number, cluster: string | undefined) {
    super({
      [`${RESOURCES}ippools/pool`]: JSON.stringify({ metadata: { name: 'pool' }, spec: { cidr: '10.0.0.0/28', blockSize: 29, nodeSelector: 'all()' } }),
      [`${RESOURCES}nodes/node-a`]: JSON.stringify({ metadata: { name: 'node-a' }, spec: {} }),
      ...(cluster !== undefined && { [CLUSTER_KEY]: cluster }),
    });
    this.#left = transaction;
  }

  override async commit(operations: readonly Operation[]): Promise<Commit> {
    if (--this.#left === 0) this.set(CLUSTER_KEY, LOCKED);
    return super.commit(operations);
  }

  get blocks(): readonly string[] {
    return Object.keys(this.content()).filter((key) => key.startsWith(BLOCK_PREFIX));
  }
}

describe('addresses while the datastore is being locked', () => {
  for (const cluster of [OPEN, undefined]) {
    const which = cluster === undefined ? 'one without ClusterInformation' : 'an open one';
    it(`are not given out, be it locked between reading and writing: ${which}`, async () => {
      for (const assign of [
        (store: MemoryStore) => autoAssign(store, { host: 'node-a', version: 4, count: 1, owner }),
        (store: MemoryStore) => assignAddress(store, { ip: parseIp('10.0.0.1')!, host: 'node-a', owner }),
      ]) {
        const store = new LockedInTime(1, cluster);
        expect(await assign(store).catch((error: unknown) => (error as Error).message)).to.equal('datastore is locked: nothing was assigned');
        expect(store.blocks).to.deep.equal([]);
      }
    });
  }

  for (const [what, cluster] of [['no JSON', '{'], ['of another kind', '{"kind":"Node","metadata":{}}'], ['no truth', '{"metadata":{},"spec":{"datastoreReady":"false"}}']] as const) {
    it(`are not given out where nobody knows whether it is locked, but with force: ${what}`, async () => {
      const wish = { ip: parseIp('10.0.0.1')!, host: 'node-a', owner };
      const store = new LockedInTime(0, cluster);
      for (const assign of [autoAssign(store, { host: 'node-a', version: 4, count: 1, owner }), assignAddress(store, wish)]) {
        expect(await assign.catch((error: unknown) => (error as Error).message)).to.match(/^it is unknown whether the datastore is locked: \/calico\/.*\/default cannot be read: .*: nothing was assigned$/);
      }
      expect(store.blocks).to.deep.equal([]);
      expect(formatIp((await assignAddress(store, { ...wish, whileLocked: true })).ip)).to.equal('10.0.0.1');
    });
  }

  it('are told where some were given out before', async () => {
    const { addresses, shortage } = await autoAssign(new LockedInTime(2, OPEN), { host: 'node-a', version: 4, count: 12, owner });
    expect({ addresses: addresses.map(({ ip }) => formatIp(ip)), shortage }).to.deep.equal({
      addresses: Array.from({ length: 8 }, (_, index) => `10.0.0.${index + Number.parseInt(formatIp(addresses[0]!.ip).split('.')[3]!)}`),
      shortage: 'the datastore was locked meanwhile',
    });
  });

  it('are given out all the same where that is asked for', async () => {
    const { addresses } = await autoAssign(new LockedInTime(1, OPEN), { host: 'node-a', version: 4, count: 12, owner, whileLocked: true });
    expect(addresses.length).to.equal(12);
    expect(formatIp((await assignAddress(new LockedInTime(1, LOCKED), { ip: parseIp('10.0.0.1')!, host: 'node-a', owner, whileLocked: true })).ip)).to.equal('10.0.0.1');
  });
});
