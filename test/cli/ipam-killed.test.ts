import { expect } from 'chai';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { formatIp } from '../../src/net/address.js';
import { autoAssign } from '../../src/ipam/operations/auto-assign.js';
import { check } from '../../src/ipam/check/check.js';
import { addressesOfNodes } from '../../src/ipam/operations/release-node.js';
import { readIpamSnapshot } from '../../src/ipam/snapshot/snapshot.js';
import { connect } from '../../src/datastore/etcd/connect.js';
import type { Store } from '../../src/datastore/store.js';
import { violations } from '../../scripts/support/ipam-invariants.js';
import { contents, pagesOf, settingsFor } from '../support/datastore.js';
import { Workplace } from '../support/workplace.js';

const RESOURCES = '/calico/resources/v3/projectcalico.org/';
const ROUNDS = process.env['CI'] === undefined ? 3 : 12;
const ADDRESSES = 150;
const PARTS = 1024;

describe('calicoctl ipam, killed at random moments', function () {
  this.timeout(240_000);
  let workplace: Workplace;
  let store: Store;

  before(async () => {
    workplace = await Workplace.open();
    store = await connect(settingsFor(workplace.etcd.endpoint), { timeoutMs: 600_000 });
  });
  after(async () => {
    store.close();
    await workplace.close();
  });
  beforeEach(async () => {
    await put({
      [`${RESOURCES}clusterinformations/default`]: object('ClusterInformation', 'default', { clusterGUID: '0'.repeat(32), datastoreReady: false }),
      [`${RESOURCES}ippools/pool`]: object('IPPool', 'pool', { cidr: '10.0.0.0/16', blockSize: 28, nodeSelector: 'all()' }),
      [`${RESOURCES}nodes/gone`]: object('Node', 'gone', {}),
      [`${RESOURCES}nodes/other`]: object('Node', 'other', {}),
    });
    for (let from = 0; from < ADDRESSES; from += 30) await autoAssign(store, { host: 'gone', version: 4, count: 30, whileLocked: true, owner: { handle: `handle-${from}`, attributes: { node: 'gone' } } });
  });
  afterEach(() => workplace.wipe());

  for (let round = 1; round <= ROUNDS; round++) {
    it(`release --node leaves nothing that disagrees, and finishes when it is run again (${round})`, async () => {
      await remove(`${RESOURCES}nodes/gone`);
      await killAfterFirstWrite(['ipam', 'release', '--node', 'gone']);
      expect(violations(await dump())).to.deep.equal([]);
      expect((await findings()).filter((code) => code !== 'leaked-address' && code !== 'vanished-node')).to.deep.equal([]);
      expect(await run(['ipam', 'release', '--node', 'gone'])).to.equal(0);
      expect(await findings()).to.deep.equal([]);
      expect(Object.keys(await dump())).to.deep.equal([]);
    });

    it(`release --ip leaves nothing that disagrees, and finishes when it is run again (${round})`, async () => {
      const held = (await addressesOfNodes(store, new Set(['gone']))).map(({ ip }) => `--ip=${formatIp(ip)}`);
      await killAfterFirstWrite(['ipam', 'release', ...held]);
      expect(violations(await dump())).to.deep.equal([]);
      expect([0, 5]).to.include(await run(['ipam', 'release', ...held]));
      expect(violations(await dump())).to.deep.equal([]);
      expect((await readIpamSnapshot(store)).handles.size).to.equal(0);
    });

    it(`split keeps every address in a pool, and finishes when it is run again (${round})`, async () => {
      await killAfterFirstWrite(['ipam', 'split', String(PARTS), '--name', 'pool']);
      expect(violations(await dump())).to.deep.equal([]);
      expect((await findings()).filter((code) => code === 'block-outside-pools')).to.deep.equal([]);
      const left = await pools();
      // What the killed command had sent may still arrive.
      expect(left.includes('pool') ? [0, 5] : [5]).to.include(await run(['ipam', 'split', String(PARTS), '--name', 'pool']));
      expect((await pools()).length).to.equal(PARTS);
    });
  }

  it('configure leaves nothing half-written', async () => {
    await killAfterFirstWrite(['ipam', 'configure', '--strictaffinity=true', '--max-blocks-per-host=30']);
    const stored = (await store.get('/calico/ipam/v2/config'))?.value;
    expect(stored).to.equal('{"strict_affinity":true,"auto_allocate_blocks":true,"maxBlocksPerHost":30,"kubeVirtVMAddressPersistence":"Enabled"}');
  });

  /** Starts the command and kills it a random moment after the store has changed, or lets it end. */
  async function killAfterFirstWrite(args: readonly string[]): Promise<void> {
    const before = await workplace.revision();
    const running = workplace.start(args);
    let ended = false;
    void running.ended.then(() => (ended = true));
    while (!ended && (await revision()) === before);
    for (let polls = Math.floor(Math.random() * 10); polls > 0 && !ended; polls--) await revision();
    running.kill('SIGKILL');
    await running.ended;
  }

  async function revision(): Promise<number> {
    return Number((await store.snapshot([{ key: 'none' }])).revision);
  }

  async function run(args: readonly string[]): Promise<number | null> {
    return (await workplace.quickly(args)).code;
  }

  async function findings(): Promise<string[]> {
    return check(await readIpamSnapshot(store)).findings.map(({ code }) => code);
  }

  async function pools(): Promise<string[]> {
    return (await workplace.keys(`${RESOURCES}ippools/`)).map((key) => key.slice(`${RESOURCES}ippools/`.length));
  }

  async function dump(): Promise<Record<string, string>> {
    return contents((await pagesOf(store, '/calico/ipam/')).flatMap(({ entries }) => entries));
  }

  async function put(values: Readonly<Record<string, string>>): Promise<void> {
    const commit = await store.commit(Object.entries(values).map(([key, value]) => ({ action: 'put', key, value, expect: '0' })));
    expect(commit.done).to.equal(true);
  }

  async function remove(key: string): Promise<void> {
    const entry = await store.get(key);
    expect((await store.commit([{ action: 'delete', key, expect: entry!.modRevision }])).done).to.equal(true);
  }
});

function object(kind: string, name: string, spec: object): string {
  return JSON.stringify({ kind, apiVersion: 'projectcalico.org/v3', metadata: { name, uid: 'uid', creationTimestamp: '2026-01-01T00:00:00Z' }, spec });
}
