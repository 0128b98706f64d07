import { after, afterEach, before, describe, it } from 'mocha';
import { expect } from 'chai';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { connect } from '../../../src/datastore/etcd/connect.js';
import { failureOf, settingsFor, withStore } from '../../support/datastore.js';
import { DEAD_ENDPOINT as dead, startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { startProxy } from '../../support/proxy.js';

describe('connect: endpoints and time', () => {
  let etcd: Etcd;
  let hung: Etcd;
  before(async () => {
    [etcd, hung] = await Promise.all([startEtcd(), startEtcd()]);
    await etcd.etcdctl('put', '/key', 'here');
    await hung.pause();
  });
  after(async () => {
    await Promise.all([etcd?.stop(), hung?.stop()]);
  });

  const read = (timeoutMs: number, ...endpoints: string[]): Promise<string | undefined> =>
    withStore(settingsFor(...endpoints), async (store) => (await store.get('/key'))?.value, { timeoutMs });

  it('uses the next endpoint when one refuses or does not answer', async () => {
    expect(await read(10_000, dead, etcd.endpoint)).to.equal('here');
    expect(await read(10_000, hung.endpoint, dead, etcd.endpoint)).to.equal('here');
  });

  it('asks a dead member once only: afterwards the one that answered is asked first', async () => {
    const proxy = await startProxy(1);
    try {
      await withStore(settingsFor(proxy.endpoint, etcd.endpoint), async (store) => {
        for (let count = 0; count < 5; count++) expect((await store.get('/key'))?.value).to.equal('here');
      });
      expect(proxy.connections).to.equal(1);
    } finally {
      await proxy.stop();
    }
  });

  it('gives a member that does not answer 1.5 s, so that the next is asked well within the time', async () => {
    expect(await read(3_000, hung.endpoint, etcd.endpoint)).to.equal('here');
  });

  it('writes through the next member when the first is hung in the middle', async () => {
    const members = await Promise.all([startProxy(etcd.port), startProxy(etcd.port)]);
    try {
      await withStore(settingsFor(...members.map((each) => each.endpoint)), async (store) => {
        expect((await store.commit([{ action: 'put', key: '/hang/1', expect: '0', value: 'a' }])).done).to.equal(true);
        void members[0].hang();
        expect((await store.commit([{ action: 'put', key: '/hang/2', expect: '0', value: 'b' }])).done).to.equal(true);
        expect((await store.get('/hang/2'))?.value).to.equal('b');
      });
    } finally {
      await Promise.all(members.map((each) => each.stop()));
    }
  });

  it('fails at once when every endpoint refuses, and names each with its cause', async () => {
    const unresolvable = 'http://no-such-host.invalid:2379';
    // A budget far beyond the patience of the test runner: a failure only when the time is up would be a failure of the test.
    expect(await failureOf(read(600_000, dead, unresolvable))).to.deep.equal({
      stage: 'name',
      message: `etcd at ${dead}: connection refused; etcd at ${unresolvable}: the host name cannot be resolved`,
      hint: "check the host in ETCD_ENDPOINTS, and this machine's name servers in /etc/resolv.conf",
    });
    expect(await failureOf(read(600_000, dead))).to.deep.equal({
      stage: 'connection',
      message: `etcd at ${dead}: connection refused`,
      hint: 'check that etcd is running and that ETCD_ENDPOINTS names its client port',
    });
  });

  it('says so when no endpoint was configured', async () => {
    const failure = await failureOf(withStore({ endpoints: [dead], endpointsOrigin: 'the default' }, (store) => store.get('/key')));
    expect(failure.hint).to.equal('no endpoint is configured: set ETCD_ENDPOINTS or write a configuration file');
  });

  it('ends when the time for the whole command is up, and says what was tried', async () => {
    expect(await failureOf(read(400, hung.endpoint))).to.deep.equal({
      stage: 'timeout',
      message: `no answer within 0.4 s: etcd at ${hung.endpoint}: accepts no connection, or does not answer on it`,
      hint: 'check that etcd is running and has a leader, or allow more time with --timeout',
    });
  });

  it('names each member that was tried where looking for one that answers took all of the time', async () => {
    const other = await startEtcd();
    await other.pause();
    try {
      const silent = (endpoint: string): string => `etcd at ${endpoint}: accepts no connection, or does not answer on it`;
      expect((await failureOf(read(400, hung.endpoint, other.endpoint))).message.split('; ').sort()).to.deep.equal([`no answer within 0.4 s: ${silent(hung.endpoint)}`, silent(other.endpoint)].sort());
    } finally {
      other.resume();
      await other.stop();
    }
  });

  it('shares the time between the calls of a command', async () => {
    const store = await connect(settingsFor(hung.endpoint), { timeoutMs: 300 });
    await failureOf(store.get('/key'));
    expect(await failureOf(store.get('/later'))).to.deep.equal({
      stage: 'timeout',
      message: 'timed out: the 0.3 s etcd budget was spent before reading /later',
      hint: 'allow more time with --timeout',
    });
    store.close();
  });

  it('reports a write to a member that never answered as not sent', async () => {
    const failure = await failureOf(withStore(settingsFor(hung.endpoint), (store) => store.commit([{ action: 'put', key: '/w', expect: '0', value: '' }]), { timeoutMs: 300 }));
    expect(failure.stage).to.equal('timeout');
  });

  it('takes no notice of proxy variables', async () => {
    const proxies = { http_proxy: dead, https_proxy: dead, grpc_proxy: dead };
    const saved = Object.keys(proxies).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, proxies);
    try {
      expect(await read(10_000, etcd.endpoint)).to.equal('here');
    } finally {
      for (const [name, value] of saved) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  describe('interrupted', () => {
    it('ends a read at once with the reason', async () => {
      const interruption = new AbortController();
      const store = await connect(settingsFor(hung.endpoint), { timeoutMs: 600_000, signal: interruption.signal });
      const reading = store.get('/key');
      interruption.abort(new Error('interrupted by the user'));
      expect(await reading.catch(String)).to.equal('Error: interrupted by the user');
      expect(await store.get('/key').catch(String)).to.equal('Error: interrupted by the user');
      store.close();
    });

    it('lets a write under way end and tells its outcome', async () => {
      const interruption = new AbortController();
      const store = await connect(settingsFor(etcd.endpoint), { timeoutMs: 600_000, signal: interruption.signal });
      const writing = store.commit([{ action: 'put', key: '/interrupted', expect: '0', value: 'x' }]);
      interruption.abort(new Error('interrupted by the user'));
      const outcome = await writing.then((answer) => answer.done, String);
      const stored = (await etcd.etcdctl('get', '/interrupted', '--print-value-only')).trim();
      expect([outcome, stored]).to.be.deep.oneOf([[true, 'x'], ['Error: interrupted by the user', '']]);
      store.close();
    });

    it('does not know the outcome of a write that etcd holds', async () => {
      const interruption = new AbortController();
      const proxy = await startProxy(etcd.port);
      const store = await connect(settingsFor(proxy.endpoint), { timeoutMs: 600_000, signal: interruption.signal });
      await store.get('/key');
      const held = proxy.hang();
      const writing = failureOf(store.commit([{ action: 'put', key: '/held', expect: '0', value: 'x' }]));
      await held;
      interruption.abort(new Error('interrupted by the user'));
      expect(await writing).to.deep.equal({
        stage: 'unknown-outcome',
        message: 'it is not known whether the change of /held was carried out: interrupted by the user',
        hint: 'all of it was carried out or none: read the resources to see which',
      });
      store.close();
      await proxy.stop();
    });
  });

  describe('something else listens', () => {
    let server: Server;
    afterEach(() => server.close());

    it('says that it is not an etcd', async () => {
      server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.end('SSH-2.0-x\r\n');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      expect(await failureOf(read(600_000, endpoint))).to.deep.equal({
        stage: 'connection',
        message: `etcd at ${endpoint}: the server there does not speak etcd v3`,
        hint: 'check that etcd is running and that ETCD_ENDPOINTS names its client port',
      });
    });
  });
});
