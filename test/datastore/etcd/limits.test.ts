import type { DatastoreNotice } from '../../../src/datastore/notices.js';
import { after, before, describe, it } from 'mocha';
import { expect } from 'chai';
import { connect } from '../../../src/datastore/etcd/connect.js';
import type { Operation, Store } from '../../../src/datastore/store.js';
import { failureOf, pagesOf, settingsFor } from '../../support/datastore.js';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { startProxy } from '../../support/proxy.js';

const create = (key: string, value = 'x'): Operation => ({ action: 'put', key, expect: '0', value });

describe('Store: compaction', () => {
  let etcd: Etcd;
  let store: Store;
  before(async () => {
    etcd = await startEtcd();
    store = await connect(settingsFor(etcd.endpoint), { timeoutMs: 20_000 });
    await store.commit(['a', 'b', 'c'].map((name) => create(`/list/${name}`)));
  });
  after(async () => {
    store?.close();
    await etcd?.stop();
  });

  /** Makes a new revision and compacts everything before it. */
  const compact = async (): Promise<void> => {
    const { revision } = await store.snapshot([]);
    await store.commit([create(`/new/${revision}`)]);
    await etcd.etcdctl('compact', String(BigInt(revision) + 1n));
  };
  const gone = (): object => ({ stage: 'compaction', message: `etcd at ${etcd.endpoint}: the requested revision has been compacted`, hint: 'run the command again' });

  /** Lists in pages of one key, and compacts after the first page of as many rounds as told. */
  const listCompacting = async (rounds: number, onRestart?: () => void): Promise<{ keys: string[]; revisions: Set<string> }> => {
    let keys: string[] = [];
    let revisions = new Set<string>();
    const restart = onRestart && (() => {
      keys = [];
      revisions = new Set();
      onRestart();
    });
    for await (const page of store.list('/list/', { pageSize: 1, ...(restart && { onRestart: restart }) })) {
      keys.push(...[...page.entries].map(({ key }) => key));
      revisions.add(page.revision);
      if (keys.length === 1 && rounds-- > 0) await compact();
    }
    return { keys, revisions };
  };

  it('lets a reader that can begin anew do so once, at one newer revision', async () => {
    let restarts = 0;
    const { revision } = await store.snapshot([]);
    const { keys, revisions } = await listCompacting(1, () => restarts++);
    expect(keys).to.deep.equal(['/list/a', '/list/b', '/list/c']);
    expect([...revisions]).to.deep.equal([String(BigInt(revision) + 1n)]);
    expect(restarts).to.equal(1);
  });

  it('begins anew at the first part of a list in parts', async () => {
    const seen: string[] = [];
    let compacted = false;
    for await (const { entries } of store.list('/list/', { boundaries: ['/list/b', '/list/bb', '/list/c'], onRestart: () => seen.push('anew') })) {
      seen.push(...[...entries].map(({ key }) => key));
      // The second and the third part are on their way already; the last one is asked for at a revision that is gone.
      if (!compacted) await compact();
      compacted = true;
    }
    expect(seen).to.deep.equal(['/list/a', '/list/b', 'anew', '/list/a', '/list/b', '/list/c']);
  });

  it('fails when it happens a second time', async () => {
    expect(await failureOf(listCompacting(2, () => undefined))).to.deep.equal(gone());
  });

  it('fails for a reader that has passed its pages on', async () => {
    expect(await failureOf(listCompacting(1))).to.deep.equal(gone());
  });

  it('takes a snapshot anew, once, of more than one page', async () => {
    for (let start = 0; start < 5100; start += 100) await store.commit(Array.from({ length: 100 }, (_, index) => create(`/many/${start + index}`)));
    const proxy = await startProxy(etcd.port);
    const behind = await connect(settingsFor(proxy.endpoint), { timeoutMs: 20_000 });
    await behind.get('/none');
    const { revision } = await store.snapshot([]);
    proxy.cutNext('request', compact, 1);
    const snapshot = await behind.snapshot([{ prefix: '/many/' }]);
    expect(snapshot.revision).to.equal(String(BigInt(revision) + 1n));
    expect(new Set(snapshot.ranges[0]?.map(({ key }) => key)).size).to.equal(5100);

    let [pages, told] = [[] as [range: number, size: number][], 0];
    const onRestart = (): void => {
      expect(pages).to.deep.equal([[0, 0], [1, 5000]]);
      [pages, told] = [[], told + 1];
    };
    proxy.cutNext('request', compact, 1);
    const inPages = await behind.snapshot([{ key: '/none' }, { prefix: '/many/' }], { onPage: async (entries, range) => void pages.push([range, [...entries].length]), onRestart });
    expect({ pages, told, ranges: inPages.ranges }).to.deep.equal({ pages: [[0, 0], [1, 5000], [1, 100]], told: 1, ranges: [[], []] });
    behind.close();
    await proxy.stop();

    const notices: DatastoreNotice[] = [];
    const watched = await connect(settingsFor(etcd.endpoint), { timeoutMs: 20_000, notify: (notice) => void notices.push(notice) });
    await watched.snapshot([{ key: '/none' }, { prefix: '/many/' }]);
    for await (const _page of watched.list('/many/')) continue;
    watched.close();
    const of = 5100;
    expect(notices, 'how far it is').to.deep.equal([5000, 5100, 5000, 5100].map((count) => ({ code: 'datastore.read', count, of })));
  });

  it('fails for a revision that was asked for', async () => {
    const { revision } = await store.snapshot([]);
    await compact();
    expect(await failureOf(store.get('/list/a', { revision }))).to.deep.equal(gone());
    expect(await failureOf(store.snapshot([{ prefix: '/list/' }], { revision }))).to.deep.equal(gone());
    expect(await failureOf(pagesOf(store, '/list/', { revision, onRestart: () => expect.fail('began anew') }))).to.deep.equal(gone());
  });
});

describe('Store: quota', () => {
  let etcd: Etcd;
  let store: Store;
  before(async () => {
    etcd = await startEtcd({ quotaBytes: 8 * 1024 * 1024 });
    store = await connect(settingsFor(etcd.endpoint), { timeoutMs: 20_000 });
  });
  after(async () => {
    store?.close();
    await etcd?.stop();
  });

  it('says that the database is full and how to repair it; reads and deletes still work', async () => {
    const value = 'x'.repeat(1_000_000);
    const filled: string[] = [];
    const fill = async (): Promise<never> => {
      for (;;) {
        const answer = await store.commit([create(`/fill/${filled.length}`, value)]);
        if (answer.done) filled.push(answer.revision);
      }
    };
    expect(await failureOf(fill())).to.deep.equal({
      stage: 'quota',
      message: `etcd at ${etcd.endpoint}: the database is full (quota exceeded); only deletes are accepted`,
      hint: 'free space: etcdctl compact REVISION, etcdctl defrag, then etcdctl alarm disarm; or raise --quota-backend-bytes',
    });
    expect((await store.get('/fill/0'))?.value.length).to.equal(1_000_000);
    expect((await store.commit([{ action: 'delete', key: '/fill/0', expect: filled[0] as string }])).done).to.equal(true);
    expect((await failureOf(store.commit([create('/small')]))).stage).to.equal('quota');
  });
});

describe('Store: limits of the server below ours', () => {
  let etcd: Etcd;
  let store: Store;
  before(async () => {
    etcd = await startEtcd({ args: ['--max-txn-ops', '4', '--max-request-bytes', '10000'] });
    store = await connect(settingsFor(etcd.endpoint), { timeoutMs: 20_000 });
  });
  after(async () => {
    store?.close();
    await etcd?.stop();
  });

  it('names the keys that were too much for etcd', async () => {
    const tooLarge = (keys: string, limit: string): object => ({
      stage: 'size',
      message: `etcd at ${etcd.endpoint}: ${keys}: the request exceeds what the server accepts (${limit})`,
      hint: "raise etcd's --max-request-bytes or --max-txn-ops, or write less at once",
    });
    expect(await failureOf(store.commit([create('/big', 'x'.repeat(20_000))]))).to.deep.equal(tooLarge('/big', 'its --max-request-bytes is 1572864 unless it was changed'));
    expect(await failureOf(store.commit(['a', 'b', 'c', 'd', 'e'].map((key) => create(key))))).to.deep.equal(tooLarge('a, b, c and 2 more', 'its --max-txn-ops is 128 unless it was changed'));
  });
});
