import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure, runNode } from './measure.js';
import { changedPolicy, policyStore } from './policy-store.js';
import { RUN, type Row } from './rows.js';

const MEMORY_MB = 300;
/** How `policy diff` ends where verdicts change. */
const CHANGED = 1;

/** The rows of issue 13, on a store file of 10,000 endpoints and 2,000 policies in 5 tiers. */
export const POLICY_ROWS: readonly Row[] = [
  row('policy trace among 10,000', 35, 0, (store) => ['policy', 'trace', '--from', '10.65.0.7', '--to', '10.65.0.8', '--port', '80', '--store', store]),
  row('policy diff of one policy', 60, CHANGED, (store, manifest) => ['policy', 'diff', '-f', manifest, '--store', store]),
];

function row(work: string, limit: number, ending: number, args: (store: string, manifest: string) => readonly string[]): Row {
  return {
    work, limit, official: '', memoryLimit: MEMORY_MB,
    measure: async ({ rounds }) => {
      const directory = mkdtempSync(join(tmpdir(), 'calicoctl-bench-policy-'));
      const [store, manifest] = [join(directory, 'store.json'), join(directory, 'policy.yaml')] as const;
      writeFileSync(store, policyStore());
      writeFileSync(manifest, changedPolicy());
      return measure(rounds, () => runNode([RUN, ...args(store, manifest)], {}, undefined, ending)).finally(() => rmSync(directory, { recursive: true }));
    },
  };
}
