import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, measure, runNode, type Measured, type Run } from './measure.js';
import { changedPolicy, guardedHosts, guardedPolicies, policyStore } from './policy-store.js';
import { RUN, type Place, type Row } from './rows.js';

const MEMORY_MB = 300;
/** How a command ends that finds something: `policy diff` changed verdicts, `policy lint` errors, `policy test` failures. */
const FOUND = 1;

/** Every pair of the endpoints, which all policies have a say in. */
const ALL_WITH_ALL = '{"tests": [{"from": {"selector": "all()"}, "to": {"selector": "all()"}, "port": 80, "expect": "deny"}]}';

/** What the measured processes find in their folder. */
interface Files {
  readonly store: string;
  readonly manifest: string;
  readonly tests: string;
}

/** The rows of issue 13, on a store file of 10,000 endpoints and 2,000 policies in 5 tiers. */
export const POLICY_ROWS: readonly Row[] = [
  row('policy trace among 10,000', 35, 0, ({ store }) => ['policy', 'trace', '--from', '10.65.0.7', '--to', '10.65.0.8', '--port', '80', '--store', store]),
  row('policy diff of one policy', 60, FOUND, ({ store, manifest }) => ['policy', 'diff', '-f', manifest, '--store', store]),
  row('policy lint of 2,000', 200, FOUND, ({ store }) => ['policy', 'lint', '--store', store]),
  row('policy exposure of 10,000', 150, 0, ({ store }) => ['policy', 'exposure', '--store', store]),
  row('policy graph of 10,000', 100, 0, ({ store }) => ['policy', 'graph', '--store', store]),
  { ...row('policy test, all with all', 200, FOUND, ({ store, tests }) => ['policy', 'test', '-f', tests, '--store', store]), memoryLimit: 450 },
  { work: 'guard: 1,000 to --no-guard', limit: 1.15, official: '', memoryLimit: MEMORY_MB, measure: measureGuard },
];

function row(work: string, limit: number, ending: number, args: (files: Files) => readonly string[]): Row {
  return {
    work, limit, official: '', memoryLimit: MEMORY_MB,
    measure: async ({ rounds }) => {
      const directory = mkdtempSync(join(tmpdir(), 'calicoctl-bench-policy-'));
      const files = { store: join(directory, 'store.json'), manifest: join(directory, 'policy.yaml'), tests: join(directory, 'tests.json') };
      writeFileSync(files.store, policyStore());
      writeFileSync(files.manifest, changedPolicy());
      writeFileSync(files.tests, ALL_WITH_ALL);
      return measure(rounds, () => runNode([RUN, ...args(files)], {}, undefined, ending)).finally(() => rmSync(directory, { recursive: true }));
    },
  };
}

/** How long 1,000 policies take to create with the guard, in multiples of the same without it, each pair after the other on fresh etcds with host endpoints. */
async function measureGuard(place: Place): Promise<Measured> {
  const directory = mkdtempSync(join(tmpdir(), 'calicoctl-bench-guard-'));
  const [hosts, policies] = [join(directory, 'hosts.json'), join(directory, 'policies.json')] as const;
  writeFileSync(hosts, guardedHosts());
  writeFileSync(policies, guardedPolicies());
  const created = async (...flags: readonly string[]): Promise<Run> => {
    await place.freshEtcd();
    await place.calicoctl('create', '-f', hosts);
    return place.calicoctl('create', '-f', policies, ...flags);
  };
  const runs: Run[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < place.rounds; round++) {
    const [open, guarded] = [await created('--no-guard'), await created()];
    runs.push(guarded);
    ratios.push(guarded.ms / open.ms);
  }
  rmSync(directory, { recursive: true });
  return { ratio: median(ratios), ms: median(runs.map(({ ms }) => ms)), peakMb: Math.max(...runs.map(({ peakMb }) => peakMb)) };
}
