import type { Effects } from '../../../changes/effects/draft.js';
import type { Step } from '../../../changes/step.js';
import { goJsonIndented } from '../../../go/indented-json.js';
import { nameOf } from '../../../objects/reference.js';
import type { Target } from '../../../objects/target.js';
import { safe } from '../../../text/safe.js';
import type { Refused } from '../../../changes/plan.js';
import { affectedData, dryRunLines, effectsData } from './effects.js';

export interface ReportOptions {
  readonly dryRun: boolean;
  /** `name`, `json`, or the classic line. */
  readonly output: string | undefined;
  /** Somebody is watching: name what changes, and say how much does not. */
  readonly terminal: boolean;
  /** What it does to many, for whoever reads data. */
  readonly largeEffects?: () => object | undefined;
}

/** What became, or would become, of a resource. */
export interface Result {
  readonly target: Target;
  readonly result: Step['result'];
}

/** A resource that had to stay as it was, for whoever reads data. */
type Refusal = Pick<Refused, 'target' | 'message' | 'keptBy'>;

/** All that a command came to. */
export interface Results {
  readonly results: readonly Result[];
  readonly effects?: readonly Effects[];
  /** What could not be done; data names it beside the results, for people it is told on its own. */
  readonly refused?: readonly Refusal[];
  /** What success prints in a pipe. */
  readonly success: string;
}

/** The text of a run that ended well. A dry run, and whoever watches, are told what changes, and how much does not. */
export function resultsText({ results, effects = [], refused = [], success }: Results, { dryRun, output, terminal, largeEffects }: ReportOptions): string {
  if (output !== undefined) return resultList({ results, effects, refused }, { output, dryRun, largeEffects: largeEffects?.() });
  const changes = results.filter(({ result }) => result !== 'unchanged' && result !== 'skipped');
  const lines = (line: (identity: string, result: Step['result']) => string): string[] => changes.map(({ target, result }) => line(safe(target.identity), result));
  if (dryRun) return [...lines((identity, result) => `would ${WOULD[result] ?? result} ${identity}`), ...dryRunLines(effects, terminal)].map((line) => `${line}\n`).join('') + totals(results, true);
  if (!terminal || (results.length === 1 && changes.length === 1)) return success;
  return lines((identity, result) => `${identity} ${changeWord(result)}\n`).join('') + success + totals(results, false);
}

const WOULD: Readonly<Record<string, string>> = { created: 'create', replaced: 'replace', deleted: 'delete' };

/** Whatever the verb calls it, what was there before and is another now is changed. */
function changeWord(result: Step['result']): string {
  return result === 'replaced' ? 'changed' : result;
}

/** `2 would be created, 1 changed, 338 unchanged`, a line. */
export function totals(results: readonly Result[], dryRun: boolean): string {
  const counts = new Map<string, number>();
  for (const { result } of results) counts.set(changeWord(result), (counts.get(changeWord(result)) ?? 0) + 1);
  const changes = ['created', 'changed', 'deleted'].filter((word) => counts.has(word));
  const others = ['unchanged', 'skipped'].filter((word) => counts.has(word));
  return `${[...changes, ...others].map((word, index) => `${String(counts.get(word))} ${dryRun && index === 0 && changes.length > 0 ? 'would be ' : ''}${word}`).join(', ')}\n`;
}

function resultList({ results, effects, refused }: Required<Omit<Results, 'success'>>, { output, dryRun, largeEffects }: { readonly output: string; readonly dryRun: boolean; readonly largeEffects: object | undefined }): string {
  if (output === 'name') return results.map(({ target, result }) => `${safe(nameOf(target))} ${result}${dryRun ? ' (dry run)' : ''}\n`).join('');
  const more = new Map(effects.map((each) => [each.target, effectsData(each)]));
  const told = (target: Target, result: string): object => {
    const { kind, apiVersion } = target.document;
    return { kind, apiVersion, name: nameOf(target), result, ...(dryRun ? { dryRun } : {}) };
  };
  const list = results.map(({ target, result }) => ({ ...told(target, result), ...more.get(target) }));
  const kept = refused.map(({ target, message, keptBy }) => ({ ...told(target, 'refused'), reason: message, ...(keptBy && { keptBy: keptBy.map(affectedData) }) }));
  return `${goJsonIndented([...list, ...kept, ...(largeEffects === undefined ? [] : [{ largeEffects }])])}\n`;
}
