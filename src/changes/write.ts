import { ManifestError } from '../base/errors.js';
import type { Entry, Store } from '../datastore/store.js';
import { retry } from '../base/back-off.js';
import { Pace } from '../base/pace.js';
import type { Notify } from '../base/notice.js';
import type { ChangeNotice } from './notices.js';
import { commitSteps, DECIDING, intoBatches, type Outcome } from './commit.js';
import { findingNeeds } from './find.js';
import { INITIAL_KEYS, initialEntries, writeInitial, type Sources } from './initialize.js';
import { planWrites, type Plan, type PlanOptions, type WriteVerb } from './plan.js';
import { hasRules, rankOf, ruleNeeds } from './store-rules.js';
import type { Target } from '../objects/target.js';
import { Needs, readWorld, type World } from './world.js';

export interface WriteOptions extends PlanOptions {
  readonly dryRun?: boolean;
  readonly sources: Sources;
  readonly notify?: Notify<ChangeNotice> | undefined;
}

export interface WriteResult {
  readonly plan: Plan;
  /** As of which it was decided. */
  readonly revision: string;
  /** Absent where nothing was to be written, or nothing may be. */
  readonly outcome?: Outcome;
}

/**
 * Creates, applies or replaces resources: reads what it depends on at one revision, decides, and writes guarded by
 * what was read. When another client changes one of them meanwhile, it decides again, unless the document names a revision.
 */
export async function writeTargets(store: Store, verb: WriteVerb, targets: readonly Target[], options: WriteOptions): Promise<WriteResult> {
  const result = await retry(DECIDING, async (isLast) => {
    // Each try is a call of its own, so that the plan of the one before is gone: it may be large.
    let tried = await tryToWrite(store, verb, targets, options);
    while (tried === 'initialised') tried = await tryToWrite(store, verb, targets, options);
    const { batches = 0, outcome } = tried;
    return outcome === undefined || outcome.refused.length === 0 || batches > 1 || isLast ? tried : undefined;
  });
  return result!;
}

async function tryToWrite(store: Store, verb: WriteVerb, targets: readonly Target[], options: WriteOptions): Promise<(WriteResult & { readonly batches?: number }) | 'initialised'> {
  const { plan, initial, revision } = await planAll(store, verb, targets, options);
  if (plan.invalid.length > 0) throw new ManifestError(plan.invalid);
  if (options.dryRun === true) return { plan, revision };
  // Whatever becomes of the batch, as the official tool does it (reference/storage 2.6).
  if (initial.length > 0) {
    await writeInitial(store, initial);
    return 'initialised';
  }
  if (plan.refused.length > 0) return { plan, revision };
  const batches = await intoBatches(plan.steps, { stageOf: ({ target }) => rankOf(target.stored), signal: options.signal });
  if (batches.length > 1) options.notify?.({ code: 'changes.transactions', transactions: batches.length, resources: targets.length });
  return { plan, revision, outcome: await commitSteps(store, batches, { signal: options.signal, onProgress: (count) => options.notify?.({ code: 'changes.progress', did: 'written', count, of: targets.length }) }), batches: batches.length };
}

/** Plans in sight of all that the plan depends on, and tells which of the initial objects are missing. */
async function planAll(store: Store, verb: WriteVerb, targets: readonly Target[], options: WriteOptions): Promise<{ plan: Plan; initial: readonly Entry[]; revision: string }> {
  const world = await readFor(store, verb, targets, options);
  const initial = initialEntries(world, options.sources);
  world.add(initial);
  for (;;) {
    const plan = await planWrites(verb, targets, world, options.sources, options);
    if (plan.lacks.isEmpty) return { plan, initial, revision: world.revision };
    await world.readMore(store, plan.lacks);
  }
}

async function readFor(store: Store, verb: WriteVerb, targets: readonly Target[], { signal }: WriteOptions): Promise<World> {
  const needs = new Needs();
  for (const key of INITIAL_KEYS) needs.key(key);
  findingNeeds(targets, needs, verb !== 'create');
  await new Pace(signal).each(targets, (target) => {
    if (hasRules(target.stored)) ruleNeeds(target.stored, target.object, needs);
  });
  return readWorld(store, needs);
}
