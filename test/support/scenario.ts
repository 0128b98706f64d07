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

/** Why our answer to a step is another one, on purpose. */
export interface Difference {
  readonly reason: string;
  /** Whether ours succeeds, where the outcome differs; absent where only the output does. */
  readonly succeeds?: boolean;
}

/** How far our answers are held against the recorded ones. */
export interface Expectations {
  /** First words of command lines that are not ours: what they did to the store is put there instead. */
  readonly foreign?: readonly string[];
  /** Where the outcome differs, the scenario goes on with the store as official Calico left it. */
  readonly differs?: Readonly<Record<number, Difference>>;
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

/** A text in which what differs from run to run is a mark. */
export function normalised(text: string): string {
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
    return (JSON.parse(entry?.value ?? '{}') as { metadata?: { uid?: string } }).metadata?.uid ?? '';
  });
  return withStore.replaceAll('{{etcd}}', etcd.endpoint);
}

/** Plays a scenario step by step on an emptied store and holds each result against the recorded one. */
export async function playScenario(scenario: Scenario, etcd: Etcd, expectations: Expectations): Promise<void> {
  await etcd.etcdctl('del', '--prefix', '/calico/');
  const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
  try {
    const expected = new Map<string, string>();
    let now: Contents = new Map();
    for (const [number, step] of scenario.steps.entries()) {
      await playStep(step, `step ${number} of ${scenario.name} (${step.argv.join(' ')})`, { folder, etcd, before: now }, expectations, expectations.differs?.[number]);
      for (const [key, value] of Object.entries(step.store)) {
        if (value === null) expected.delete(key);
        else expected.set(key, value);
      }
      now = await contents(etcd);
      const left = new Map([...now].map(([key, { value }]) => [key, normalised(value)]));
      expect(sorted(left), `what step ${number} of ${scenario.name} (${step.argv.join(' ')}) leaves`).to.deep.equal(sorted(expected));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Where a step is played. */
interface Stage {
  readonly folder: string;
  readonly etcd: Etcd;
  readonly before: Contents;
}

async function playStep(step: Step, what: string, { folder, etcd, before }: Stage, { foreign, compareOutput }: Expectations, difference: Difference | undefined): Promise<void> {
  writeFiles(folder, step, before, etcd);
  if (foreign?.includes(step.argv[0] ?? '') === true) return imitate(step, etcd);
  const ended = await run(step, folder, before, etcd);
  expect(ended.code, `${what}: exit; ${ended.stderr}`).to.be.a('number');
  if (step.quirk === undefined) {
    expect(ended.code === 0, `${what}: success; ${ended.stderr}`).to.equal(difference?.succeeds ?? step.exit === 0);
    if (difference === undefined && compareOutput(step)) expect(normalised(ended.stdout), `${what}: output`).to.equal(step.stdout);
  }
  if (step.quirk !== undefined || difference?.succeeds !== undefined) {
    await putBack(before, etcd);
    await imitate(step, etcd);
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

/** Makes the store what it was. */
async function putBack(before: Contents, etcd: Etcd): Promise<void> {
  const now = await contents(etcd);
  for (const key of now.keys()) if (!before.has(key)) await etcd.etcdctl('del', key);
  for (const [key, { value }] of before) if (now.get(key)?.value !== value) await etcd.etcdctl('put', '--', key, value);
}

/** Puts into the store what another command did. */
async function imitate(step: Step, etcd: Etcd): Promise<void> {
  for (const [key, value] of Object.entries(step.store)) {
    const real = value?.replaceAll('@UID@', '00000000-0000-4000-8000-000000000000').replaceAll('@TIME@', '2026-01-01T00:00:00Z').replaceAll('@GUID@', '0'.repeat(32));
    await (real === undefined ? etcd.etcdctl('del', key) : etcd.etcdctl('put', '--', key, real));
  }
}

function sorted(store: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...store].sort(([left], [right]) => (left < right ? -1 : 1)));
}
