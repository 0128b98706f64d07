import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { Past } from '../../../src/datastore/moments.js';
import { newestRevision } from '../../../src/datastore/reach.js';
import type { Range, Store } from '../../../src/datastore/store.js';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { settingsFor, withStore } from '../../support/datastore.js';
import { put } from '../../support/watching.js';

/** Every change of keys in the ranges, the newest first, as `revision key before>after`, and the oldest revision in the end. */
async function told(store: Store, ranges: readonly Range[], from?: string): Promise<readonly string[]> {
  const past = new Past(store, ranges, from ?? (await newestRevision(store)));
  const lines: string[] = [];
  for await (const { revision, changes } of past.moments()) {
    for (const { key, before: was, after: is } of changes) lines.push(`${revision} ${key} ${was?.value ?? '-'}>${is?.value ?? '-'}`);
  }
  return [...lines, ...(past.oldest === undefined ? [] : [`oldest ${past.oldest}`])];
}

describe('the past of etcd', () => {
  let etcd: Etcd;
  before(async () => {
    etcd = await startEtcd();
  });
  after(() => etcd?.stop());

  const reading = (work: (store: Store) => Promise<void>): Promise<void> => withStore(settingsFor(etcd.endpoint), work);

  it('is empty where nothing ever was', () => reading(async (store) => {
    expect(await told(store, [{ prefix: '/p0/' }])).to.deep.equal([]);
  }));

  it('tells what came and went before anything that is there, and after it', () => reading(async (store) => {
    const revisions: string[] = [];
    for (const values of [{ '/p1/a': '1' }, { '/p1/a': undefined }, { '/p1/b': '1', '/p1/c': '1' }, { '/p1/a': '2', '/p1/b': undefined }, { '/p1/d': '1' }, { '/p1/d': undefined }]) revisions.push(await put(store, values));
    const [r1, r2, r3, r4, r5, r6] = revisions;
    expect(await told(store, [{ prefix: '/p1/' }])).to.deep.equal([`${r6} /p1/d 1>-`, `${r5} /p1/d ->1`, `${r4} /p1/a ->2`, `${r4} /p1/b 1>-`, `${r3} /p1/b ->1`, `${r3} /p1/c ->1`, `${r2} /p1/a 1>-`, `${r1} /p1/a ->1`]);
    expect(await told(store, [{ key: '/p1/a' }, { key: '/p1/d' }], r5)).to.deep.equal([`${r5} /p1/d ->1`, `${r4} /p1/a ->2`, `${r2} /p1/a 1>-`, `${r1} /p1/a ->1`]);
    expect(await told(store, [{ key: '/p1/never' }])).to.deep.equal([]);
  }));

  it('is told although nothing is left', () => reading(async (store) => {
    const first = await put(store, { '/p2/a': '1' });
    const last = await put(store, { '/p2/a': undefined });
    for (let more = 0; more < 10; more++) await put(store, { '/other/a': String(more) });
    expect(await told(store, [{ prefix: '/p2/' }])).to.deep.equal([`${last} /p2/a 1>-`, `${first} /p2/a ->1`]);
  }));

  it('goes back over more revisions than are looked at in one go, or told by etcd in one', async function () {
    this.timeout(60_000);
    await reading(async (store) => {
      const first = BigInt(await put(store, { '/p3/old': '1' }));
      for (let step = 0; step < 40; step++) await Promise.all(Array.from({ length: 64 }, (_, key) => put(store, { [`/p3/many/${key}`]: String(step) })));
      expect(await told(store, [{ key: '/p3/old' }])).to.deep.equal([`${first} /p3/old ->1`]);
      const all = await told(store, [{ prefix: '/p3/' }]);
      expect(all).to.have.length(40 * 64 + 1);
      expect(all.map((line) => BigInt(line.split(' ')[0] as string))).to.deep.equal(Array.from({ length: 40 * 64 + 1 }, (_, index) => first + BigInt(40 * 64 - index)));
    });
  });

  it('ends where etcd was compacted, and says so', () => reading(async (store) => {
    await put(store, { '/p4/a': '1', '/p4/b': '1' });
    await put(store, { '/p4/a': undefined });
    const kept = await put(store, { '/p4/a': '2' });
    const last = await put(store, { '/p4/a': '3' });
    await etcd.etcdctl('compact', kept);
    expect(await told(store, [{ prefix: '/p4/' }])).to.deep.equal([`${last} /p4/a 2>3`, `oldest ${kept}`]);
    expect(await told(store, [{ key: '/p4/b' }])).to.deep.equal([`oldest ${kept}`]);
    expect(await told(store, [{ key: '/p4/never' }])).to.deep.equal([`oldest ${kept}`]);
    await etcd.etcdctl('compact', last);
    expect(await told(store, [{ prefix: '/p4/' }])).to.deep.equal([`oldest ${last}`]);
  }));
});
