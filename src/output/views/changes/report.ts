import { accountLines } from '../../../datastore/account.js';
import type { Meaning } from '../../../base/errors.js';
import { safe } from '../../../text/safe.js';
import { done, type CommandReport } from '../report.js';
import { resultsText, type ReportOptions, type Result } from './results.js';
import type { BatchAccount, InterruptedBatch, Outcome } from '../../../changes/commit.js';
import type { DeleteResult } from '../../../changes/delete.js';
import type { Refused } from '../../../changes/plan.js';
import type { Overtaken } from '../../../changes/plan-file/carry-out.js';
import type { Pruned } from '../../../changes/prune/apply.js';
import type { Step } from '../../../changes/step.js';
import type { Target } from '../../../objects/target.js';
import type { WriteResult } from '../../../changes/write.js';

const PAST: Readonly<Record<string, string>> = { create: 'created', apply: 'applied', plan: 'applied', replace: 'replaced', delete: 'deleted', validate: 'validated', patch: 'patched', label: 'labeled', edit: 'edited', undo: 'undone' };

/** `created` for `create`. */
function pastOf(verb: string): string {
  return PAST[verb] ?? verb;
}

/** `Successfully created 3 'policy' resource(s)`, word for word as the classic tool says it (reference/classic 3.6); of patches as the official tool does. */
export function successLine(verb: string, targets: readonly OfKind[]): string {
  const noun = verb !== 'patch' ? 'resource(s)' : targets.length === 1 ? 'resource' : 'resources';
  return `Successfully ${pastOf(verb)} ${targets.length}${kindWord(targets)} ${noun}\n`;
}

/** Something of a kind, as far as the classic line tells it. */
interface OfKind {
  readonly kind: { readonly kind: string };
}

function kindWord(targets: readonly OfKind[]): string {
  const kinds = new Set(targets.map(({ kind }) => kind.kind));
  return kinds.size === 1 ? ` '${[...kinds][0] as string}'` : '';
}

/** What create, apply or replace came to. */
export function writeReport(verb: string, targets: readonly Target[], { plan, outcome }: WriteResult, options: ReportOptions): CommandReport {
  if (plan.refused.length > 0) return refusedReport(verb, plan.refused);
  if (outcome !== undefined && (outcome.refused.length > 0 || outcome.notWritten.length > 0)) return partialReport(verb, outcome);
  const notes = options.output === undefined ? plan.steps.flatMap(({ target, leftAs }) => (leftAs === undefined ? [] : safe(`${target.identity} is unchanged: ${leftAs}`))) : [];
  return { ...done(resultsText({ results: plan.steps, success: successLine(verb, targets) }, options)), stderr: notes };
}

/** What apply with --prune came to. What was to go and is gone already needs no word. */
export function pruneReport(targets: readonly Target[], { write, deletion }: Pruned, options: ReportOptions): CommandReport {
  const report = writeReport('apply', targets, write, options);
  if (deletion === undefined || report.meaning !== 'done') return report;
  const { deleted, refused, effects, outcome } = deletion;
  const lines = [...report.stderr, ...refusalLines('delete', refused)];
  if (outcome !== undefined && outcome.notWritten.length > 0) return accountReport('apply', lines, { ...outcome, written: [...(write.outcome?.written ?? []), ...outcome.written], unknown: [] });
  const results = [...write.plan.steps, ...deleted.map((target): Result => ({ target, result: 'deleted' }))];
  const success = successLine('apply', targets) + (deleted.length === 0 ? '' : successLine('delete', deleted.map(({ document: { kind } }) => ({ kind: { kind } }))));
  return { stdout: resultsText({ results, effects, success }, options), stderr: lines, meaning: refused.length === 0 ? 'done' : refusalMeaning(refused) };
}

/** Why nothing of a plan would be carried out. */
export function refusalReport(verb: string, refused: readonly Refused[]): CommandReport {
  return { stdout: '', stderr: refusalLines(verb, refused), meaning: refusalMeaning(refused) };
}

function refusedReport(verb: string, refused: readonly Refused[]): CommandReport {
  const report = refusalReport(verb, refused);
  return { ...report, stderr: [...report.stderr, 'Nothing was written.'] };
}

/** Why nothing of a plan in a file was carried out. */
export function overtakenReport(file: string, { differs }: Overtaken): CommandReport {
  return { stdout: '', stderr: [`The cluster is not as ${file} says:`, ...differs.map((each) => `  ${each}`), 'Nothing was written.', 'hint: make a new plan: apply -f ... --plan-out FILE'].map(safe), meaning: 'changed' };
}

/** One line for each resource that could not be written, with the place of its document. */
function refusalLines(verb: string, refused: readonly Refused[]): readonly string[] {
  return refused.map(({ target, message }) => failureLine(verb, target, message));
}

function failureLine(verb: string, target: Target, message: string): string {
  return safe(`Failed to ${verb} '${target.kind.kind}' resource: ${message}${target.place === undefined ? '' : ` (${target.place()})`}`);
}

/** The first conflict, or that nobody may do this through us. */
export function refusalMeaning(refused: readonly Refused[]): Meaning {
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
const AGAIN: Readonly<Record<string, string>> = { create: 'Run the same command again with --skip-exists', delete: 'Run the same command again with --skip-not-exists', plan: 'Make a new plan', patch: 'Run the same command again for these alone', undo: 'Run undo --to with the revision that was to come back' };

function accountReport(verb: string, reasons: readonly string[], { written, unknown, notWritten, parts = { done: [], unknown: [] } }: BatchAccount): CommandReport {
  const past = pastOf(verb);
  const all = [...written, ...unknown, ...notWritten].map((step) => step.target);
  const lines = (how: string, steps: readonly Step[]): string[] => steps.map(({ result, target }) => safe(`${how}${result === 'deleted' ? result : past}: ${target.identity}`));
  return {
    stdout: written.length === 0 ? '' : `Partial success: ${past} ${written.length} out of ${all.length}${kindWord(all)} resources\n`,
    stderr: [...reasons, ...lines('', written), ...accountLines(parts).map(safe), ...lines('perhaps ', unknown), ...lines('not ', notWritten), `${AGAIN[verb] ?? 'Run the same command again'} to do the rest.`],
    meaning: written.length + parts.done.length === 0 ? 'unknown-outcome' : 'partly',
  };
}

/** What delete came to: what exists went, each that could not go is named, in the order of the targets. */
export function deleteReport(targets: readonly Target[], result: DeleteResult, options: ReportOptions & { readonly skipMissing: boolean }): CommandReport {
  const { deleted, missing, refused, effects, outcome } = result;
  const failed = new Map(refused.map(({ target, message }) => [target, message]));
  if (!options.skipMissing) for (const target of missing) failed.set(target, `resource does not exist: ${target.identity}`);
  const lines = targets.flatMap((target) => (failed.has(target) ? failureLine('delete', target, failed.get(target) as string) : []));
  if (outcome !== undefined && outcome.notWritten.length > 0) {
    const report = partialReport('delete', outcome);
    return { ...report, stderr: [...lines, ...report.stderr] };
  }
  const counted = options.skipMissing ? [...deleted, ...missing] : deleted;
  const meaning = lines.length === 0 ? 'done' : missing.length === 0 || options.skipMissing ? refusalMeaning(refused) : 'missing';
  const [all, going] = [new Set(counted), new Set(deleted)];
  const results = targets.filter((target) => all.has(target)).map((target): Result => ({ target, result: going.has(target) ? 'deleted' : 'skipped' }));
  const told = counted.length > 0 || (options.output === 'json' && refused.length > 0);
  return { stdout: told ? resultsText({ results, effects, refused, success: successLine('delete', counted) }, options) : '', stderr: lines, meaning };
}

/** Something failed in the middle of a batch. */
export function interruptedReport(verb: string, { account, cause }: InterruptedBatch): CommandReport {
  return accountReport(verb, [safe(cause instanceof Error ? cause.message : String(cause))], account);
}
