import { createServer, connect as dial, type AddressInfo, type Socket } from 'node:net';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import type { DatastoreNotice } from '../../../src/datastore/notices.js';
import type { Store, WatchStep } from '../../../src/datastore/store.js';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { eventually } from '../../../scripts/support/wait.js';
import { failureOf, settingsFor, withStore } from '../../support/datastore.js';
import { startProxy } from '../../support/proxy.js';
import { allTold, follow, ofWatch, put, toldIn } from '../../support/watching.js';

describe('watch', () => {
  let etcd: Etcd;
  before(async () => {
    etcd = await startEtcd();
  });
  after(() => etcd?.stop());

  const watching = (work: (store: Store, other: Store, notices: DatastoreNotice[]) => Promise<void>, endpoint = etcd.endpoint): Promise<void> => {
    const interruption = new AbortController();
    const notices: DatastoreNotice[] = [];
    return withStore(settingsFor(etcd.endpoint), (other) =>
      withStore(settingsFor(endpoint), async (store) => {
        try {
          await work(store, other, notices);
        } finally {
          interruption.abort(new Error('the test is over'));
        }
      }, { signal: interruption.signal, notify: (notice) => notices.push(notice) }));
  };

  it('tells every change after the snapshot, and the keys of a transaction together', () => watching(async (store, other) => {
    await put(other, { '/w1/a': '1', '/w1/b': '1' });
    const { steps } = await follow(store, [{ prefix: '/w1/' }]);
    const first = await put(other, { '/w1/a': '2', '/w1/b': undefined, '/w1/c': '1' });
    const last = await put(other, { '/w1/b': '3' });
    await eventually('all', () => allTold(steps).length >= 4);
    expect(allTold(steps)).to.deep.equal([['/w1/a', '2'], ['/w1/b', undefined], ['/w1/c', '1'], ['/w1/b', '3']]);
    expect(steps.at(-1)).to.include({ revision: last }).and.not.have.property('gap');
    expect(steps.flatMap(({ changes }) => changes.map(({ revision }) => revision))).to.deep.equal([first, first, first, last]);
    expect(steps[0]?.changes).to.have.length.of.at.least(3);
  }));

  it('watches several ranges in one order, and nothing that lies between them', () => watching(async (store, other) => {
    const { steps } = await follow(store, [{ prefix: '/w2/p/' }, { key: '/w2/a' }, { from: '/w2/s', to: '/w2/t' }]);
    await put(other, { '/w2/a': '1', '/w2/b': '1', '/w2/p/x': '1', '/w2/q': '1', '/w2/s': '1', '/w2/t': '1' });
    await put(other, { '/w2/ab': '1', '/w2/p/x': undefined });
    await eventually('all', () => allTold(steps).length >= 4);
    expect(allTold(steps)).to.deep.equal([['/w2/a', '1'], ['/w2/p/x', '1'], ['/w2/s', '1'], ['/w2/p/x', undefined]]);
  }));

  it('reads on in the past, more than one message of etcd holds', () => watching(async (store, other) => {
    const { revision } = await other.snapshot([{ key: 'none' }]);
    const large = 'x'.repeat(200_000);
    for (let at = 0; at < 15; at++) await put(other, { '/w3/a': `${at}${large}`, '/w3/b': `${at}${large}` });
    const steps: WatchStep[] = [];
    for await (const step of store.watch([{ prefix: '/w3/' }], { after: revision, known: new Map() })) {
      steps.push(step);
      if (allTold(steps).length === 30) break;
    }
    expect(allTold(steps).map(([key, value = '']) => `${key} ${value.length - large.length} ${value.slice(0, 1)}`))
      .to.deep.equal(Array.from({ length: 30 }, (_, at) => `/w3/${at % 2 === 0 ? 'a' : 'b'} ${String(at >> 1).length} ${String(at >> 1).slice(0, 1)}`));
    for (const { revision: through, changes } of steps) expect(changes.filter((change) => change.revision === through)).to.have.length(2);
  }));

  it('goes on behind what was told when the connection is lost, and says so once', async () => {
    const proxy = await startProxy(etcd.port);
    await watching(async (store, other, notices) => {
      const { steps } = await follow(store, [{ prefix: '/w4/' }]);
      await put(other, { '/w4/a': '1' });
      await eventually('the first', () => steps.length === 1);
      proxy.cut(async () => {
        await put(other, { '/w4/a': '2' });
        await put(other, { '/w4/a': '3' });
        await put(other, { '/w4/a': undefined });
      });
      await eventually('all', () => allTold(steps).length === 4);
      expect(allTold(steps)).to.deep.equal([['/w4/a', '1'], ['/w4/a', '2'], ['/w4/a', '3'], ['/w4/a', undefined]]);
      expect(ofWatch(notices)).to.deep.equal(['datastore.watch-lost', 'datastore.watch-back']);
      expect(notices).to.deep.include({ code: 'datastore.watch-back', endpoint: proxy.endpoint, revision: steps[0]!.revision });
    }, proxy.endpoint);
    await proxy.stop();
  });

  it('says which revisions a compaction took, and what is different after them', async () => {
    const proxy = await startProxy(etcd.port);
    await watching(async (store, other) => {
      await put(other, { '/w5/same': '1', '/w5/changed': '1', '/w5/gone': '1' });
      const { steps } = await follow(store, [{ prefix: '/w5/' }]);
      await put(other, { '/w5/first': '1' });
      await eventually('the first', () => steps.length === 1);
      let compacted = '';
      proxy.cut(async () => {
        await put(other, { '/w5/first': '2' });
        await put(other, { '/w5/came': '1', '/w5/changed': '2' });
        await put(other, { '/w5/came': undefined, '/w5/changed': '3', '/w5/gone': undefined });
        compacted = await put(other, { '/w5/new': '1' });
        await etcd.etcdctl('compact', compacted);
        await put(other, { '/w5/after': '1' });
      });
      const connections = proxy.connections;
      await eventually('the last', () => allTold(steps).some(([key]) => key === '/w5/after'));
      // The stream that was refused, the read of what is different, and the stream after it: on a connection that etcd3 gives up with a
      // stream that ends, the last would be lost at its first ping.
      expect(proxy.connections - connections).to.be.at.least(3);
      const [first, gap, ...rest] = steps;
      expect(gap!.gap).to.deep.equal({ from: String(BigInt(first!.revision) + 1n), to: compacted });
      expect(toldIn(gap!)).to.deep.equal([['/w5/first', '2'], ['/w5/changed', '3'], ['/w5/new', '1'], ['/w5/gone', undefined]]);
      expect(gap!.changes.map(({ revision }) => revision === undefined)).to.deep.equal([false, false, false, true]);
      expect(allTold(rest)).to.deep.equal([['/w5/after', '1']]);
    }, proxy.endpoint);
    await proxy.stop();
  });

  it('is only as fast as its reader, and loses nothing by that', () => watching(async (store, other) => {
    const { revision } = await other.snapshot([{ key: 'none' }]);
    for (let at = 0; at < 50; at++) await put(other, { '/w6/a': `${at}` });
    const seen: string[] = [];
    for await (const step of store.watch([{ prefix: '/w6/' }], { after: revision, known: new Map() })) {
      seen.push(...allTold([step]).map(([, value]) => String(value)));
      if (seen.length === 100) break;
      for (let at = 50; at < 100 && seen.length === 50; at++) await put(other, { '/w6/a': `${at}` });
    }
    expect(seen).to.deep.equal(Array.from({ length: 100 }, (_, at) => String(at)));
  }));

  it('ends with the reason of an interruption', async () => {
    const interruption = new AbortController();
    await withStore(settingsFor(etcd.endpoint), async (store) => {
      const { ended } = await follow(store, [{ prefix: '/w7/' }]);
      setTimeout(() => interruption.abort(new Error('enough')), 100);
      expect(await ended.catch((error: unknown) => (error as Error).message)).to.equal('enough');
    }, { signal: interruption.signal });
  });

  it('refuses to go on with another store behind the same endpoint', async () => {
    const other = await startEtcd();
    let target = etcd.port;
    const sockets = new Set<Socket>();
    const server = createServer((client) => {
      const upstream = dial(target, '127.0.0.1');
      for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
      client.pipe(upstream).pipe(client);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await withStore(settingsFor(`http://127.0.0.1:${port}`), async (store) => {
        await put(store, { '/w8/a': '1' });
        const { steps, ended } = await follow(store, [{ prefix: '/w8/' }]);
        await put(store, { '/w8/a': '2' });
        await eventually('a step', () => steps.length === 1);
        target = other.port;
        for (const socket of sockets) socket.destroy();
        expect(await failureOf(ended)).to.deep.include({ stage: 'data', hint: 'it was restored from a backup, or the endpoint leads elsewhere: start the watch anew' });
      });
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
      await other.stop();
    }
  });

  it('names what cannot be reached at the start, within its time', async () => {
    const stopped = await startEtcd();
    await stopped.stop();
    expect(await failureOf(withStore(settingsFor(stopped.endpoint), async (store) => {
      for await (const _step of store.watch([{ prefix: '/w9/' }], { after: '1', known: new Map() })) expect.fail('nothing is there');
    }))).to.deep.include({ stage: 'connection', message: `etcd at ${stopped.endpoint}: connection refused` });
  });
});
