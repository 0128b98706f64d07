import { accountLines } from '../../../datastore/account.js';
import type { Meaning } from '../../../base/errors.js';
import { goJsonIndented } from '../../../go/indented-json.js';
import { safe } from '../../../text/safe.js';
import { nameOf } from '../../../objects/reference.js';
import { done, type CommandReport } from '../report.js';
import { dryRunLines, effectsData } from './effects.js';
import type { BatchAccount, InterruptedBatch, Outcome } from '../../../changes/commit.js';
import type { DeleteResult } from '../../../changes/delete.js';
import type { Refused } from '../../../changes/plan.js';
import { writes, type Step } from '../../../changes/step.js';
import type { Target } from '../../../objects/target.js';
import type { WriteResult } from '../../../changes/write.js';

export interface ReportOptions {
  readonly dryRun: boolean;
  /** `name`, `json`, or the classic line. */
  readonly output: string | undefined;
  /** Somebody is watching: name what changes, and say how much does not. */
  readonly terminal: boolean;
}

const PAST: Readonly<Record<string, string>> = { create: 'created', apply: 'applied', replace: 'replaced', delete: 'deleted', validate: 'validated' };

/** `created` for `create`. */
function pastOf(verb: string): string {
  return PAST[verb] ?? verb;
}

/** `Successfully created 3 'policy' resource(s)`, word for word as the classic tool says it (reference/classic 3.6). */
export function successLine(verb: string, targets: readonly Target[]): string {
  return `Successfully ${pastOf(verb)} ${targets.length}${kindWord(targets)} resource(s)\n`;
}

function kindWord(targets: readonly Target[]): string {
  const kinds = new Set(targets.map((target) => target.kind.kind));
  return kinds.size === 1 ? ` '${[...kinds][0] as string}'` : '';
}

/** What create, apply or replace came to. */
export function writeReport(verb: string, targets: readonly Target[], { plan, outcome }: WriteResult, options: ReportOptions): CommandReport {
  if (plan.refused.length > 0) return refusedReport(verb, plan.refused);
  if (outcome !== undefined && (outcome.refused.length > 0 || outcome.notWritten.length > 0)) return partialReport(verb, outcome);
  const results = plan.steps.map((step) => ({ target: step.target, result: resultWord(verb, step) }));
  if (options.output !== undefined) return done(resultList(results, options.output, options.dryRun));
  const notes = plan.steps.flatMap(({ target, leftAs }) => (leftAs === undefined ? [] : safe(`${target.identity} is unchanged: ${leftAs}`)));
  return { ...done(writtenText(verb, targets, results, options)), stderr: notes };
}

/** The lines of a run that ended well. Somebody who watches sees what changes, and how much does not. */
function writtenText(verb: string, targets: readonly Target[], results: readonly Result[], { dryRun, terminal }: ReportOptions): string {
  if (dryRun && !terminal) return results.map(({ target, result }) => `${wouldBe(result)} ${safe(target.identity)}\n`).join('');
  const changes = results.filter(({ result }) => !AS_BEFORE.includes(result));
  if (dryRun) return changes.map(({ target, result }) => `${wouldBe(result)} ${safe(target.identity)}\n`).join('') + totals(results, true);
  const alike = new Set(results.map(({ result }) => changeWord(result))).size <= 1 && changes.length > 0;
  if (!terminal || alike) return successLine(verb, targets);
  return changes.map(({ target, result }) => `${safe(target.identity)} ${changeWord(result)}\n`).join('') + successLine(verb, targets) + totals(results, false);
}

/** What leaves a resource as it was. */
const AS_BEFORE: readonly string[] = ['unchanged', 'skipped'];

/** Whatever the verb calls it, what was there before and is another now is changed. */
function changeWord(result: string): string {
  return result === 'applied' || result === 'replaced' ? 'changed' : result;
}

/** `2 would be created, 1 changed, 338 unchanged` */
function totals(results: readonly Result[], dryRun: boolean): string {
  const counts = new Map<string, number>();
  for (const { result } of results) counts.set(changeWord(result), (counts.get(changeWord(result)) ?? 0) + 1);
  const parts = ['created', 'changed', 'deleted', 'unchanged', 'skipped'].filter((word) => counts.has(word));
  return `${parts.map((word, index) => `${String(counts.get(word))} ${dryRun && index === 0 && !AS_BEFORE.includes(word) ? 'would be ' : ''}${word}`).join(', ')}\n`;
}

function resultWord(verb: string, step: Step): string {
  if (!writes(step)) return step.result;
  return verb === 'apply' ? (step.result === 'created' ? 'created' : 'applied') : pastOf(verb);
}

const WOULD_BE: Readonly<Record<string, string>> = { created: 'would create', applied: 'would replace', replaced: 'would replace', deleted: 'would delete', skipped: 'exists already:', unchanged: 'unchanged:' };

function wouldBe(result: string): string {
  return WOULD_BE[result] ?? result;
}

interface Result {
  readonly target: Target;
  readonly result: string;
  /** More about it, for `-o json`. */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
}

function resultList(results: readonly Result[], output: string, dryRun: boolean): string {
  if (output === 'name') return results.map(({ target, result }) => `${safe(nameOf(target))} ${result}${dryRun ? ' (dry run)' : ''}\n`).join('');
  const list = results.map(({ target, result, more }) => {
    const { kind, apiVersion } = target.document;
    return { kind, apiVersion, name: nameOf(target), result, ...(dryRun ? { dryRun } : {}), ...more };
  });
  return `${goJsonIndented(list)}\n`;
}

function refusedReport(verb: string, refused: readonly Refused[]): CommandReport {
  return { stdout: '', stderr: [...refusalLines(verb, refused), 'Nothing was written.'], meaning: refusalMeaning(refused) };
}

/** One line for each resource that could not be written, with the place of its document. */
function refusalLines(verb: string, refused: readonly Refused[]): readonly string[] {
  return refused.map(({ target, message }) => failureLine(verb, target, message));
}

function failureLine(verb: string, target: Target, message: string): string {
  return safe(`Failed to ${verb} '${target.kind.kind}' resource: ${message}${target.place === undefined ? '' : ` (${target.place()})`}`);
}

/** The first conflict, or that nobody may do this through us. */
function refusalMeaning(refused: readonly Refused[]): Meaning {
  return refused.find(({ reason }) => reason !== 'forbidden')?.reason ?? 'forbidden';
}

/** A batch of which a part, or nothing, was written. */
export function partialReport(verb: string, outcome: Outcome): CommandReport {
  const { written, notWritten, refused } = outcome;
  const changed = refused.map(({ step }) => failureLine(verb, step.target, `${step.target.identity} was changed meanwhile by another client`));
  if (written.length === 0) return { stdout: '', stderr: [...changed, 'Nothing was written.'], meaning: 'changed' };
  return accountReport(verb, changed, { written, unknown: [], notWritten });
}

/** What makes the same command do the rest. */
const AGAIN: Readonly<Record<string, string>> = { create: ' with --skip-exists', delete: ' with --skip-not-exists' };

function accountReport(verb: string, reasons: readonly string[], { written, unknown, notWritten, parts = { done: [], unknown: [] } }: BatchAccount): CommandReport {
  const past = pastOf(verb);
  const all = [...written, ...unknown, ...notWritten].map((step) => step.target);
  const lines = (word: string, steps: readonly Step[]): string[] => steps.map((step) => safe(`${word}: ${step.target.identity}`));
  return {
    stdout: written.length === 0 ? '' : `Partial success: ${past} ${written.length} out of ${all.length}${kindWord(all)} resources\n`,
    stderr: [...reasons, ...lines(past, written), ...accountLines(parts).map(safe), ...lines(`perhaps ${past}`, unknown), ...lines(`not ${past}`, notWritten), `Run the same command again${AGAIN[verb] ?? ''} to do the rest.`],
    meaning: written.length + parts.done.length === 0 ? 'unknown-outcome' : 'partly',
  };
}

/** What delete came to: what exists went, each that could not go is named, in the order of the targets. */
export function deleteReport(targets: readonly Target[], result: DeleteResult, options: ReportOptions & { readonly skipMissing: boolean }): CommandReport {
  const { deleted, missing, refused, outcome } = result;
  const failed = new Map(refused.map(({ target, message }) => [target, message]));
  if (!options.skipMissing) for (const target of missing) failed.set(target, `resource does not exist: ${target.identity}`);
  const lines = targets.flatMap((target) => (failed.has(target) ? failureLine('delete', target, failed.get(target) as string) : []));
  if (outcome !== undefined && outcome.notWritten.length > 0) {
    const report = partialReport('delete', outcome);
    return { ...report, stderr: [...lines, ...report.stderr] };
  }
  const counted = options.skipMissing ? [...deleted, ...missing] : deleted;
  const meaning = lines.length === 0 ? 'done' : missing.length === 0 || options.skipMissing ? refusalMeaning(refused) : 'missing';
  return { stdout: counted.length > 0 ? deletedText(targets, result, counted, options) : '', stderr: lines, meaning };
}

/** What was deleted, or would be, and what is passed over since it is not there, in the order of the targets; `counted` is all of them. */
function deletedText(targets: readonly Target[], { deleted, effects }: DeleteResult, counted: readonly Target[], options: ReportOptions): string {
  const [all, going] = [new Set(counted), new Set(deleted)];
  const results = targets.filter((target) => all.has(target)).map((target) => ({ target, result: going.has(target) ? 'deleted' : 'skipped' }));
  if (options.output !== undefined) {
    const found = new Map(effects.map((each) => [each.target, effectsData(each)]));
    return resultList(results.map((each) => ({ ...each, more: found.get(each.target) })), options.output, options.dryRun);
  }
  const sums = options.terminal && counted.length > deleted.length ? totals(results, options.dryRun) : '';
  const named = (word: string): string => results.filter(({ result }) => result === word).map(({ target }) => `${safe(target.identity)} ${word}\n`).join('');
  if (!options.dryRun) return (sums === '' ? '' : named('deleted')) + successLine('delete', counted) + sums;
  const lines = results.flatMap(({ target, result }) => (result === 'deleted' ? `would delete ${safe(target.identity)}` : options.terminal ? [] : `does not exist: ${safe(target.identity)}`));
  return [...lines, ...dryRunLines(effects, options.terminal)].map((line) => `${line}\n`).join('') + sums;
}

/** Something failed in the middle of a batch. */
export function interruptedReport(verb: string, { account, cause }: InterruptedBatch): CommandReport {
  return accountReport(verb, [safe(cause instanceof Error ? cause.message : String(cause))], account);
}
