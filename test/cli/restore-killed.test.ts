import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { connect } from '../../src/datastore/etcd/connect.js';
import { CLUSTER_KEY } from '../../src/ipam/cluster/facts.js';
import { backupText } from '../../src/datastore/file/backup-text.js';
import type { Store } from '../../src/datastore/store.js';
import { contents, pagesOf, settingsFor } from '../support/datastore.js';
import { Workplace } from '../support/workplace.js';

const ROUNDS = process.env['CI'] === undefined ? 1 : 4;
const KEYS = 2500;

describe('calicoctl datastore restore, killed at random moments', function () {
  this.timeout(240_000);
  let workplace: Workplace;
  let store: Store;
  const wanted: Record<string, string> = {
    ...Object.fromEntries(Array.from({ length: KEYS }, (_, index) => [`/calico/ipam/v2/handle/h${String(index).padStart(5, '0')}`, `{"n":${index}}`])),
    [CLUSTER_KEY]: '{"kind":"ClusterInformation","apiVersion":"projectcalico.org/v3","metadata":{"name":"default"},"spec":{"clusterGUID":"g","datastoreReady":true}}',
  };

  before(async () => {
    workplace = await Workplace.open();
    store = await connect(settingsFor(workplace.etcd.endpoint), { timeoutMs: 600_000 });
    let text = '';
    const entries = Object.entries(wanted).map(([key, value]) => ({ key, value, modRevision: '1' }));
    for await (const piece of backupText({ calicoctlBackup: 1, made: '2026-11-29T12:00:00Z', madeBy: 'a test', revision: '1', prefix: '/calico/' }, [entries])) text += piece;
    workplace.file('file', text);
  });
  after(async () => {
    store.close();
    await workplace.close();
  });
  afterEach(() => workplace.wipe());

  for (let round = 1; round <= ROUNDS; round++) {
    it(`into an empty store: locked until the same command finishes it (${round})`, async () => {
      await killAfterFirstWrite(['datastore', 'restore', 'file']);
      await expectLockedOrWhole();
      const again = await workplace.run(['datastore', 'restore', 'file']);
      expect([0, 5], again.stderr).to.include(again.code);
      expect(await dump()).to.deep.equal(wanted);
    });

    it(`with --replace: the same (${round})`, async () => {
      await workplace.put({ ...wanted, '/calico/ipam/v2/handle/h00007': 'other', '/calico/more': 'x', [CLUSTER_KEY]: '{"spec":{"clusterGUID":"other"}}' });
      await killAfterFirstWrite(['datastore', 'restore', 'file', '--replace', '--yes']);
      await expectLockedOrWhole();
      const again = await workplace.run(['datastore', 'restore', 'file', '--replace', '--yes']);
      expect(again.code, again.stderr).to.equal(0);
      expect(await dump()).to.deep.equal(wanted);
    });
  }

  async function expectLockedOrWhole(): Promise<void> {
    const now = await dump();
    if (now[CLUSTER_KEY]?.includes('"datastoreReady":false') !== true) expect(now).to.deep.equal(wanted);
  }

  /** Starts the command and kills it a random moment after the store has changed, or lets it end. */
  async function killAfterFirstWrite(args: readonly string[]): Promise<void> {
    const before = await revision();
    const running = workplace.start(args);
    let ended = false;
    void running.ended.then(() => (ended = true));
    while (!ended && (await revision()) === before);
    for (let polls = Math.floor(Math.random() * 40); polls > 0 && !ended; polls--) await revision();
    running.kill('SIGKILL');
    await running.ended;
  }

  async function revision(): Promise<string> {
    return (await store.snapshot([{ key: 'none' }])).revision;
  }

  async function dump(): Promise<Record<string, string>> {
    return contents((await pagesOf(store, '/calico/')).flatMap(({ entries }) => entries));
  }
});
