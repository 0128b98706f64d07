import { after, before, describe, it } from 'mocha';
import { expect } from 'chai';
import { Budget } from '../../../src/datastore/etcd/budget.js';
import { Caller, type Call } from '../../../src/datastore/etcd/caller.js';
import { connect } from '../../../src/datastore/etcd/connect.js';
import { EtcdStore } from '../../../src/datastore/etcd/etcd-store.js';
import type { Member } from '../../../src/datastore/etcd/member.js';
import type { ListOptions, Store } from '../../../src/datastore/store.js';
import { failureOf, settingsFor } from '../../support/datastore.js';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { startProxy, type Proxy } from '../../support/proxy.js';

const KEYS = ['/list/a', '/list/b', '/list/c', '/list/d'];

describe('Store: the next page is on its way while one is worked on', () => {
  let etcd: Etcd;
  let proxy: Proxy;
  let store: Store;
  before(async () => {
    etcd = await startEtcd();
    proxy = await startProxy(etcd.port);
    store = await connect(settingsFor(proxy.endpoint), { timeoutMs: 20_000 });
    await store.commit(KEYS.map((key) => ({ action: 'put', key, expect: '0', value: 'x' })));
  });
  after(async () => {
    store?.close();
    await proxy?.stop();
    await etcd?.stop();
  });

  /** Makes a new revision and compacts everything before it, past the proxy. */
  const compact = async (): Promise<void> => {
    await etcd.etcdctl('put', '/new', 'x');
    const { header } = JSON.parse(await etcd.etcdctl('get', '/new', '-w', 'json')) as { header: { revision: number } };
    await etcd.etcdctl('compact', String(header.revision));
  };

  it('asks for it before the one at hand is done', async () => {
    const seen: string[] = [];
    let next: Promise<void> | undefined = new Promise((resolve) => proxy.onNextRequest(resolve, 1));
    for await (const { entries } of store.list('/list/', { pageSize: 2 })) {
      seen.push(...[...entries].map(({ key }) => key));
      await next;
      next = undefined;
    }
    expect(seen).to.deep.equal(KEYS);
  });

  it('tells of a failure only behind the pages that came before it', async () => {
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      for await (const { entries } of store.list('/list/', { pageSize: 1 })) {
        seen.push(...[...entries].map(({ key }) => key));
        if (seen.length === 1) await compact();
      }
    };
    expect(await failureOf(read())).to.deep.equal({ stage: 'compaction', message: `etcd at ${proxy.endpoint}: the requested revision has been compacted`, hint: 'run the command again' });
    expect(seen).to.deep.equal(['/list/a', '/list/b']);
  });

  it('keeps quiet about a failure where the reader has stopped before it', async () => {
    const seen: string[] = [];
    for await (const { entries } of store.list('/list/', { pageSize: 1 })) {
      seen.push(...[...entries].map(({ key }) => key));
      if (seen.length === 1) await compact();
      else break;
    }
    expect(seen).to.deep.equal(['/list/a', '/list/b']);
    expect((await store.get('/list/d'))?.value).to.equal('x');
  });

  it('takes a cut connection between two pages in its stride', async () => {
    const seen: string[] = [];
    proxy.cutNext('reply', undefined, 1);
    for await (const { entries } of store.list('/list/', { pageSize: 1 })) seen.push(...[...entries].map(({ key }) => key));
    expect(seen).to.deep.equal(KEYS);
  });
});

describe('EtcdStore: how many pages are asked for before they are worked on', () => {
  /** How many calls were made when the first answer was waited for, and at each page. */
  const callsOf = async (options: ListOptions): Promise<number[]> => {
    let calls = 0;
    const seen: number[] = [];
    const answer = async (): Promise<unknown> => {
      if (seen.length === 0) seen.push(calls);
      return { header: { revision: '7' }, kvs: [], more: false };
    };
    const ahead = (): typeof answer => {
      calls++;
      return answer;
    };
    const store = new EtcdStore({ ahead } as unknown as Caller, () => undefined);
    for await (const { revision } of store.list('/list/', options)) {
      expect(revision).to.equal('7');
      seen.push(calls);
    }
    return seen;
  };

  it('two more of parts whose beginnings are known', async () => {
    expect(await callsOf({ boundaries: KEYS.slice(1), revision: '7' })).to.deep.equal([2, 3, 4, 4, 4]);
  });

  it('none before the first one has told the revision', async () => {
    expect(await callsOf({ boundaries: KEYS.slice(1) })).to.deep.equal([1, 3, 4, 4, 4]);
  });
});

describe('Caller: a call ahead of need', () => {
  const call: Call<string> = { keys: ['/a'], send: async () => 'answer' };
  const callerWith = (budget: Budget, answer: () => Promise<unknown>): Caller =>
    new Caller({ members: [{ call: answer } as unknown as Member], settings: settingsFor('http://127.0.0.1:1'), budget });

  it('costs time only once its answer is waited for', async () => {
    let now = 0;
    const budget = new Budget(1000, () => now);
    let arrive: (answer: string) => void = () => undefined;
    const wait = callerWith(budget, () => new Promise((resolve) => (arrive = resolve))).ahead(call);
    now = 700;
    expect(budget.remainingMs).to.equal(1000);
    const answer = wait();
    now = 900;
    arrive('answer');
    expect(await answer).to.equal('answer');
    now = 5000;
    expect(budget.remainingMs).to.equal(800);
  });

  it('fails when its answer is waited for, as often as that is', async () => {
    const wait = callerWith(new Budget(1000), () => Promise.reject(new Error('lost'))).ahead(call);
    await new Promise(setImmediate);
    expect([await wait().catch(String), await wait().catch(String)]).to.deep.equal(['Error: lost', 'Error: lost']);
  });
});
