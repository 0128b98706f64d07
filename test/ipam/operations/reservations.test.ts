import { expect } from 'chai';
import { describe, it } from 'mocha';
import { autoAssign } from '../../../src/ipam/operations/auto-assign.js';
import { check } from '../../../src/ipam/check/check.js';
import { readIpamSnapshot } from '../../../src/ipam/snapshot/snapshot.js';
import { MemoryStore } from '../../support/memory-store.js';

const RESOURCES = '/calico/resources/v3/projectcalico.org/';
const FAMILIES = [
  { version: 4, pool: '10.0.0.0/27', blockSize: 29, reserved: ['10.0.0.0/28', '10.0.0.0/29', '10.0.0.0/28', '10.0.0.30/31', '10.9.0.0/16'] },
  { version: 6, pool: 'fd00::/123', blockSize: 125, reserved: ['fd00::/124', 'fd00::/125', 'fd00::/124', 'fd00::1e/127', 'fd09::/16'] },
] as const;

describe('ipam check and reservations', () => {
  for (const { version, pool, blockSize, reserved } of FAMILIES) {
    const stored = (reservedCIDRs: readonly string[]): MemoryStore => new MemoryStore({
      [`${RESOURCES}ippools/pool`]: JSON.stringify({ metadata: { name: 'pool' }, spec: { cidr: pool, blockSize, nodeSelector: 'all()' } }),
      [`${RESOURCES}ipreservations/kept`]: JSON.stringify({ metadata: { name: 'kept' }, spec: { reservedCIDRs } }),
      [`${RESOURCES}nodes/node-a`]: JSON.stringify({ metadata: { name: 'node-a' }, spec: {} }),
    });
    const exhausted = async (store: MemoryStore, count: number): Promise<string[]> => {
      await autoAssign(store, { host: 'node-a', version, count, owner: { handle: undefined, attributes: { node: 'node-a' } } });
      const { findings } = check(await readIpamSnapshot(store));
      return findings.filter(({ code }) => code.includes('exhausted-pool')).map(({ code, evidence }) => `${code}: ${evidence}`);
    };

    it(`IPv${version}: a pool of which all that is not reserved is in use is exhausted`, async () => {
      expect(await exhausted(stored(reserved), 32)).to.deep.equal([`exhausted-pool: 14 of 14 addresses of ${pool} are in use; 18 more are reserved`]);
    });

    it(`IPv${version}: a pool with free addresses is not`, async () => {
      expect(await exhausted(stored(reserved), 12)).to.deep.equal([]);
    });

    it(`IPv${version}: a pool that is reserved as a whole is not`, async () => {
      expect(await exhausted(stored([pool]), 1)).to.deep.equal([]);
    });
  }
});
