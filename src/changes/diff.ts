import type { Store } from '../datastore/store.js';
import { changedEntry, type Changed } from '../objects/changed.js';
import type { Target } from '../objects/target.js';
import { changedBy } from './changed-document.js';
import type { Refused } from './plan.js';
import { prunable } from './prune/prunable.js';
import type { PruneScope } from './prune/scope.js';
import { writes, type Step } from './step.js';
import { writeTargets, type WriteOptions } from './write.js';

export interface DiffOptions extends Omit<WriteOptions, 'dryRun'> {
  /** Where what no file has counts as a difference. */
  readonly prune?: PruneScope | undefined;
}

/** What would become of a resource. */
export interface ShownChange {
  readonly target: Target;
  readonly result: Step['result'];
  readonly changed: Changed;
}

/** What apply would come to. */
export interface FoundDifferences {
  /** Why it would write nothing at all. */
  readonly refused: readonly Refused[];
  /** What would become of each resource. */
  readonly results: readonly { readonly target: Target; readonly result: Step['result'] }[];
  readonly isSame: boolean;
  /** What would change, worked out one by one: there may be very much of it. */
  changes(): Generator<ShownChange>;
}

/** Finds out what apply would do with the targets, by the road that apply takes; writes nothing. */
export async function differencesOf(store: Store, targets: readonly Target[], { prune, ...options }: DiffOptions): Promise<FoundDifferences> {
  const { plan: { steps, refused }, revision } = await writeTargets(store, 'apply', targets, { ...options, dryRun: true });
  const going = prune === undefined || refused.length > 0 ? [] : await prunable(store, steps, prune, { revision, signal: options.signal });
  const changing = steps.filter(writes);
  return {
    refused,
    results: [...steps, ...going.map(({ target }) => ({ target, result: 'deleted' as const }))],
    isSame: changing.length + going.length === 0,
    *changes() {
      for (const step of changing) yield { target: step.target, result: step.result, changed: changedBy(step) };
      for (const { target, kind, entry } of going) yield { target, result: 'deleted', changed: changedEntry(kind, entry, undefined) };
    },
  };
}
