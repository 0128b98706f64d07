import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../src/datastore/etcd/connect.js';
import type { Store } from '../../src/datastore/store.js';
import type { Ended } from '../../scripts/support/calicoctl.js';
import { become, contents, settingsFor, stored } from './datastore.js';
import type { Workplace } from './workplace.js';

type Changes = Readonly<Record<string, string | null>>;

/** A command line of the official tool and what came of it (golden/ipam/README.md). */
export interface Command {
  readonly argv: readonly string[];
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly store: Changes;
  /** Written before; `${rev:KEY}` stands for the revision of that key. */
  readonly files?: Readonly<Record<string, string>>;
  readonly unordered?: unknown;
  readonly crash?: unknown;
  /** What is accepted beside the recorded outcome. */
  readonly quirk?: { readonly why: string; readonly exit?: number | 'any'; readonly stdout?: string; readonly store?: Changes | 'any'; readonly ignore?: readonly string[] };
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly load: Readonly<Record<string, string>>;
  readonly steps: readonly (Command | { readonly change: Changes })[];
}

/** Says what is wrong with how a command of ours ended, or nothing. */
export type Judge = (command: Command, ended: Ended, scenario: Scenario) => string | undefined;

/** Plays a scenario on an emptied etcd; what official Calico left is put there before the next command. Returns what is wrong, one sentence each. */
export async function playScenario(scenario: Scenario, workplace: Workplace, judge: Judge): Promise<string[]> {
  const store = await connect(settingsFor(workplace.etcd.endpoint), { timeoutMs: 600_000 });
  try {
    return await new Stage(workplace, store).play(scenario, judge);
  } finally {
    store.close();
  }
}

/** Where a scenario is played. */
class Stage {
  constructor(
    private readonly workplace: Workplace,
    private readonly store: Store,
  ) {}

  async play(scenario: Scenario, judge: Judge): Promise<string[]> {
    const folder = mkdtempSync(join(tmpdir(), 'ipam-scenario-'));
    const wrong: string[] = [];
    let recorded = { ...scenario.load };
    await become(this.store, new Map(Object.entries(recorded)));
    try {
      for (const [number, step] of scenario.steps.entries()) {
        const after = applied(recorded, 'change' in step ? step.change : step.store);
        if (!('change' in step)) {
          await this.#writeFiles(folder, step);
          const ended = await this.#run(step, folder);
          const found = judge(step, ended, scenario) ?? storeProblem(step, recorded, after, await this.#content());
          if (found !== undefined) wrong.push(`step ${number} (${step.argv.join(' ')}): ${found}`);
        }
        await become(this.store, new Map(Object.entries(after)));
        recorded = after;
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
    return wrong;
  }

  async #run({ argv }: Command, folder: string): Promise<Ended> {
    return this.workplace.quickly(argv, { cwd: folder, env: { DATASTORE_TYPE: 'etcdv3', CALICOCTL_DIALECT: 'v3', HOME: folder } });
  }

  async #content(): Promise<Record<string, string>> {
    return contents([...(await stored(this.store)).values()]);
  }

  async #writeFiles(folder: string, { files = {} }: Command): Promise<void> {
    const entries = await stored(this.store);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text.replace(/\$\{rev:([^}]*)\}/g, (_, key: string) => entries.get(key)?.modRevision ?? '0'));
  }
}

function applied(content: Readonly<Record<string, string>>, changes: Changes): Record<string, string> {
  const after = { ...content };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete after[key];
    else after[key] = value;
  }
  return after;
}

/** What the command left that it should not have, or nothing. */
function storeProblem({ exit, store, quirk, unordered }: Command, before: Record<string, string>, after: Record<string, string>, left: Record<string, string>): string | undefined {
  if (quirk?.store === 'any') return undefined;
  // Official code writes the default configuration whenever it reads; reading does not write with us.
  const readOnly = exit !== 0 && Object.keys(store).join() === '/calico/ipam/v2/config';
  const comparable = (store: Record<string, string>): string => JSON.stringify(Object.entries(store).filter(([key]) => quirk?.ignore?.includes(key) !== true).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, normalised(value, unordered !== undefined)]), undefined, 1);
  const accepted = [after, ...(quirk?.store === undefined ? [] : [applied(before, quirk.store)]), ...(readOnly ? [before] : [])].map(comparable);
  const found = comparable(left);
  return accepted.includes(found) ? undefined : `the store is not as recorded:\n${difference(accepted[0]!, found)}`;
}

function normalised(value: string, unordered: boolean): string {
  const marked = value.replace(/"uid":"[^"]*"/, '"uid":"UID"').replace(/"creationTimestamp":"[^"]*"/, '"creationTimestamp":"TIME"');
  // Official code appends addresses that were released in one call in random order.
  return unordered ? marked.replace(/(?<="unallocated":\[)[\d,]*/, (list) => list.split(',').sort().join(',')) : marked;
}

function difference(wanted: string, found: string): string {
  const [left, right] = [wanted.split('\n'), found.split('\n')];
  return [...left.filter((line) => !right.includes(line)).map((line) => `- ${line}`), ...right.filter((line) => !left.includes(line)).map((line) => `+ ${line}`)].join('\n');
}
