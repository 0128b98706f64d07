import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { ROOT, runProgram, startOther, type Running, type RunOptions } from '../../scripts/support/calicoctl.js';
import { startEtcd, type Etcd } from '../../scripts/support/etcd.js';
import { violations } from '../../scripts/support/ipam-invariants.js';
import { ipam } from '../../src/cni/ipam/plugin.js';
import type { Store } from '../../src/datastore/store.js';
import { check } from '../../src/ipam/check/check.js';
import { repairFindings } from '../../src/ipam/operations/repair-findings.js';
import { readIpamSnapshot } from '../../src/ipam/snapshot/snapshot.js';
import { callEnvironment, cniRecordings, runHere } from '../support/cni.js';
import { become, settingsFor, stored, withStore } from '../support/datastore.js';

const PLUGIN = [process.execPath, join(ROOT, 'bin/calico-ipam')];
/** More than half of the processors there are would only wait for each other. */
const PROCESSES = 12;
const CALLS = 100;
const KILLS = 16;
/** Where an ADD is at its work, after its start. */
const [FIRST_MS, SPAN_MS] = [60, 160];

describe('calico-ipam by many at once, and killed', () => {
  let etcd: Etcd;
  const folder = mkdtempSync(join(tmpdir(), 'calicoctl-cni-'));
  const load = new Map(Object.entries(cniRecordings().find(({ about }) => about.startsWith('Containers come'))!.load));
  const config = (): object => ({ cniVersion: '1.0.0', name: 'net1', type: 'calico', nodename: 'node-a', etcd_endpoints: etcd.endpoint, ipam_lock_file: join(folder, 'ipam.lock'), ipam: { assign_ipv6: true } });
  const optionsOf = (command: string, container: string): RunOptions => ({ env: { ...callEnvironment(command, { CNI_CONTAINERID: container }), XDG_CACHE_HOME: folder }, stdin: JSON.stringify(config()) });

  before(async () => void (etcd = await startEtcd()));
  after(async () => {
    await etcd.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A pool with room for all, and a store that nobody has worked on. */
  async function withFresh(work: (store: Store) => Promise<void>): Promise<void> {
    await withStore(settingsFor(etcd.endpoint), async (store) => {
      const key = '/calico/resources/v3/projectcalico.org/ippools/four';
      await become(store, new Map([...load, [key, load.get(key)!.replace('10.1.80.0/26', '10.1.80.0/24')]]));
      await work(store);
    });
  }

  const contents = async (store: Store): Promise<Record<string, string>> => Object.fromEntries([...(await stored(store))].map(([key, { value }]) => [key, value]));

  it(`${CALLS} ADDs at the same time lose nothing and give nothing twice`, async function () {
    this.timeout(60_000);
    await withFresh(async (store) => {
      const ends = await Promise.all(Array.from({ length: CALLS }, (_, number) => runHere(ipam, { env: callEnvironment('ADD', { CNI_CONTAINERID: `c${number}` }), stdin: config() })));
      expect(ends.filter(({ code }) => code !== 0)).to.deep.equal([]);
      const given = ends.flatMap(({ stdout }) => (JSON.parse(stdout) as { ips: { address: string }[] }).ips.map(({ address }) => address));
      expect(new Set(given).size).to.equal(2 * CALLS);
      expect(violations(await contents(store))).to.deep.equal([]);
      await Promise.all(ends.map((_, number) => runHere(ipam, { env: callEnvironment('DEL', { CNI_CONTAINERID: `c${number}` }), stdin: config() })));
      expect(Object.keys(await contents(store)).filter((key) => key.includes('/handle/'))).to.deep.equal([]);
      expect(violations(await contents(store))).to.deep.equal([]);
    });
  });

  it(`${PROCESSES} processes at the same time likewise`, async function () {
    this.timeout(60_000);
    await withFresh(async (store) => {
      const ends = await Promise.all(Array.from({ length: PROCESSES }, (_, number) => runProgram(PLUGIN, optionsOf('ADD', `c${number}`))));
      const given = ends.flatMap(({ stdout }) => (JSON.parse(stdout) as { ips: { address: string }[] }).ips.map(({ address }) => address));
      expect(new Set(given).size).to.equal(2 * PROCESSES);
      expect(violations(await contents(store))).to.deep.equal([]);
    });
  });

  it('what is killed leaves whole blocks, and what the DEL of the runtime takes away', async function () {
    this.timeout(60_000);
    await withFresh(async (store) => {
      for (let number = 0; number < KILLS; number++) await killed(startOther(PLUGIN, optionsOf('ADD', `c${number}`)), number);
      expect(violations(await contents(store))).to.deep.equal([]);
      const { findings } = check(await readIpamSnapshot(store));
      expect(findings.map(({ code }) => code).filter((code) => code !== 'leaked-address')).to.deep.equal([]);
      for (let number = 0; number < KILLS; number += 2) expect((await runHere(ipam, { env: callEnvironment('DEL', { CNI_CONTAINERID: `c${number}` }), stdin: config() })).code).to.equal(0);
      // Of the others the runtime knows nothing any more: the advice of `ipam check` takes what they left.
      await repairFindings(store, 'leaked-address', () => new Date());
      expect(check(await readIpamSnapshot(store)).findings).to.deep.equal([]);
      expect(violations(await contents(store))).to.deep.equal([]);
    });
  });

  it('what is asked to end while etcd does not answer ends with a failure', async () => {
    await etcd.pause();
    try {
      const running = startOther(PLUGIN, optionsOf('ADD', 'asked'));
      await new Promise((resolve) => setTimeout(resolve, 500));
      running.kill('SIGTERM');
      const { code, stdout } = await running.ended;
      expect(code).to.equal(1);
      expect(JSON.parse(stdout)).to.deep.include({ code: 11, msg: 'ended by SIGTERM' });
    } finally {
      etcd.resume();
    }
  }).timeout(20_000);

  it('what is asked to end while nobody closes its stdin ends', async () => {
    const child = spawn(PLUGIN[0]!, PLUGIN.slice(1), { env: { ...process.env, ...callEnvironment('ADD'), XDG_CACHE_HOME: folder }, stdio: ['pipe', 'ignore', 'ignore'] });
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill('SIGTERM');
    const signal = await new Promise((resolve) => child.once('exit', (_, by) => resolve(by)));
    expect(signal).to.equal('SIGTERM');
  }).timeout(20_000);

  it('a DEL that is killed is finished by the next', async function () {
    this.timeout(60_000);
    await withFresh(async (store) => {
      for (let number = 0; number < KILLS / 2; number++) {
        await runHere(ipam, { env: callEnvironment('ADD', { CNI_CONTAINERID: `c${number}` }), stdin: config() });
        await killed(startOther(PLUGIN, optionsOf('DEL', `c${number}`)), number);
        expect(violations(await contents(store))).to.deep.equal([]);
        await runHere(ipam, { env: callEnvironment('DEL', { CNI_CONTAINERID: `c${number}` }), stdin: config() });
      }
      expect(check(await readIpamSnapshot(store)).findings).to.deep.equal([]);
    });
  });
});

/** Kills what runs, each at another moment. */
async function killed(running: Running, number: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, FIRST_MS + Math.random() * SPAN_MS * ((number % 4) + 1) / 4));
  running.kill('SIGKILL');
  await running.ended;
}
