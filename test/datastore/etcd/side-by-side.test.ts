import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import { firstToAnswer } from '../../../src/datastore/etcd/side-by-side.js';
import { settingsFor, withStore } from '../../support/datastore.js';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { startProxy, type Proxy } from '../../support/proxy.js';

const FAR_BEYOND_PATIENCE = 2 ** 30;

describe('asking side by side', () => {
  /** What was asked, and which were given up. */
  function asks(answers: Readonly<Record<string, boolean | 'never'>>): { asked: string[]; givenUp: string[]; ask: (one: string, signal: AbortSignal) => Promise<boolean> } {
    const [asked, givenUp]: [string[], string[]] = [[], []];
    return {
      asked, givenUp,
      ask: (one, signal) => {
        asked.push(one);
        const answer = answers[one] as boolean | 'never';
        if (answer !== 'never') return Promise.resolve(answer);
        return new Promise((resolve) => signal.addEventListener('abort', () => {
          givenUp.push(one);
          resolve(false);
        }));
      },
    };
  }

  it('the first alone, where it answers', async () => {
    const { asked, ask } = asks({ a: true, b: true });
    expect([await firstToAnswer(['a', 'b'], ask, FAR_BEYOND_PATIENCE), asked]).to.deep.equal(['a', ['a']]);
  });

  it('all others at once where it fails, or its head start is over; the rest is given up', async () => {
    const failing = asks({ a: false, b: 'never', c: true, d: 'never' });
    expect([await firstToAnswer(['a', 'b', 'c', 'd'], failing.ask, FAR_BEYOND_PATIENCE), failing.asked, failing.givenUp]).to.deep.equal(['c', ['a', 'b', 'c', 'd'], ['b', 'd']]);
    const silent = asks({ a: 'never', b: 'never', c: true });
    expect([await firstToAnswer(['a', 'b', 'c'], silent.ask, 1), silent.givenUp]).to.deep.equal(['c', ['a', 'b']]);
  });

  it('nobody answers', async () => {
    const { asked, ask } = asks({ a: false, b: false });
    expect([await firstToAnswer(['a', 'b'], ask, FAR_BEYOND_PATIENCE), asked]).to.deep.equal([undefined, ['a', 'b']]);
    expect(await firstToAnswer([], ask)).to.equal(undefined);
  });

  it('what is no answer at all ends it, and gives the others up', async () => {
    const { givenUp, ask } = asks({ a: 'never', c: 'never' });
    const broken = new Error('broken');
    const outcome = firstToAnswer(['a', 'b', 'c'], (one, signal) => (one === 'b' ? Promise.reject(broken) : ask(one, signal)), 1);
    expect([await outcome.then(() => undefined, (error: unknown) => error), givenUp]).to.deep.equal([broken, ['a', 'c']]);
  });
});

describe('members that are silent', function () {
  let etcd: Etcd;
  let silent: Proxy[];
  before(async () => {
    etcd = await startEtcd();
    await etcd.etcdctl('put', '/key', 'here');
    silent = await Promise.all(Array.from({ length: 7 }, () => startProxy(etcd.port)));
    for (const proxy of silent) void proxy.hang();
  });
  after(async () => {
    await Promise.all([...(silent ?? []).map((proxy) => proxy.stop()), etcd?.stop()]);
  });

  const endpoints = (): string[] => [...silent.map(({ endpoint }) => endpoint), etcd.endpoint];

  it('seven before a good one cost no more than one: the time would not do for two, one after the other', async () => {
    const read = await withStore(settingsFor(...endpoints()), async (store) => (await store.get('/key'))?.value, { timeoutMs: 2_900 });
    expect(read).to.equal('here');
  });

  it('the same for a write, which goes to one member only', async () => {
    await withStore(settingsFor(...endpoints()), async (store) => {
      expect((await store.commit([{ action: 'put', key: '/written', expect: '0', value: 'a' }])).done).to.equal(true);
    }, { timeoutMs: 2_900 });
    expect(await etcd.etcdctl('get', '/written', '--write-out=fields')).to.include('"Version" : 1');
  });

  it('the same with a login', async () => {
    await etcd.etcdctl('user', 'add', 'root:secret');
    await etcd.etcdctl('user', 'grant-role', 'root', 'root');
    await etcd.etcdctl('auth', 'enable');
    try {
      const user = { name: 'root', password: 'secret', nameOrigin: 'ETCD_USERNAME', passwordOrigin: 'ETCD_PASSWORD' };
      const read = await withStore({ ...settingsFor(...endpoints()), user }, async (store) => (await store.get('/key'))?.value, { timeoutMs: 2_900 });
      expect(read).to.equal('here');
    } finally {
      await etcd.etcdctl('--user=root:secret', 'auth', 'disable');
    }
  });
});
