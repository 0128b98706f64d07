import type { DatastoreNotice } from '../../../src/datastore/notices.js';
import { after, before, describe, it } from 'mocha';
import { expect } from 'chai';
import type { ConnectionSettings } from '../../../src/config/settings.js';
import { connect } from '../../../src/datastore/etcd/connect.js';
import type { Operation } from '../../../src/datastore/store.js';
import { failureOf, settingsFor, userNamed, withStore } from '../../support/datastore.js';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { startTokenServer } from '../../support/token-server.js';

const SECRET = 'a-password-that-must-not-be-seen';

describe('connect: users, tokens, permissions', () => {
  let etcd: Etcd;
  let open: Etcd;
  const as = (name: string, password = SECRET): ConnectionSettings => ({ ...settingsFor(etcd.endpoint), user: userNamed(name, password) });
  const asRoot = (...args: string[]): Promise<string> => etcd.etcdctl('--user', `root:${SECRET}`, ...args);
  const create = (key: string): Operation => ({ action: 'put', key, expect: '0', value: key });

  before(async () => {
    [etcd, open] = await Promise.all([startEtcd({ args: ['--bcrypt-cost', '4'] }), startEtcd()]);
    await etcd.etcdctl('user', 'add', `root:${SECRET}`);
    await etcd.etcdctl('user', 'add', `alice:${SECRET}`);
    await etcd.etcdctl('role', 'add', 'calico');
    await etcd.etcdctl('role', 'grant-permission', '--prefix=true', 'calico', 'readwrite', '/calico/');
    await etcd.etcdctl('role', 'grant-permission', '--prefix=true', 'calico', 'read', '/seen/');
    await etcd.etcdctl('user', 'grant-role', 'alice', 'calico');
    await etcd.etcdctl('user', 'grant-role', 'root', 'root');
    await etcd.etcdctl('auth', 'enable');
  });
  after(async () => {
    await Promise.all([etcd?.stop(), open?.stop()]);
  });

  it('works for a user with permission', async () => {
    await withStore(as('alice'), async (store) => {
      expect((await store.commit([create('/calico/a')])).done).to.equal(true);
      expect((await store.get('/calico/a'))?.value).to.equal('/calico/a');
      expect(await store.get('/seen/a')).to.equal(undefined);
    });
  });

  it('names a wrong password and an unknown user, without repeating the password', async () => {
    for (const settings of [as('alice', 'wrong'), as('nobody')]) {
      expect(await failureOf(withStore(settings, (store) => store.get('/calico/a')))).to.deep.equal({
        stage: 'authentication',
        message: `etcd at ${etcd.endpoint}: wrong password for user "${settings.user?.name}", or no such user`,
        hint: 'check ETCD_USERNAME and ETCD_PASSWORD',
      });
    }
  });

  it('says that user and password are demanded', async () => {
    expect(await failureOf(withStore(settingsFor(etcd.endpoint), (store) => store.get('/calico/a')))).to.deep.equal({
      stage: 'authentication',
      message: `etcd at ${etcd.endpoint}: the server requires a user name and a password`,
      hint: 'set ETCD_USERNAME and ETCD_PASSWORD, or etcdUsername and etcdPassword in the configuration file',
    });
  });

  describe('permission denied names the key:', () => {
    const denied = (key: string): object => ({
      stage: 'permission',
      message: `etcd at ${etcd.endpoint}: user "alice" has no permission on ${key}`,
      hint: 'grant it with: etcdctl role grant-permission ROLE readwrite /calico/ --prefix',
    });
    it('get', async () => expect(await failureOf(withStore(as('alice'), (store) => store.get('/secret/x')))).to.deep.equal(denied('/secret/x')));
    it('list', async () => {
      const listing = withStore(as('alice'), async (store) => {
        for await (const page of store.list('/secret/')) throw new Error(`a page of ${[...page.entries].length}`);
      });
      expect(await failureOf(listing)).to.deep.equal(denied('/secret/'));
    });
    it('snapshot', async () => {
      const snapshot = withStore(as('alice'), (store) => store.snapshot([{ key: '/calico/a' }, { key: '/secret/x' }, { prefix: '/seen/' }]));
      expect(await failureOf(snapshot)).to.deep.equal(denied('/calico/a, /secret/x, /seen/'));
    });
    it('commit of one key', async () => expect(await failureOf(withStore(as('alice'), (store) => store.commit([create('/seen/x')])))).to.deep.equal(denied('/seen/x')));
    it('commit of many keys, of which nothing is written', async () => {
      const many = Array.from({ length: 100 }, (_, index) => create(index === 77 ? '/seen/y' : `/calico/many/${index}`));
      await withStore(as('alice'), async (store) => {
        expect(await failureOf(store.commit(many))).to.deep.equal(denied('/seen/y'));
        expect((await store.snapshot([{ prefix: '/calico/many/' }])).ranges).to.deep.equal([[]]);
      });
    });
  });

  it('logs in once for all calls, and once more for all whose token was refused', async () => {
    const server = await startTokenServer((token) => token === 'token 1');
    try {
      await withStore({ ...settingsFor(server.endpoint), user: userNamed('alice', SECRET) }, async (store) => {
        expect(await Promise.all(Array.from({ length: 20 }, () => store.get('/calico/a')))).to.deep.equal(Array(20).fill(undefined));
      });
      expect(server.calls.filter((call) => call === 'Authenticate')).to.have.length(2);
      expect(server.calls).to.have.length(42);
    } finally {
      server.stop();
    }
  });

  it('logs in again when etcd no longer knows the token', async () => {
    const store = await connect(as('alice'), { timeoutMs: 20_000 });
    await store.get('/calico/a');
    await asRoot('auth', 'disable');
    await etcd.etcdctl('auth', 'enable');
    const answers = await Promise.all([
      ...Array.from({ length: 10 }, (_, index) => store.commit([create(`/calico/again/${index}`)])),
      ...Array.from({ length: 10 }, () => store.get('/calico/a')),
    ]);
    expect(answers.map((answer) => (answer !== undefined && 'done' in answer ? answer.done : answer?.value))).to.deep.equal([...Array<boolean>(10).fill(true), ...Array<string>(10).fill('/calico/a')]);
    store.close();
  });

  it('gives up after one new login where every token is refused', async () => {
    const server = await startTokenServer(() => true);
    try {
      const settings = { ...settingsFor(server.endpoint), user: userNamed('alice', SECRET) };
      expect(await failureOf(withStore(settings, (store) => store.commit([create('/calico/x')])))).to.deep.equal({
        stage: 'authentication',
        message: `etcd at ${server.endpoint}: refuses the token of a login that was just made`,
        hint: 'check the --auth-token setting of the members and that their clocks agree',
      });
      expect(server.calls).to.deep.equal(['Authenticate', 'Txn', 'Authenticate', 'Txn']);
    } finally {
      server.stop();
    }
  });

  it('warns once and goes on where authentication is switched off', async () => {
    const told: DatastoreNotice[] = [];
    const settings = { ...settingsFor(open.endpoint), user: userNamed('alice', SECRET) };
    await withStore(
      settings,
      async (store) => {
        await Promise.all([store.get('/a'), store.get('/b')]);
        await store.get('/c');
      },
      { notify: (notice) => told.push(notice) },
    );
    expect(told).to.deep.equal([{ code: 'datastore.authentication-off', endpoint: open.endpoint, setting: 'ETCD_USERNAME' }]);
  });
});
