import { after, before, describe, it } from 'mocha';
import { expect } from 'chai';
import { connect } from '../../src/datastore/etcd/connect.js';
import { operationBytes, TRANSACTION_LIMIT, type Commit, type Operation, type Store } from '../../src/datastore/store.js';
import { startEtcd, type Etcd } from '../../scripts/support/etcd.js';
import { contents, failureOf, pagesOf, settingsFor } from '../support/datastore.js';

describe('Store: the contract, on a real etcd', () => {
  let etcd: Etcd;
  let store: Store;
  before(async () => {
    etcd = await startEtcd();
    store = await connect(settingsFor(etcd.endpoint), { timeoutMs: 20_000 });
  });
  after(async () => {
    store?.close();
    await etcd?.stop();
  });

  const create = (key: string, value: string): Operation => ({ action: 'put', key, expect: '0', value });
  const put = async (key: string, value: string): Promise<string> => {
    const expected = (await store.get(key))?.modRevision ?? '0';
    return revisionOf(await store.commit([{ action: 'put', key, expect: expected, value }]));
  };

  describe('get', () => {
    it('returns undefined for a key that is not there', async () => {
      expect(await store.get('/get/none')).to.equal(undefined);
    });

    it('returns the entry now and as it was', async () => {
      const first = await put('/get/a', 'one');
      const second = await put('/get/a', 'zwei €');
      expect(await store.get('/get/a')).to.deep.equal({ key: '/get/a', value: 'zwei €', modRevision: second });
      expect(await store.get('/get/a', { revision: first })).to.deep.equal({ key: '/get/a', value: 'one', modRevision: first });
    });

    it('marks what is not UTF-8', async () => {
      await etcd.etcdctl('put', '/get/latin', Buffer.from([0x61, 0xe9]).toString('latin1'));
      await rawPut(etcd, Buffer.from('/get/bytes'), Buffer.from([0x61, 0xff, 0x62]));
      const entry = await store.get('/get/bytes');
      expect(entry).to.deep.equal({ key: '/get/bytes', value: 'a\ufffdb', modRevision: entry?.modRevision, invalid: true, bytes: { key: Buffer.from('/get/bytes'), value: Buffer.from([0x61, 0xff, 0x62]) } });
      expect(await store.get('/get/latin')).to.not.have.property('invalid');
    });

    it('names a revision that does not exist yet', async () => {
      const failure = await failureOf(store.get('/get/a', { revision: '99999999999999999' }));
      expect(failure).to.deep.equal({ stage: 'data', message: `etcd at ${etcd.endpoint}: the requested revision does not exist yet` });
    });
  });

  describe('list', () => {
    before(async () => {
      await store.commit(['b', 'a', 'c/x', '__proto__', 'd'].map((name) => create(`/list/${name}`, `value of ${name}`)));
      await store.commit([create('/lisu', 'after the range'), create('/list', 'before the range')]);
    });

    it('shows the keys with the prefix in key order', async () => {
      const [page, ...more] = await pagesOf(store, '/list/');
      expect(more).to.deep.equal([]);
      expect(page?.entries.map(({ key, value }) => [key, value])).to.deep.equal([
        ['/list/__proto__', 'value of __proto__'],
        ['/list/a', 'value of a'],
        ['/list/b', 'value of b'],
        ['/list/c/x', 'value of c/x'],
        ['/list/d', 'value of d'],
      ]);
    });

    it('hands out one empty page where there is nothing', async () => {
      const pages = await pagesOf(store, '/nothing/');
      expect(pages).to.deep.equal([{ entries: [], revision: pages[0]?.revision }]);
    });

    it('finds the same in parts, wherever their boundaries are, at one revision', async () => {
      const boundaries = ['/list/c', '/list/a', '/list/a', '/list/', '/list/b\ufffd', '/lis', '/lisu', '/list/zzz', '/list/c'];
      const pages = await pagesOf(store, '/list/', { pageSize: 1, boundaries });
      expect(pages.map(({ entries }) => entries.map(({ key }) => key))).to.deep.equal([['/list/__proto__'], ['/list/a'], ['/list/b'], [], ['/list/c/x'], ['/list/d'], []]);
      expect(new Set(pages.map(({ revision }) => revision)).size).to.equal(1);
      expect((await pagesOf(store, '/list/', { boundaries: ['/list/b'] })).map(({ entries }) => entries.length)).to.deep.equal([2, 3]);
    });

    it('pages at the revision of the first page, whatever is written meanwhile', async () => {
      const seen: [string, string][] = [];
      const revisions = new Set<string>();
      for await (const page of store.list('/list/', { pageSize: 2 })) {
        revisions.add(page.revision);
        seen.push(...[...page.entries].map(({ key, value }): [string, string] => [key, value]));
        await put('/list/d', 'changed between pages');
        await put('/list/e', 'added between pages');
      }
      await store.commit([{ action: 'delete', key: '/list/e', expect: (await store.get('/list/e'))?.modRevision ?? '' }]);
      expect(seen.map(([key]) => key)).to.deep.equal(['/list/__proto__', '/list/a', '/list/b', '/list/c/x', '/list/d']);
      expect(seen.at(-1)).to.deep.equal(['/list/d', 'value of d']);
      expect(revisions.size).to.equal(1);
    });

    it('leaves the values out when only keys are asked for', async () => {
      const [page] = await pagesOf(store, '/list/', { keysOnly: true });
      expect(contents(page?.entries ?? [])).to.deep.equal(Object.fromEntries(['__proto__', 'a', 'b', 'c/x', 'd'].map((name) => [`/list/${name}`, ''])));
    });

    it('shows every key for the empty prefix', async () => {
      const [page] = await pagesOf(store, '', { keysOnly: true });
      expect(page?.entries.map(({ key }) => key)).to.include.members(['/list', '/list/a', '/lisu']);
    });

    it('takes a list of more than 4 MiB', async () => {
      const value = 'x'.repeat(100_000);
      for (let start = 0; start < 50; start += 10) {
        await store.commit(Array.from({ length: 10 }, (_, index) => create(`/large/${String(start + index).padStart(2, '0')}`, value)));
      }
      const [page, ...more] = await pagesOf(store, '/large/');
      expect(more).to.deep.equal([]);
      expect(page?.entries.map((entry) => entry.value.length)).to.deep.equal(Array(50).fill(100_000));
    });
  });

  it('pages on behind a key that is not UTF-8, and marks it', async () => {
    for (const bytes of [[0x61], [0x61, 0xff], [0x61, 0xff, 0x62], [0x62]]) await rawPut(etcd, Buffer.concat([Buffer.from('/odd/'), Buffer.from(bytes)]), Buffer.from('x'));
    const pages = await pagesOf(store, '/odd/', { pageSize: 1 });
    expect(pages.flatMap(({ entries }) => entries.map(({ key, invalid }) => [key, invalid ?? false]))).to.deep.equal([
      ['/odd/a', false],
      ['/odd/a\ufffd', true],
      ['/odd/a\ufffdb', true],
      ['/odd/b', false],
    ]);
  });

  describe('snapshot', () => {
    it('shows several ranges at one revision, in the order asked for', async () => {
      await store.commit([create('/snap/a/1', 'one'), create('/snap/a/2', 'two'), create('/snap/b', 'three')]);
      const revision = revisionOf(await store.commit([create('/snap/c', 'four')]));
      const { revision: shown, ranges } = await store.snapshot([{ key: '/snap/b' }, { prefix: '/snap/a/' }, { key: '/snap/none' }, { prefix: '/snap/', keysOnly: true }]);
      expect(shown).to.equal(revision);
      expect(ranges.map(contents)).to.deep.equal([
        { '/snap/b': 'three' },
        { '/snap/a/1': 'one', '/snap/a/2': 'two' },
        {},
        { '/snap/a/1': '', '/snap/a/2': '', '/snap/b': '', '/snap/c': '' },
      ]);
    });

    it('shows an older revision when asked', async () => {
      const { revision } = await store.snapshot([{ key: '/snap/b' }]);
      await put('/snap/b', 'newer');
      const snapshot = await store.snapshot([{ prefix: '/snap/b' }], { revision });
      expect(snapshot.ranges.map(contents)).to.deep.equal([{ '/snap/b': 'three' }]);
    });

    it('takes more ranges than one transaction and more keys than one page', async () => {
      for (let start = 0; start < 5100; start += 100) {
        await store.commit(Array.from({ length: 100 }, (_, index) => create(`/many/${String(start + index).padStart(5, '0')}`, String(start + index))));
      }
      const keys = Array.from({ length: 200 }, (_, index) => ({ key: `/many/${String(index * 7).padStart(5, '0')}` }));
      const { ranges } = await store.snapshot([{ prefix: '/many/' }, ...keys]);
      expect(ranges[0]?.map(({ value }) => Number(value))).to.deep.equal(Array.from({ length: 5100 }, (_, index) => index));
      expect(ranges.slice(1).map((range) => range.map(({ value }) => Number(value)))).to.deep.equal(keys.map((_, index) => [index * 7]));
    });

    it('of nothing is only the revision', async () => {
      const { revision } = await store.snapshot([{ key: '/snap/b' }]);
      expect(await store.snapshot([])).to.deep.equal({ revision, ranges: [] });
    });
  });

  describe('commit', () => {
    it('creates, replaces, deletes and checks in one transaction', async () => {
      const first = revisionOf(await store.commit([create('/tx/a', '1'), create('/tx/b', '1'), create('/tx/c', '1')]));
      const second = revisionOf(
        await store.commit([
          { action: 'put', key: '/tx/a', expect: first, value: '2' },
          { action: 'delete', key: '/tx/b', expect: first },
          { action: 'check', key: '/tx/c', expect: first },
          { action: 'check', key: '/tx/none', expect: '0' },
          create('/tx/d', '1'),
        ]),
      );
      expect((await store.snapshot([{ prefix: '/tx/' }])).ranges).to.deep.equal([
        [
          { key: '/tx/a', value: '2', modRevision: second },
          { key: '/tx/c', value: '1', modRevision: first },
          { key: '/tx/d', value: '1', modRevision: second },
        ],
      ]);
    });

    it('writes nothing when one key is not as expected, and shows every such key as it is now', async () => {
      const revision = revisionOf(await store.commit([create('/refused/a', 'a'), create('/refused/b', 'b')]));
      const answer = await store.commit([
        create('/refused/a', 'other'),
        { action: 'put', key: '/refused/b', expect: revision, value: 'other' },
        { action: 'delete', key: '/refused/gone', expect: revision },
        { action: 'check', key: '/refused/b2', expect: '0' },
      ]);
      expect(answer).to.deep.equal({
        done: false,
        refusals: [
          { key: '/refused/a', current: { key: '/refused/a', value: 'a', modRevision: revision } },
          { key: '/refused/gone', current: undefined },
        ],
      });
      expect(contents((await store.snapshot([{ prefix: '/refused/' }])).ranges[0] ?? [])).to.deep.equal({ '/refused/a': 'a', '/refused/b': 'b' });
    });

    it('lets exactly one of 16 concurrent writers with the same expected revision win', async () => {
      const revision = revisionOf(await store.commit([create('/race', 'start')]));
      const answers = await Promise.all(Array.from({ length: 16 }, (_, index) => store.commit([{ action: 'put', key: '/race', expect: revision, value: `writer ${index}` }])));
      const winners = answers.flatMap((answer, index) => (answer.done ? [index] : []));
      expect(winners).to.have.length(1);
      expect((await store.get('/race'))?.value).to.equal(`writer ${winners[0]}`);
    });

    it('takes 128 keys in one transaction, each shown when refused', async () => {
      const operations = Array.from({ length: TRANSACTION_LIMIT.operations }, (_, index) => create(`/full/${index}`, 'x'));
      const revision = revisionOf(await store.commit(operations));
      expect(await store.commit(operations)).to.deep.equal({
        done: false,
        refusals: operations.map(({ key }) => ({ key, current: { key, value: 'x', modRevision: revision } })),
      });
    });

    it('takes a single value as large as etcd does, and relays its refusal with its limit', async () => {
      const etcdTakes = 1_572_864;
      expect((await store.commit([create('/size/a', 'x'.repeat(etcdTakes - 1000))])).done).to.equal(true);
      const refusal = async (bytes: number): Promise<unknown> => {
        const { stage, message } = await failureOf(store.commit([create('/size/b', 'x'.repeat(bytes))]));
        return [stage, message.replace(/^etcd at \S+: /, '').replace(/\d{7} bytes/, 'N bytes')];
      };
      expect(await refusal(etcdTakes)).to.deep.equal(['size', `/size/b: the request exceeds what the server accepts (its --max-request-bytes is ${etcdTakes} unless it was changed)`]);
      expect(await refusal(3_000_000)).to.deep.equal(['size', `/size/b: the request exceeds what the server accepts (N bytes, it accepts ${etcdTakes + 512 * 1024})`]);
      expect(await store.get('/size/b')).to.equal(undefined);
    });

    it('relays that there are more keys than etcd takes', async () => {
      const failure = await failureOf(store.commit(Array.from({ length: 129 }, (_, index) => create(`/over/${index}`, 'x'))));
      expect(failure.stage).to.equal('size');
      expect(failure.message).to.contain('(its --max-txn-ops is 128 unless it was changed)');
      expect((await store.snapshot([{ prefix: '/over/' }])).ranges).to.deep.equal([[]]);
    });

    it('takes 128 long keys whose values together are as large as the limit allows', async () => {
      const keys = Array.from({ length: 128 }, (_, index) => `/long/${'k'.repeat(500)}${String(index).padStart(3, '0')}`);
      const room = Math.floor(TRANSACTION_LIMIT.bytes / 128) - operationBytes(create(keys[0] as string, ''));
      expect((await store.commit(keys.map((key) => create(key, 'x'.repeat(room))))).done).to.equal(true);
    });

    it('treats the same key twice as a mistake of the caller', async () => {
      const twice = store.commit([create('/twice', '1'), create('/twice', '2')]);
      expect(await twice.catch(String)).to.equal('Error: a transaction names /twice twice');
    });

    it('of nothing is done', async () => {
      const { revision } = await store.snapshot([]);
      expect(await store.commit([])).to.deep.equal({ done: true, revision });
    });
  });
});

function revisionOf(commit: Commit): string {
  if (!commit.done) throw new Error(`refused: ${JSON.stringify(commit.refusals)}`);
  return commit.revision;
}

/** Writes bytes that no text could hold. */
async function rawPut(etcd: Etcd, key: Buffer, value: Buffer): Promise<void> {
  const { Etcd3 } = await import('etcd3');
  const client = new Etcd3({ hosts: etcd.endpoint });
  await client.kv.put({ key, value });
  client.close();
}
