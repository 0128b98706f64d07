import { readdirSync, readFileSync } from 'node:fs';

/** A recording of the official library (test/cases/ipam/sequences): what each operation changed in the store. */
export interface Sequence {
  readonly name: string;
  readonly about: string;
  readonly load: Readonly<Record<string, string>>;
  readonly steps: readonly RecordedStep[];
}

export interface RecordedStep {
  readonly op: string;
  readonly args: Readonly<Record<string, never>>;
  readonly result?: unknown;
  readonly error?: string;
  /** Several addresses in one call: the official library appends them to the queue in random order. */
  readonly unordered?: boolean;
  readonly changes: Readonly<Record<string, string | null>>;
}

const FOLDER = new URL('../cases/ipam/sequences/', import.meta.url);

export function sequences(): Sequence[] {
  return readdirSync(FOLDER).sort().map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Sequence);
}

/** Every step with the store before it. */
export function* stepsOf(sequence: Sequence): Generator<{ step: RecordedStep; number: number; before: ReadonlyMap<string, string> }> {
  const store = new Map(Object.entries(sequence.load));
  for (const [number, step] of sequence.steps.entries()) {
    yield { step, number, before: new Map(store) };
    for (const [key, value] of Object.entries(step.changes)) {
      if (value === null) store.delete(key);
      else store.set(key, value);
    }
  }
}
