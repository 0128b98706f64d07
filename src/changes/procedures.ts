import { AccountedStore } from '../datastore/account.js';
import type { Deed, Store } from '../datastore/store.js';
import { InterruptedBatch, type CommitOptions, type Outcome } from './commit.js';
import { deleteNode } from './delete-node.js';
import { deletePool } from './delete-pool.js';
import type { Step } from './step.js';

type Procedure = (store: Store, step: Step) => Promise<void>;

/** Kinds whose deletion takes more than removing a key: what belongs to them goes first. */
const PROCEDURES: Readonly<Record<string, Procedure>> = {
  IPPool: deletePool,
  Node: deleteNode,
};

/** Whether a step takes more than a transaction. */
export function isProcedure({ target }: Step): boolean {
  return Object.hasOwn(PROCEDURES, target.stored.kind);
}

/**
 * Deletes one after the other what takes more than a transaction.
 * @param before what was done already, for the account of a failure: steps, and parts of those that are left
 * @throws InterruptedBatch where it ends early and anything was done, or may have been; else what ended it
 */
export async function carryOut(store: Store, steps: readonly Step[], before: { readonly written: readonly Step[]; readonly parts: readonly Deed[] }, { signal, onProgress }: CommitOptions): Promise<Pick<Outcome, 'written' | 'notWritten'>> {
  const written: Step[] = [];
  for (const [index, step] of steps.entries()) {
    if (signal?.aborted === true) return { written, notWritten: steps.slice(index) };
    const accounted = new AccountedStore(store);
    try {
      await PROCEDURES[step.target.stored.kind]?.(accounted, step);
    } catch (cause) {
      if (before.written.length + before.parts.length + written.length === 0 && accounted.account.isEmpty) throw cause;
      throw endedEarly({ written: [...before.written, ...written], done: before.parts, step, rest: steps.slice(index + 1) }, accounted, cause);
    }
    written.push(step);
    onProgress?.(before.written.length + written.length);
  }
  return { written, notWritten: [] };
}

/** The account of a batch that ended in the middle of a step. */
function endedEarly({ written, done, step, rest }: { readonly written: readonly Step[]; readonly done: readonly Deed[]; readonly step: Step; readonly rest: readonly Step[] }, { account }: AccountedStore, cause: unknown): InterruptedBatch {
  const isLast = ({ did, what }: Deed): boolean => did === step.result && what === step.target.identity;
  const isUnknown = account.unknown.some(isLast);
  const parts = { done: [...done, ...account.done], unknown: account.unknown.filter((deed) => !isLast(deed)) };
  const outcome = isUnknown ? { unknown: [step], notWritten: rest } : { unknown: [], notWritten: [step, ...rest] };
  return new InterruptedBatch({ written, ...outcome, parts }, cause instanceof InterruptedBatch ? cause.cause : cause);
}
