import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import type { DatastoreNotice } from '../../../src/datastore/notices.js';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { eventually } from '../../../scripts/support/wait.js';
import { startCluster } from '../../support/cluster.js';
import { failureOf, settingsFor, userNamed, withStore } from '../../support/datastore.js';
import { startProxy } from '../../support/proxy.js';
import { allTold, follow, historyOf, ofWatch, put } from '../../support/watching.js';

describe('watch with users', () => {
  const PASSWORD = 'secret';
  let etcd: Etcd;
  before(async () => {
    etcd = await startEtcd({ args: ['--bcrypt-cost', '4', '--auth-token-ttl', '1'] });
    for (const user of ['root', 'reader']) await etcd.etcdctl('user', 'add', `${user}:${PASSWORD}`);
    await etcd.etcdctl('role', 'add', 'reader');
    await etcd.etcdctl('role', 'grant-permission', '--prefix=true', 'reader', 'readwrite', '/mine/');
    await etcd.etcdctl('user', 'grant-role', 'reader', 'reader');
    await etcd.etcdctl('user', 'grant-role', 'root', 'root');
    await etcd.etcdctl('auth', 'enable');
  });
  after(() => etcd?.stop());

  it('logs in anew where the token has expired, and says what may not be read', async () => {
    const proxy = await startProxy(etcd.port);
    const settings = { ...settingsFor(proxy.endpoint), user: userNamed('reader', PASSWORD) };
    const interruption = new AbortController();
    await withStore(settings, async (store) => {
      const { steps } = await follow(store, [{ prefix: '/mine/' }]);
      const write = (key: string): Promise<string> => etcd.etcdctl('--user', `reader:${PASSWORD}`, 'put', key, '1');
      await write('/mine/a');
      await eventually('the first', () => steps.length === 1);
      // The token is good for a second after its last use.
      await new Promise((resolve) => setTimeout(resolve, 2500));
      let meanwhile: Promise<unknown> = Promise.resolve();
      proxy.cut(() => (meanwhile = write('/mine/b')));
      await meanwhile;
      await write('/mine/c');
      await eventually('all', () => allTold(steps).length === 3);
      expect(allTold(steps)).to.deep.equal([['/mine/a', '1'], ['/mine/b', '1'], ['/mine/c', '1']]);
      const denied = failureOf((async () => {
        for await (const _step of store.watch([{ prefix: '/other/' }], { after: '1', known: new Map() })) expect.fail('it is not permitted');
      })());
      expect(await denied).to.deep.include({ stage: 'permission', message: `etcd at ${proxy.endpoint}: user "reader" has no permission on /other/` });
      interruption.abort(new Error('the test is over'));
    }, { signal: interruption.signal });
    await proxy.stop();
  });
});

describe('watch on three members', () => {
  it('loses and repeats nothing while a member dies: it tells what the store itself remembers', async () => {
    const cluster = await startCluster();
    const interruption = new AbortController();
    try {
      const notices: DatastoreNotice[] = [];
      await withStore(settingsFor(...cluster.endpoints), async (store) => {
        const { steps } = await follow(store, [{ prefix: '/m/' }]);
        const last = await withStore(settingsFor(...cluster.endpoints.slice(1)), async (writer) => {
          let revision = '';
          for (let at = 0; at < 80; at++) {
            revision = await put(writer, at % 10 === 9 ? { '/m/x': undefined, [`/m/${at}`]: `${at}` } : { '/m/x': `${at}` });
            if (at === 30) await cluster.kill(0);
          }
          return revision;
        }, { timeoutMs: 60_000 });
        await eventually('the last', () => steps.at(-1)?.revision === last);
        const told = steps.flatMap(({ changes }) => changes.map(({ key, entry, revision }) => `${revision ?? ''} ${key} ${entry?.value ?? 'gone'}`));
        expect(steps.every(({ gap }) => gap === undefined)).to.equal(true);
        expect(told).to.deep.equal(await historyOf(settingsFor(cluster.endpoints[2] as string), '/m/', '1', told.length));
        expect(ofWatch(notices)).to.deep.equal(['datastore.watch-lost', 'datastore.watch-back']);
        interruption.abort(new Error('the test is over'));
      }, { signal: interruption.signal, notify: (notice) => notices.push(notice), timeoutMs: 60_000 });
    } finally {
      await cluster.stop();
    }
  });
});
