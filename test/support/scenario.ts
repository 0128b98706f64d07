import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { calicoctl, type Ended } from './calicoctl.js';
import type { Etcd } from './etcd.js';

/** One command line that official Calico was given, and what came of it (golden/README.md). */
export interface Step {
  readonly argv: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Keys that changed, with their raw values; null for a key that was deleted. */
  readonly store: Readonly<Record<string, string | null>>;
  /** Why what was recorded is not to be copied. */
  readonly quirk?: string;
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly steps: readonly Step[];
}

/** How far our answers are held against the recorded ones. */
export interface Expectations {
  /** First words of command lines that are not ours: what they did to the store is put there instead. */
  readonly foreign?: readonly string[];
  /** Steps whose result differs on purpose, with the reason; the store is taken as we leave it. */
  readonly differs?: Readonly<Record<number, string>>;
  /** Steps whose output is compared, beside their effect. */
  readonly compareOutput: (step: Step) => boolean;
}

const MARKS: readonly (readonly [RegExp, string])[] = [
  [/("uid":\s*")[0-9a-f-]{36}/g, '$1@UID@'],
  [/(\buid: )[0-9a-f-]{36}/g, '$1@UID@'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '@TIME@'],
  [/("resourceVersion":\s*")\d+/g, '$1@REV@'],
  [/(\bresourceVersion: ")\d+/g, '$1@REV@'],
  [/\b[0-9a-f]{32}\b/g, '@GUID@'],
];

function normalised(text: string): string {
  return MARKS.reduce((marked, [pattern, mark]) => marked.replace(pattern, mark), text);
}

type Contents = Map<string, { readonly value: string; readonly revision: string }>;

async function contents(etcd: Etcd): Promise<Contents> {
  const printed = await etcd.etcdctl('get', '--prefix', '/calico/', '-w', 'json');
  const { kvs = [] } = JSON.parse(printed) as { kvs?: { key: string; value?: string; mod_revision: number }[] };
  const text = (base64 = ''): string => Buffer.from(base64, 'base64').toString();
  return new Map(kvs.map((kv) => [text(kv.key), { value: text(kv.value), revision: String(kv.mod_revision) }]));
}

function filledIn(text: string, now: Contents, etcd: Etcd): string {
  const withStore = text.replace(/\{\{(rev|uid):([^}]+)\}\}/g, (_all, what: string, key: string) => {
    const entry = now.get(key);
    if (what === 'rev') return entry?.revision ?? '0';
    return String((JSON.parse(entry?.value ?? '{}') as { metadata?: { uid?: string } }).metadata?.uid ?? '');
  });
  return withStore.replaceAll('{{etcd}}', etcd.endpoint);
}

/** Plays a scenario step by step on an emptied store and holds each result against the recorded one. */
export async function playScenario(scenario: Scenario, etcd: Etcd, expectations: Expectations): Promise<void> {
  await etcd.etcdctl('del', '--prefix', '/calico/');
  const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
  try {
    let expected = new Map<string, unknown>();
    for (const [number, step] of scenario.steps.entries()) {
      const before = await contents(etcd);
      writeFiles(folder, step, before, etcd);
      if (expectations.foreign?.includes(step.argv[0] ?? '') === true) await imitate(step, etcd);
      else check(scenario, number, step, await run(step, folder, before, etcd), expectations);
      for (const [key, value] of Object.entries(step.store)) {
        if (value === null) expected.delete(key);
        else expected.set(key, asData(value));
      }
      const left = new Map([...(await contents(etcd))].map(([key, { value }]) => [key, asData(normalised(value))]));
      if (step.quirk !== undefined || expectations.differs?.[number] !== undefined) expected = left;
      expect(sorted(left), `what step ${number} of ${scenario.name} (${step.argv.join(' ')}) leaves`).to.deep.equal(sorted(expected));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeFiles(folder: string, step: Step, now: Contents, etcd: Etcd): void {
  for (const [name, text] of Object.entries(step.files ?? {})) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), filledIn(text, now, etcd));
  }
}

function run(step: Step, folder: string, now: Contents, etcd: Etcd): Promise<Ended> {
  return calicoctl(step.argv.map((argument) => filledIn(argument, now, etcd)), {
    cwd: folder,
    stdin: filledIn(step.stdin ?? '', now, etcd),
    env: { ETCD_ENDPOINTS: etcd.endpoint, DATASTORE_TYPE: 'etcdv3', CALICOCTL_DIALECT: 'v3', NO_COLOR: '1', HOME: folder, ...step.env },
  });
}

function check(scenario: Scenario, number: number, step: Step, ended: Ended, { compareOutput, differs }: Expectations): void {
  const what = `step ${number} of ${scenario.name} (${step.argv.join(' ')})`;
  expect(ended.code, `${what}: exit; ${ended.stderr}`).to.be.a('number');
  if (step.quirk !== undefined || differs?.[number] !== undefined) return;
  expect(ended.code === 0, `${what}: success; ${ended.stderr}`).to.equal(step.exit === 0);
  if (compareOutput(step)) expect(normalised(ended.stdout), `${what}: output`).to.equal(step.stdout);
}

/** Puts into the store what another command did. */
async function imitate(step: Step, etcd: Etcd): Promise<void> {
  for (const [key, value] of Object.entries(step.store)) {
    const real = value?.replaceAll('@UID@', '00000000-0000-4000-8000-000000000000').replaceAll('@TIME@', '2026-01-01T00:00:00Z').replaceAll('@GUID@', '0'.repeat(32));
    await (real === undefined ? etcd.etcdctl('del', key) : etcd.etcdctl('put', '--', key, real));
  }
}

function asData(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}

function sorted(store: ReadonlyMap<string, unknown>): Record<string, unknown> {
  return Object.fromEntries([...store].sort(([left], [right]) => (left < right ? -1 : 1)));
}
