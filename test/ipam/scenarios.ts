import { readdirSync, readFileSync } from 'node:fs';
import { MemoryStore } from '../support/memory-store.js';

/** A recording of the official command-line tool (test/cases/ipam/scenarios; golden/ipam/README.md). */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly load: Readonly<Record<string, string>>;
  readonly steps: readonly (Command | { readonly change: Readonly<Record<string, string | null>> })[];
}

export interface Command {
  readonly argv: readonly string[];
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly store: Readonly<Record<string, string | null>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly crash?: unknown;
  readonly quirk?: { readonly why: string; readonly ignore?: readonly string[] };
}

const FOLDER = new URL('../cases/ipam/scenarios/', import.meta.url);

export function scenarios(): Scenario[] {
  return readdirSync(FOLDER).sort().map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Scenario);
}

/** Every command with a store as it was before it; what the official tool changed is there for the next. */
export function* commandsOf(scenario: Scenario): Generator<{ command: Command; title: string; store: MemoryStore }> {
  const content = new Map(Object.entries(scenario.load));
  for (const step of scenario.steps) {
    const changes = 'change' in step ? step.change : step.store;
    if (!('change' in step)) yield { command: step, title: `${scenario.name}: ${step.argv.join(' ')}`, store: new MemoryStore(Object.fromEntries(content)) };
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) content.delete(key);
      else content.set(key, value);
    }
  }
}
