import { expect } from 'chai';
import { describe, it } from 'mocha';
import { parseCidr, parseIp } from '../../../src/net/address.js';
import { check } from '../../../src/ipam/check/check.js';
import { FINDING_CODES } from '../../../src/ipam/check/finding.js';
import { releaseReported } from '../../../src/ipam/operations/release-reports.js';
import { releaseHandleUnused, releaseIps, releaseNodeUnused } from '../../../src/ipam/operations/release-unused.js';
import { parseReport, reportText } from '../../../src/ipam/report/report.js';
import { REPAIRABLE, repairFindings } from '../../../src/ipam/operations/repair-findings.js';
import { repairKeys } from '../../../src/ipam/operations/repair-keys.js';
import { repairBlock } from '../../../src/ipam/operations/repair.js';
import { readIpamSnapshot } from '../../../src/ipam/snapshot/snapshot.js';
import { MemoryStore } from '../../support/memory-store.js';
import { STORES } from '../advice-stores.js';

const now = (): Date => new Date('2026-11-20T23:30:00.100Z');
const WITHOUT_USERS = STORES.filter(({ name }) => name.startsWith('unreadable-endpoint-') || name.startsWith('unreadable-node-'));
const WITHOUT_POOL = STORES.filter(({ name }) => name.startsWith('unreadable-pool-'));

/** What may not go while it is not known who uses what: blocks, and handles with them. */
function kept(store: MemoryStore): readonly (readonly [string, string])[] {
  return Object.entries(store.content()).filter(([key]) => /^\/calico\/(ipam\/v2\/(assignment|handle)\/|resources\/)/.test(key));
}

describe('what cannot be read', () => {
  it('has stores of every kind', () => {
    expect([WITHOUT_USERS.length, WITHOUT_POOL.length]).to.deep.equal([9, 7]);
  });

  for (const { name, load } of WITHOUT_USERS) {
    it(`${name}: nothing that may be in use is released without force, by whatever is asked for`, async () => {
      const store = new MemoryStore(load);
      const before = kept(store);
      const [address] = await releaseIps(store, [parseIp('10.1.0.5')!], {});
      expect(address).to.include({ outcome: 'refused' }).and.have.property('suspects').with.length(1);
      for (const handle of ['k8s-pod-network.abc', 'empty']) expect((await releaseHandleUnused(store, handle, {}))!.suspects, handle).to.have.length(1);
      expect(await releaseNodeUnused(store, 'gone', {})).to.deep.include({ affinities: 0, inhabited: false }).and.have.property('suspects').with.length(1);
      const reported = await releaseReported(store, [{ ip: '10.1.0.5', handle: 'k8s-pod-network.abc', sequenceNumber: undefined, inUse: false }], {});
      expect(reported).to.deep.include({ released: [], gone: [] });
      expect(kept(store)).to.deep.equal(before);
    });

    it(`${name}: no repair takes anything away, and each says that it does not know`, async () => {
      const store = new MemoryStore(load);
      const before = kept(store);
      for (const code of REPAIRABLE.filter((each) => !/^(orphaned|foreign|half-made|missing)-affinity$|^unreadable$/.test(each))) {
        const { withheld, unreadable } = await repairFindings(store, code, now);
        const isJudged = !['leaked-address', 'leaked-handle', 'vanished-node', 'overlapping-blocks', 'block-outside-pools', 'block-size'].includes(code);
        expect([withheld > 0, unreadable.length], code).to.deep.equal([!isJudged, 1]);
      }
      for (const block of ['10.7.0.0/29', '10.1.0.64/30']) expect((await repairBlock(store, parseCidr(block)!)).kept).to.include('but it stays');
      expect(kept(store)).to.deep.equal(before);
    });

    it(`${name}: a report calls every address used, and no handle leaked`, async () => {
      const report = parseReport([...reportText(check(await readIpamSnapshot(new MemoryStore(load))).survey, 'v3.32.1')].join(''));
      expect(report).to.deep.include({ leakedHandles: [] });
      expect('problem' in report ? [] : report.allocations.map(({ inUse }) => inUse)).to.deep.equal([true, true, true]);
    });

    it(`${name}: force does not need to know`, async () => {
      const store = new MemoryStore(load);
      expect((await releaseIps(store, [parseIp('10.1.0.5')!, parseIp('10.1.0.6')!], { force: true })).map(({ outcome }) => outcome)).to.deep.equal(['released', 'released']);
      expect((await releaseHandleUnused(store, 'empty', { force: true }))!.suspects).to.deep.equal([]);
      expect(await releaseNodeUnused(store, 'gone', { force: true })).to.deep.include({ affinities: 1, suspects: [] });
      const other = new MemoryStore(load);
      const reported = await releaseReported(other, [{ ip: '10.1.0.5', handle: 'k8s-pod-network.abc', sequenceNumber: undefined, inUse: false }], { force: true });
      expect(reported.released).to.deep.equal(['10.1.0.5']);
    });
  }

  it('a block is not made anew without the addresses of an endpoint that cannot be read', async () => {
    const { load } = STORES.find(({ name }) => name === 'unreadable-endpoint-and-block')!;
    const store = new MemoryStore(load);
    const refused = await repairKeys(store, ['/calico/ipam/v2/assignment/ipv4/block/10.1.0.32-29'], now).catch((error: unknown) => error);
    expect((refused as Error).message).to.include('workloadendpoints/default/n1-k8s-web-eth0 cannot be read').and.include('nothing was repaired');
    expect(store.content()).to.deep.equal(load);
    expect(await repairFindings(store, 'unreadable', now)).to.deep.include({ found: 1, left: [] });
    expect(store.content()).to.have.property('/calico/ipam/v2/assignment/ipv4/block/10.1.0.32-29', '{');
  });

  for (const { name, load } of WITHOUT_POOL) {
    it(`${name}: no block is removed that may be of the pool`, async () => {
      const store = new MemoryStore(load);
      for (const code of FINDING_CODES.filter((each) => REPAIRABLE.includes(each))) await repairFindings(store, code, now);
      for (const block of ['10.5.0.0/29', '10.5.0.8/29', '10.5.0.32/28', '10.5.0.40/29']) await repairBlock(store, parseCidr(block)!);
      const blocks = Object.keys(store.content()).flatMap((key) => /block\/(10\.[15].*)$/.exec(key.includes('/assignment/') ? key : '')?.[1] ?? []);
      expect(blocks).to.have.members(['10.5.0.0-29', '10.5.0.8-29', '10.5.0.32-28', '10.5.0.40-29']);
    });
  }
});
