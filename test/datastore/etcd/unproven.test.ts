import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { expect } from 'chai';
import { connect } from '../../../src/datastore/etcd/connect.js';
import type { DatastoreError } from '../../../src/base/errors.js';
import type { Operation, Store } from '../../../src/datastore/store.js';
import { contents, failureOf, settingsFor } from '../../support/datastore.js';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { startGrpcProxy, TRANSACTION, type Fate, type GrpcProxy } from '../../../scripts/support/grpc-proxy.js';

const NO_SPACE = { status: 8, message: 'etcdserver: mvcc: database space exceeded' };
const OK = { status: 0 };
const KEY = '/u/key';
const create: Operation = { action: 'put', key: KEY, expect: '0', value: 'ours' };

describe('commit: an answer that does not prove what it says', () => {
  let etcd: Etcd;
  let proxy: GrpcProxy;
  let store: Store;
  let direct: Store;
  /** What becomes of the next transactions, those that read among them. */
  let fates: Fate[];
  before(async () => {
    etcd = await startEtcd();
    direct = await connect(settingsFor(etcd.endpoint), { timeoutMs: 20_000 });
    proxy = await startGrpcProxy(etcd.endpoint, (path) => (path === TRANSACTION ? fates.shift() : undefined) ?? 'pass');
  });
  after(async () => {
    await proxy?.stop();
    direct?.close();
    await etcd?.stop();
  });
  beforeEach(async () => {
    fates = [];
    await etcd.etcdctl('del', '--prefix', '/u/');
    store = await connect(settingsFor(proxy.endpoint), { timeoutMs: 20_000 });
    await store.get(KEY);
  });
  afterEach(() => store.close());

  const stored = async (): Promise<Record<string, string>> => contents((await direct.snapshot([{ prefix: '/u/' }])).ranges[0] ?? []);
  const revision = async (): Promise<bigint> => BigInt((await direct.snapshot([])).revision);

  for (const [title, answer] of Object.entries({ 'its space is exceeded': NO_SPACE, 'OK without a message': OK })) {
    it(`is done when etcd has carried it out and answers ${title}`, async () => {
      const start = await revision();
      fates = [{ carriedOut: true, ...answer }];
      expect(await store.commit([create])).to.deep.equal({ done: true, revision: String(start + 1n) });
      expect({ stored: await stored(), revision: await revision() }).to.deep.equal({ stored: { [KEY]: 'ours' }, revision: start + 1n });
    });
  }

  it('is not written when etcd answers that its space is exceeded, and nothing is stored', async () => {
    fates = [{ carriedOut: false, ...NO_SPACE }];
    expect(await failureOf(store.commit([create]))).to.deep.equal({
      stage: 'quota',
      message: `etcd at ${proxy.endpoint}: the database is full (quota exceeded); only deletes are accepted`,
      hint: 'free space: etcdctl compact REVISION, etcdctl defrag, then etcdctl alarm disarm; or raise --quota-backend-bytes',
    });
    expect(await stored()).to.deep.equal({});
  });

  it('is sent again when the answer is OK without a message, and nothing is stored', async () => {
    fates = [{ carriedOut: false, ...OK }];
    expect((await store.commit([create])).done).to.equal(true);
    expect(await stored()).to.deep.equal({ [KEY]: 'ours' });
  });

  it('is not known when etcd answers that its space is exceeded, and cannot be read', async () => {
    fates = [{ carriedOut: true, ...NO_SPACE }, { carriedOut: false, status: 7, message: 'etcdserver: permission denied' }];
    const { stage, message } = await failureOf(store.commit([create]));
    expect({ stage, message }).to.deep.equal({
      stage: 'unknown-outcome',
      message: `it is not known whether the change of ${KEY} was carried out: etcd at ${proxy.endpoint}: this client has no permission on ${KEY}`,
    });
  });

  it('reading: an answer OK without a message is asked for again', async () => {
    await direct.commit([create]);
    fates = [{ carriedOut: true, ...OK }];
    expect((await store.snapshot([{ key: KEY }])).ranges[0]?.map(({ value }) => value)).to.deep.equal(['ours']);
  });

  it('reading: nothing but answers without a message ends with the time', async () => {
    const brief = await connect(settingsFor(proxy.endpoint), { timeoutMs: 300 });
    fates = Array.from({ length: 50 }, () => ({ carriedOut: true, ...OK }));
    expect((await failureOf(brief.snapshot([{ key: KEY }]))).stage).to.equal('timeout');
    brief.close();
  });
});

describe('commit: a database that fills up', () => {
  it('every transaction of four at a time is told as it is', async () => {
    for (let attempt = 0; attempt < 3; attempt++) await fill();
  }).timeout(120_000);
});

/** Fills a database of etcd's smallest sensible size from four sides, and compares what was said of each key with what is stored. */
async function fill(): Promise<void> {
  const etcd = await startEtcd({ quotaBytes: 3 << 20 });
  try {
    const store = await connect(settingsFor(etcd.endpoint), { timeoutMs: 60_000 });
    await store.snapshot([]);
    const said = new Map<string, string>();
    await Promise.all([0, 1, 2, 3].map(async (side) => {
      for (let count = 0; !said.has('full'); count++) {
        const key = `/f/${side}/${count}`;
        said.set(key, await store.commit([{ action: 'put', key, expect: '0', value: 'x'.repeat(40_000) }]).then(({ done }) => (done ? 'written' : 'refused'), (error: unknown) => (error as DatastoreError).stage));
        if (said.get(key) === 'quota') said.set('full', 'quota');
      }
    }));
    said.delete('full');
    const stored = new Set(((await store.snapshot([{ prefix: '/f/', keysOnly: true }])).ranges[0] ?? []).map(({ key }) => key));
    store.close();
    expect(new Set(said.values())).to.deep.equal(new Set(['written', 'quota']));
    for (const [key, word] of said) expect(word, key).to.equal(stored.has(key) ? 'written' : 'quota');
  } finally {
    await etcd.stop();
  }
}
