import { ManifestError, type Diagnostic } from '../base/errors.js';
import { CHANGING } from '../datastore/draft.js';
import type { Entry, Store } from '../datastore/store.js';
import { retry } from '../base/back-off.js';
import { Pace } from '../base/pace.js';
import type { Notify } from '../base/notice.js';
import type { Guard } from './guard.js';
import type { ChangeNotice } from './notices.js';
import { commitSteps, DECIDING, intoBatches, type Outcome } from './commit.js';
import { findingNeeds } from './find.js';
import { INITIAL_KEYS, initialEntries, writeInitial, type Sources } from './initialize.js';
import { planWrites, type Plan, type PlanOptions, type Refused, type WriteVerb } from './plan.js';
import { writes } from './step.js';
import { hasRules, rankOf, ruleNeeds } from './store-rules.js';
import type { Target } from '../objects/target.js';
import { Needs, readWorld, type World } from './world.js';

export interface WriteOptions extends PlanOptions {
  readonly dryRun?: boolean;
  readonly sources: Sources;
  readonly notify?: Notify<ChangeNotice> | undefined;
  /** Asked before anything is written, also in a dry run. */
  readonly guard?: Guard | undefined;
}

/** Targets that follow from what is stored: they are made again at each try. */
export interface TargetsInSight {
  /** Asks for what they follow from. */
  needs(needs: Needs): void;
  seen(world: World): Seen;
}

/** What became of them in the store as it was read. */
export interface Seen {
  readonly targets: readonly Target[];
  readonly refused: readonly Refused[];
  readonly invalid: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
}

export interface WriteResult {
  readonly plan: Plan;
  /** As of which it was decided. */
  readonly revision: string;
  readonly targets: readonly Target[];
  /** Of targets that follow from what is stored. */
  readonly warnings: readonly Diagnostic[];
  /** Absent where nothing was to be written, or nothing may be. */
  readonly outcome?: Outcome;
}

/** The same with the objects that every datastore starts with and that are missing: they are written first. */
export interface Written extends WriteResult {
  readonly initial: readonly Entry[];
}

/**
 * Creates, applies or replaces resources: reads what it depends on at one revision, decides, and writes guarded by
 * what was read. When another client changes one of them meanwhile, it decides again, unless the document names a revision.
 * What follows from what is stored undoes nobody's change, so that it is tried far more often.
 */
export async function writeTargets(store: Store, verb: WriteVerb, targets: readonly Target[] | TargetsInSight, options: WriteOptions): Promise<Written> {
  const result = await retry('seen' in targets ? CHANGING : DECIDING, async (isLast) => {
    // Each try is a call of its own, so that the plan of the one before is gone: it may be large.
    let tried = await tryToWrite(store, verb, targets, options);
    while (tried === 'initialised') tried = await tryToWrite(store, verb, targets, options);
    const { batches = 0, outcome } = tried;
    return outcome === undefined || outcome.refused.length === 0 || batches > 1 || isLast ? tried : undefined;
  });
  return result!;
}

async function tryToWrite(store: Store, verb: WriteVerb, given: readonly Target[] | TargetsInSight, options: WriteOptions): Promise<(Written & { readonly batches?: number }) | 'initialised'> {
  const { plan, initial, revision, targets, warnings } = await planAll(store, verb, given, options);
  if (plan.invalid.length > 0) throw new ManifestError(plan.invalid);
  const result = { plan, revision, targets, warnings, initial };
  if (plan.refused.length === 0) await options.guard?.(store, { steps: plan.steps, revision });
  if (options.dryRun === true) return result;
  // Whatever becomes of the batch, as the official tool does it (reference/storage 2.6); it does not where it changes what is there.
  if (initial.length > 0 && (!('seen' in given) || (plan.refused.length === 0 && plan.steps.some(writes)))) {
    await writeInitial(store, initial);
    return 'initialised';
  }
  if (plan.refused.length > 0) return result;
  const batches = await intoBatches(plan.steps, { stageOf: ({ target }) => rankOf(target.stored), signal: options.signal });
  if (batches.length > 1) options.notify?.({ code: 'changes.transactions', transactions: batches.length, resources: targets.length });
  return { ...result, outcome: await commitSteps(store, batches, { signal: options.signal, onProgress: (count) => options.notify?.({ code: 'changes.progress', did: 'written', count, of: targets.length }) }), batches: batches.length };
}

type Planned = Omit<Written, 'outcome'>;

/** Plans in sight of all that the plan depends on, and tells which of the initial objects are missing. */
async function planAll(store: Store, verb: WriteVerb, given: readonly Target[] | TargetsInSight, options: WriteOptions): Promise<Planned> {
  const world = await readFor(store, verb, given, options);
  const initial = initialEntries(world, options.sources);
  world.add(initial);
  const { targets, refused, invalid, warnings } = 'seen' in given ? given.seen(world) : { targets: given, ...NOTHING_MORE };
  for (;;) {
    const plan = await planWrites(verb, targets, world, options.sources, options);
    if (plan.lacks.isEmpty) return { plan: { ...plan, refused: [...refused, ...plan.refused], invalid: [...invalid, ...plan.invalid] }, initial, targets, warnings, revision: world.revision };
    await world.readMore(store, plan.lacks);
  }
}

const NOTHING_MORE = { refused: [], invalid: [], warnings: [] };

async function readFor(store: Store, verb: WriteVerb, targets: readonly Target[] | TargetsInSight, { signal }: WriteOptions): Promise<World> {
  const needs = new Needs();
  for (const key of INITIAL_KEYS) needs.key(key);
  if ('seen' in targets) {
    targets.needs(needs);
    return readWorld(store, needs);
  }
  findingNeeds(targets, needs, verb !== 'create');
  await new Pace(signal).each(targets, (target) => {
    if (hasRules(target.stored)) ruleNeeds(target.stored, target.object, needs);
  });
  return readWorld(store, needs);
}
