import type { Store } from '../../datastore/store.js';
import { STORED_KINDS } from '../../resources/registry.js';
import { commitSteps, intoBatches, type CommitOptions, type Outcome } from '../commit.js';
import { rankOf } from '../store-rules.js';
import type { UndoPlan } from './plan.js';

/** Writes what a plan of undo says: only onto what was read, in one transaction where it fits. What others name comes before what names it, and goes after it. */
export async function carryOutUndo(store: Store, { steps }: UndoPlan, options: CommitOptions): Promise<Outcome> {
  const last = Math.max(...STORED_KINDS.map(rankOf));
  const batches = await intoBatches(steps, { stageOf: ({ target, result }) => (result === 'deleted' ? 2 * last + 1 - rankOf(target.stored) : rankOf(target.stored)), signal: options.signal });
  return commitSteps(store, batches, options);
}
