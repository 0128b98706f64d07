import type { Store } from '../../datastore/store.js';
import type { Target } from '../../objects/target.js';
import { InterruptedBatch } from '../commit.js';
import { deleteTargets, type DeleteResult } from '../delete.js';
import { Consent } from '../effects/consent.js';
import type { Effects, FindEffects } from '../effects/draft.js';
import { DeleteStep, type Step } from '../step.js';
import { writeTargets, type WriteOptions, type WriteResult } from '../write.js';
import { prunable, type Prunable } from './prunable.js';
import type { PruneScope } from './scope.js';

export interface PruneOptions extends WriteOptions {
  /** Nothing is deleted without it. */
  readonly scope: PruneScope | undefined;
  readonly findEffects: FindEffects;
  /** Asked before anything is written, where something would be deleted; throws where that is not wanted. */
  readonly agree?: ((going: readonly Target[], effects: readonly Effects[]) => Promise<void>) | undefined;
}

/** What became, or would become, of the files' resources and of those that no file has. */
export interface Pruned {
  readonly write: WriteResult;
  /** Absent where nothing was to be deleted, or nothing may be. */
  readonly deletion?: DeleteResult | undefined;
  /** What was found to delete, where nothing has been deleted yet. */
  readonly found?: readonly Prunable[];
}

/**
 * Applies the targets, and then deletes what the scope has beyond them, as `delete` does: by the same procedures, and with the
 * same guards. Both are decided before anything is written; a resource that is changed after that is not deleted.
 * @throws InterruptedBatch where the deletion fails after something was written
 */
export async function applyAndPrune(store: Store, targets: readonly Target[], { scope, findEffects, agree, guard, ...options }: PruneOptions): Promise<Pruned> {
  const planned = await writeTargets(store, 'apply', targets, { ...options, dryRun: true });
  if (planned.plan.refused.length > 0) return { write: planned };
  const found = scope === undefined ? [] : await prunable(store, planned.plan.steps, scope, { revision: planned.revision, signal: options.signal });
  const going = found.map(({ target }) => target);
  const deletions = found.map(({ target, entry: { key, modRevision } }) => new DeleteStep(target, key, modRevision));
  await guard?.(store, { steps: [...planned.plan.steps, ...deletions], revision: planned.revision });
  if (going.length === 0) return { write: options.dryRun === true ? planned : await writeTargets(store, 'apply', targets, options) };
  const rehearsal = await deleteTargets(store, going, { dryRun: true, findEffects });
  if (options.dryRun === true) return { write: planned, deletion: rehearsal, found };
  // That a tier is in use may change with what is written.
  const hopeless = rehearsal.refused.filter(({ reason }) => reason !== 'precondition');
  if (hopeless.length > 0) return { write: { ...planned, plan: { ...planned.plan, refused: hopeless } } };
  const consent = agree && new Consent((effects) => agree(going, effects));
  await agree?.(going, rehearsal.effects);
  consent?.agreeTo(rehearsal.effects);
  const write = await writeTargets(store, 'apply', targets, options);
  const { outcome } = write;
  if (write.plan.refused.length > 0 || (outcome !== undefined && outcome.refused.length + outcome.notWritten.length > 0)) return { write };
  return { write, deletion: await deleteAfter(write, deletions, () => deleteTargets(store, going, { findEffects, confirm: consent && (async (effects) => { await consent.asksAbout(effects); }), signal: options.signal, notify: options.notify })) };
}

/**
 * Deletes, and where that fails tells what was written before.
 * @param left the steps of what is to be deleted, none of which was carried out where nobody knows better
 */
export async function deleteAfter({ outcome }: WriteResult, left: readonly Step[], work: () => Promise<DeleteResult>): Promise<DeleteResult> {
  try {
    return await work();
  } catch (error) {
    const written = outcome?.written ?? [];
    if (written.length === 0) throw error;
    const { account, cause } = error instanceof InterruptedBatch ? error : { account: { written: [], unknown: [], notWritten: left }, cause: error };
    throw new InterruptedBatch({ ...account, written: [...written, ...account.written] }, cause);
  }
}
