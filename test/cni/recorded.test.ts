import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { ipam } from '../../src/cni/ipam/plugin.js';
import type { Store } from '../../src/datastore/store.js';
import { ROOT, runProgram } from '../../scripts/support/calicoctl.js';
import { startEtcd, type Etcd } from '../../scripts/support/etcd.js';
import { callEnvironment, callsOf, cniRecordings, PLAYED, runHere, timelessChanges, type CniStep } from '../support/cni.js';
import { become, settingsFor, stored, withStore } from '../support/datastore.js';
import { MemoryStore } from '../support/memory-store.js';

const folder = mkdtempSync(join(tmpdir(), 'calicoctl-cni-'));
after(() => rmSync(folder, { recursive: true, force: true }));

describe('calico-ipam against the recorded calls of the official plugin', () => {
  for (const recording of cniRecordings(PLAYED)) {
    describe(recording.about, () => {
      for (const { step, title, before: store } of callsOf(recording)) {
        it(`${title}, in this process`, async () => {
          const memory = new MemoryStore(Object.fromEntries(store));
          const { code, stdout } = await runHere(ipam, { env: callEnvironment(step.command!, step.environment), stdin: configOf(step), store: memory });
          expect({ code, stdout: parsed(stdout) }).to.deep.equal({ code: step.exit, stdout: step.stdout });
          expect(timelessChanges(store, new Map(Object.entries(memory.content())))).to.deep.equal(recorded(store, step));
        });
      }
    });
  }
});

describe('bin/cni.js against the recorded calls of the official plugin', () => {
  let etcd: Etcd;
  before(async () => void (etcd = await startEtcd()));
  after(() => etcd.stop());

  for (const recording of cniRecordings(PLAYED)) {
    it(recording.about, async function () {
      this.timeout(60_000);
      await withStore(settingsFor(etcd.endpoint), async (store: Store) => {
        for (const { step, title, before: contents } of callsOf(recording)) {
          await become(store, contents);
          const { code, stdout, stderr } = await runProgram([process.execPath, join(ROOT, 'bin/cni.js'), 'calico-ipam'], { env: { ...callEnvironment(step.command!, step.environment), XDG_CACHE_HOME: folder }, stdin: JSON.stringify({ ...configOf(step), etcd_endpoints: etcd.endpoint }) });
          expect({ code, stdout: parsed(stdout) }, `${title}\n${stderr}`).to.deep.equal({ code: step.exit, stdout: step.stdout });
          const made = new Map([...(await stored(store))].map(([key, { value }]) => [key, value]));
          expect(timelessChanges(contents, made), title).to.deep.equal(recorded(contents, step));
        }
      });
    });
  }
});

function configOf(step: CniStep): object {
  return { ...step.config, ipam_lock_file: join(folder, 'ipam.lock') };
}

function parsed(stdout: string): unknown {
  return stdout === '' ? '' : JSON.parse(stdout);
}

function recorded(store: ReadonlyMap<string, string>, { changes }: CniStep): Record<string, string | null> {
  const made = new Map(store);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) made.delete(key);
    else made.set(key, value);
  }
  return timelessChanges(store, made);
}
