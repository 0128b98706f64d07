import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Entry, Store } from '../../src/datastore/store.js';
import type { Ended } from '../../scripts/support/calicoctl.js';
import { become, settingsFor, stored, withStore } from './datastore.js';
import type { Workplace } from './workplace.js';

/** One command line that official Calico was given, and what came of it (golden/README.md). */
export interface ScenarioStep {
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
  readonly steps: readonly ScenarioStep[];
}

/** Why our answer to a step is another one, on purpose. */
export interface Difference {
  readonly reason: string;
  /** Whether ours succeeds, where the outcome differs; absent where only the output does. */
  readonly succeeds?: boolean;
}

/** How far our answers are held against the recorded ones. */
export interface Expectations {
  /** Where the outcome differs, the scenario goes on with the store as official Calico left it. */
  readonly differs?: Readonly<Record<number, Difference>>;
  /** Steps whose output is compared, beside their effect. */
  readonly compareOutput: (step: ScenarioStep) => boolean;
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

type Contents = ReadonlyMap<string, Entry>;

function filledIn(text: string, { before, workplace }: Stage): string {
  const withStore = text.replace(/\{\{(rev|uid):([^}]+)\}\}/g, (_all, what: string, key: string) => {
    const entry = before.get(key);
    if (what === 'rev') return entry?.modRevision ?? '0';
    return (JSON.parse(entry?.value ?? '{}') as { metadata?: { uid?: string } }).metadata?.uid ?? '';
  });
  return withStore.replaceAll('{{etcd}}', workplace.etcd.endpoint);
}

/** Plays a scenario step by step on an emptied store and holds each result against the recorded one. */
export async function playScenario(scenario: Scenario, workplace: Workplace, expectations: Expectations): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'scenario-'));
  try {
    await withStore(settingsFor(workplace.etcd.endpoint), (store) => play(scenario, { folder, workplace, store }, expectations), { timeoutMs: 600_000 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function play(scenario: Scenario, place: Omit<Stage, 'before'>, expectations: Expectations): Promise<void> {
  const { store } = place;
  await become(store, new Map());
  const expected = new Map<string, string>();
  let now: Contents = new Map();
  for (const [number, step] of scenario.steps.entries()) {
    const what = `step ${number} of ${scenario.name} (${step.argv.join(' ')})`;
    now = await playStep(step, what, { ...place, before: now }, expectations, expectations.differs?.[number]);
    for (const [key, value] of Object.entries(step.store)) {
      if (value === null) expected.delete(key);
      else expected.set(key, value);
    }
    const left = new Map([...now].map(([key, { value }]) => [key, normalised(value)]));
    expect(sorted(left), `what ${what} leaves`).to.deep.equal(sorted(expected));
  }
}

/** Where a step is played, and what the store held before. */
interface Stage {
  readonly folder: string;
  readonly workplace: Workplace;
  readonly store: Store;
  readonly before: Contents;
}

/** Plays a step, holds it against the recording, and returns what the store holds for the next one. */
async function playStep(step: ScenarioStep, what: string, stage: Stage, { compareOutput }: Expectations, difference: Difference | undefined): Promise<Contents> {
  writeFiles(step, stage);
  const ended = await run(step, stage);
  const after = await stored(stage.store);
  expect(ended.code, `${what}: exit; ${ended.stderr}`).to.be.a('number');
  if (step.quirk === undefined) {
    const recorded: Outcome = { succeeds: step.exit === 0, writes: changing(step, stage.before), stdout: step.stdout };
    const ours: Outcome = { succeeds: ended.code === 0, writes: written(stage.before, after), stdout: normalised(ended.stdout) };
    expect(ours.succeeds, `${what}: success; ${ended.stderr}`).to.equal(difference?.succeeds ?? recorded.succeeds);
    if (difference !== undefined) expect(ours, `${what}: no difference, although ${difference.reason}`).not.to.deep.equal(recorded);
    if (difference?.succeeds === undefined) expect(ours.writes, `${what}: keys written`).to.deep.equal(recorded.writes);
    if (difference === undefined && compareOutput(step)) expect(ours.stdout, `${what}: output`).to.equal(recorded.stdout);
  }
  if (step.quirk === undefined && difference?.succeeds === undefined) return after;
  await imitate(step, stage);
  return stored(stage.store);
}

/** What came of a step, as far as it is compared. */
interface Outcome {
  readonly succeeds: boolean;
  readonly writes: readonly string[];
  readonly stdout: string;
}

/** The keys that a step wrote or deleted. */
function written(before: Contents, after: Contents): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key)?.modRevision !== after.get(key)?.modRevision).sort();
}

/** The keys whose content the recorded step changed: official Calico also writes again what stays as it is, and ours does not. */
function changing({ store }: ScenarioStep, before: Contents): readonly string[] {
  const was = (key: string): string | null => {
    const entry = before.get(key);
    return entry === undefined ? null : normalised(entry.value);
  };
  return Object.keys(store).filter((key) => was(key) !== store[key]).sort();
}

function writeFiles(step: ScenarioStep, stage: Stage): void {
  for (const [name, text] of Object.entries(step.files ?? {})) {
    const path = join(stage.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, filledIn(text, stage));
  }
}

function run(step: ScenarioStep, stage: Stage): Promise<Ended> {
  return stage.workplace.quickly(step.argv.map((argument) => filledIn(argument, stage)), {
    cwd: stage.folder,
    stdin: filledIn(step.stdin ?? '', stage),
    env: { DATASTORE_TYPE: 'etcdv3', CALICOCTL_DIALECT: 'v3', NO_COLOR: '1', HOME: stage.folder, ...step.env },
  });
}

/** Makes the store what it was before the step, with what the recorded one did put into it. */
async function imitate(step: ScenarioStep, { store, before }: Stage): Promise<void> {
  const wanted = new Map([...before].map(([key, { value }]) => [key, value]));
  for (const [key, value] of Object.entries(step.store)) {
    if (value === null) wanted.delete(key);
    else wanted.set(key, value.replaceAll('@UID@', '00000000-0000-4000-8000-000000000000').replaceAll('@TIME@', '2026-01-01T00:00:00Z').replaceAll('@GUID@', '0'.repeat(32)));
  }
  await become(store, wanted);
}

function sorted(store: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...store].sort(([left], [right]) => (left < right ? -1 : 1)));
}
