import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { eventually } from '../../../scripts/support/wait.js';
import { reportNodeStatus } from '../../../src/agent/dataplane/node-status.js';
import { StatusFiles } from '../../../src/agent/dataplane/status-files.js';
import { StatusKeys, type StatusStore } from '../../../src/agent/dataplane/status-keys.js';
import { Log } from '../../../src/text/log.js';
import { connect, connectOwnKeys } from '../../../src/datastore/etcd/connect.js';
import { contents, pagesOf, settingsFor, withStore } from '../../support/datastore.js';

describe('the status of endpoints in the store', () => {
  let etcd: Etcd;
  let end = new AbortController();
  const lines: string[] = [];
  before(async () => (etcd = await startEtcd()));
  after(() => etcd.stop());
  afterEach(() => {
    end.abort(new Error('the test is over'));
    end = new AbortController();
  });

  const parts = (): StatusStore => {
    const options = { timeoutMs: 500, signal: end.signal };
    return { open: () => connectOwnKeys(settingsFor(etcd.endpoint), options), read: () => connect(settingsFor(etcd.endpoint), options), log: new Log((line) => lines.push(line), 'test', 1), signal: end.signal };
  };
  const stored = (prefix: string): Promise<Record<string, string>> => withStore(settingsFor(etcd.endpoint), async (store) => contents((await pagesOf(store, prefix)).flatMap(({ entries }) => entries)));
  const becomes = (prefix: string, wanted: Record<string, string>): Promise<unknown> => eventually(JSON.stringify(wanted), async () => JSON.stringify(await stored(prefix)) === JSON.stringify(wanted));

  it('follows what is wanted, and leaves what was there before for a while', async () => {
    await etcd.etcdctl('put', '/s/old', 'x');
    const keys = new StatusKeys(parts(), ['/s/'], 10);
    void keys.run();
    keys.want(new Map([['/s/a', 'up'], ['/s/b', 'down']]));
    await becomes('/s/', { '/s/a': 'up', '/s/b': 'down', '/s/old': 'x' });
    keys.want(new Map([['/s/b', 'up']]));
    await becomes('/s/', { '/s/b': 'up', '/s/old': 'x' });
    await etcd.etcdctl('del', '/s/b');
    // The comparison after 180 delays.
    await becomes('/s/', { '/s/b': 'up' });
  });

  it('is told again once etcd is back', async () => {
    const keys = new StatusKeys(parts(), ['/t/'], 10);
    void keys.run();
    await etcd.pause();
    keys.want(new Map([['/t/a', 'up']]));
    await eventually('it is told', () => lines.some((line) => line.includes('the status of endpoints cannot be told')));
    etcd.resume();
    await becomes('/t/', { '/t/a': 'up' });
  });

  it('of the node is told in intervals, one key with a lease', async () => {
    void reportNodeStatus({ intervalMs: 30, ttlMs: 5000, keys: { live: '/n/status', last: '/n/last' } }, parts(), performance.now() - 10_000);
    const value = await eventually('the second report', async () => {
      const all = await stored('/n/');
      return all['/n/last']?.includes('"first_update":false') === true ? JSON.parse(all['/n/last']) as Record<string, unknown> : undefined;
    });
    expect(value['time']).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(value['uptime']).to.be.greaterThan(10);
    const leased = await withStore(settingsFor(etcd.endpoint), async (store) => [(await store.get('/n/status'))?.leased, (await store.get('/n/last'))?.leased]);
    expect(leased).to.deep.equal([true, undefined]);
  });
});

describe('the files that tell of endpoints', () => {
  const folder = mkdtempSync(join(tmpdir(), 'calico-status-'));
  after(() => rmSync(folder, { recursive: true }));
  const log = new Log(() => undefined, 'test', 1);
  const there = (): Record<string, string> => Object.fromEntries(readdirSync(join(folder, 'endpoint-status')).map((name) => [name, readFileSync(join(folder, 'endpoint-status', name), 'utf8')]));

  it('are written, changed and taken away, also those of an earlier run', async () => {
    const files = new StatusFiles(folder, log);
    await files.write(new Map([['cni a%2Fb eth0', '1'], ['x', '2']]), true);
    expect(there()).to.deep.equal({ 'cni a%2Fb eth0': '1', x: '2' });
    writeFileSync(join(folder, 'endpoint-status', 'old'), '3');
    const later = new StatusFiles(folder, log);
    await later.write(new Map([['x', '4'], ['y', '5']]), false);
    expect(there(), 'no new one').to.deep.equal({ x: '4' });
    await later.write(new Map([['x', '4'], ['y', '5']]), true);
    expect(there()).to.deep.equal({ x: '4', y: '5' });
  });

  it('are none where no folder is set', async () => {
    await new StatusFiles('', log).write(new Map([['x', '1']]), true);
  });
});
