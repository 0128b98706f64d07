import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calicoctl } from '../../scripts/support/calicoctl.js';
import { unpackedPackage } from '../../scripts/support/unpacked.js';
import { connect } from '../../src/datastore/etcd/connect.js';
import type { Store } from '../../src/datastore/store.js';
import { Lab } from '../../src/lab/lab.js';

/** What `calicoctl lab` needs around it: a home of its own, and BIRD, which is not installed. */
export function labEnvironment(home: string): Record<string, string> {
  return { HOME: home, PATH: `${process.env['PATH'] ?? ''}:${join(unpackedPackage('bird'), 'usr/sbin')}` };
}

/** A lab for a test, with its store. */
export interface TestLab {
  readonly lab: Lab;
  readonly store: Store;
  /** Takes it away. */
  stop(): Promise<void>;
}

/** Makes a lab of a name. Throws where it does not come up. */
export async function startLab(name: string, ...words: readonly string[]): Promise<TestLab> {
  const home = mkdtempSync(join(tmpdir(), 'calicoctl-lab-home-'));
  const env = labEnvironment(home);
  const { code, stdout, stderr } = await calicoctl(['lab', 'up', '--name', name, ...words], { env });
  if (code !== 0) throw new Error(`lab up ended with ${code}: ${stdout}${stderr}`);
  const lab = await Lab.open(name);
  const store = await connect({ endpoints: [lab.endpoint], endpointsOrigin: 'the test' }, { timeoutMs: 60_000 });
  return {
    lab,
    store,
    stop: async () => {
      store.close();
      await calicoctl(['lab', 'down', '--name', name], { env });
      rmSync(home, { recursive: true, force: true });
    },
  };
}
