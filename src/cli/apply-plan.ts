import { effectsOf } from '../changes/effects/effects.js';
import { InterruptedBatch } from '../changes/commit.js';
import { carryOutPlan, isOvertaken } from '../changes/plan-file/carry-out.js';
import { planFileOf } from '../changes/plan-file/make.js';
import { applyAndPrune, type PruneOptions } from '../changes/prune/apply.js';
import type { PruneScope } from '../changes/prune/scope.js';
import type { WriteOptions } from '../changes/write.js';
import type { Store } from '../datastore/store.js';
import type { Target } from '../objects/target.js';
import { interruptedReport, overtakenReport, pruneReport } from '../output/views/changes/report.js';
import type { ReportOptions } from '../output/views/changes/results.js';
import type { CommandReport } from '../output/views/report.js';
import { confirmDeletion, confirmPruning } from './confirm.js';
import { withOvertaken } from './overtaken.js';
import { readPlan, writePlan } from './plan-files.js';
import type { Shell } from './shell.js';

interface Asking {
  readonly shell: Shell;
  /** Whether somebody said yes before being asked. */
  readonly agreed: boolean;
}

/** Applies with pruning, or writes a plan of that into a file; the store stays as it is then. */
export async function applyWithPlan(store: Store, targets: readonly Target[], options: WriteOptions & Asking & { readonly scope: PruneScope | undefined; readonly file: string | undefined }, report: ReportOptions): Promise<CommandReport> {
  const { shell, agreed, scope, file, ...writing } = options;
  const dryRun = file !== undefined || writing.dryRun === true;
  const pruning: PruneOptions = { ...writing, dryRun, scope, findEffects: effectsOf, agree: (going, effects) => confirmPruning(shell, going, effects, agreed) };
  const result = await applyAndPrune(store, targets, pruning);
  const told = await withOvertaken(pruneReport(targets, result, { ...report, dryRun }), result.write.plan.refused, store);
  if (file === undefined || told.meaning !== 'done') return told;
  await writePlan(file, await planFileOf(store, result, writing.sources));
  return told;
}

/** Carries out the plan in a file: all of it, or nothing where anything is not as it was. */
export async function carryOutFile(connect: () => Promise<Store>, path: string, { shell, agreed, ...writing }: WriteOptions & Asking, report: ReportOptions): Promise<CommandReport> {
  const plan = await readPlan(path, (name) => shell.readText(name));
  const asks = writing.dryRun !== true && (shell.terminal.stderr || (await shell.canAnswer()));
  try {
    const result = await carryOutPlan(await connect(), plan, { ...writing, findEffects: effectsOf, confirm: asks ? (effects) => confirmDeletion(shell, effects, agreed) : undefined });
    if (isOvertaken(result)) return overtakenReport(path, result);
    return pruneReport(result.write.plan.steps.map(({ target }) => target), result, report);
  } catch (error) {
    if (!(error instanceof InterruptedBatch)) throw error;
    return interruptedReport('plan', error);
  }
}
