import { CalicoError } from '../base/errors.js';
import { isOutcomeUnknown } from '../datastore/account.js';
import { BATCH_LIMIT, operationBytes, TRANSACTION_LIMIT, type Deed, type Operation, type Refusal, type Store } from '../datastore/store.js';
import { Pace } from '../base/pace.js';
import { writes, type Step } from './step.js';

/** How often a batch is decided because somebody else was faster (reference/storage 2.5: the official tool tries five times). */
export const DECIDING = { tries: 5, firstMs: 20, longestMs: 200 };

/** What became of the steps of a batch. */
export interface Outcome {
  readonly written: readonly Step[];
  /** Steps that were not as they had been read, and with them their whole transaction. */
  readonly refused: readonly { readonly step: Step; readonly refusal: Refusal }[];
  readonly notWritten: readonly Step[];
}

/** Steps that go into one transaction. */
export interface Batch {
  /** Batches of one stage go side by side, those of the next one only when all of them are done. */
  readonly stage: number;
  readonly steps: Step[];
}

/** Transactions under way at the same time: beyond four, etcd gains little and a refusal comes later (reference/speed 4.1). */
const IN_FLIGHT = 4;

export interface CommitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((written: number) => void) | undefined;
}

export interface BatchOptions {
  /** Where several transactions are needed, steps of a lower stage are all written before those of a higher one. */
  readonly stageOf?: (step: Step) => number;
  /** Ends the work with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Splits steps that write something into transactions that etcd takes: one where they fit. */
export async function intoBatches(steps: readonly Step[], { stageOf = () => 0, signal }: BatchOptions = {}): Promise<readonly Batch[]> {
  const pace = new Pace(signal);
  const writing = steps.filter(writes);
  const all = new TransactionSpace(TRANSACTION_LIMIT);
  if (writing.every((step) => all.takes(operationsOf(step)))) return writing.length === 0 ? [] : [{ stage: 0, steps: writing }];
  const stages = [...new Set(writing.map(stageOf))].sort((left, right) => left - right);
  const staged: Batch[] = [];
  for (const stage of stages) staged.push(...(await grouped(writing.filter((step) => stageOf(step) === stage), stage, pace)));
  return staged;
}

async function grouped(steps: readonly Step[], stage: number, pace: Pace): Promise<readonly Batch[]> {
  const batches: Batch[] = [];
  let space: TransactionSpace | undefined;
  await pace.each(steps, (step) => {
    const operations = operationsOf(step);
    if (space?.takes(operations) !== true) {
      space = new TransactionSpace(BATCH_LIMIT);
      space.takes(operations);
      batches.push({ stage, steps: [] });
    }
    batches.at(-1)?.steps.push(step);
  });
  return batches;
}

/** The keys and bytes of a transaction, up to the limits of etcd. */
class TransactionSpace {
  private readonly keys = new Set<string>();
  private bytes = 0;

  constructor(private readonly limit: { readonly operations: number; readonly bytes: number }) {}

  /** Adds operations if they fit, and says whether they did; the first ones always do. */
  takes(operations: readonly Operation[]): boolean {
    const added = operations.filter(({ key }) => !this.keys.has(key));
    const bytes = added.reduce((sum, operation) => sum + operationBytes(operation), this.bytes);
    const fits = this.keys.size + added.length <= this.limit.operations && bytes <= this.limit.bytes;
    if (!fits && this.keys.size > 0) return false;
    for (const { key } of added) this.keys.add(key);
    this.bytes = bytes;
    return true;
  }
}

function operationsOf(step: Step): readonly Operation[] {
  return [...step.operations, ...step.reliesOn];
}

/** The operations of all steps, one for each key. */
function operationsOfAll(steps: readonly Step[]): readonly Operation[] {
  const operations = new Map<string, Operation>();
  for (const step of steps) for (const operation of operationsOf(step)) if (!operations.has(operation.key)) operations.set(operation.key, operation);
  return [...operations.values()];
}

/**
 * Carries out the steps of batches. What fits in one transaction is all or nothing; more goes in batches, which stop at the first
 * refusal, and the outcome says exactly what was written.
 * `onProgress` is told after each transaction how many steps are written.
 * @throws InterruptedBatch when the datastore fails and part was written, or may have been; the datastore's own error otherwise
 */
export async function commitSteps(store: Store, batches: readonly Batch[], { signal, onProgress }: CommitOptions = {}): Promise<Outcome> {
  const progress = new Progress();
  const pace = new Pace();
  const work = async (queue: Iterator<Batch>): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      const batch = next.value;
      if (progress.stopped || signal?.aborted === true) progress.notWritten.push(...batch.steps);
      else await progress.commit(store, batch);
      onProgress?.(progress.written.length);
      await pace.done(batch.steps.length);
    }
  };
  for (const stage of new Set(batches.map((batch) => batch.stage))) {
    const queue = batches.filter((batch) => batch.stage === stage).values();
    await Promise.all(Array.from({ length: IN_FLIGHT }, () => work(queue)));
  }
  const { refused, failure } = progress;
  const steps = batches.flatMap((batch) => batch.steps);
  const [written, unknown, notWritten] = [progress.written, progress.unknown, progress.notWritten].map((some) => inOrder(steps, some)) as [Step[], Step[], Step[]];
  if (failure === undefined) return { written, notWritten, refused };
  if (written.length === 0 && (unknown.length === 0 || batches.length === 1)) throw failure.cause;
  throw new InterruptedBatch({ written, unknown, notWritten }, failure.cause);
}

/** Transactions end in any order; what became of the steps is told in theirs. */
function inOrder(steps: readonly Step[], some: readonly Step[]): Step[] {
  const set = new Set(some);
  return set.size === 0 ? [] : steps.filter((step) => set.has(step));
}

class Progress {
  readonly written: Step[] = [];
  readonly refused: { step: Step; refusal: Refusal }[] = [];
  readonly notWritten: Step[] = [];
  readonly unknown: Step[] = [];
  failure: { readonly cause: unknown } | undefined;

  get stopped(): boolean {
    return this.failure !== undefined || this.refused.length > 0;
  }

  async commit(store: Store, batch: Batch): Promise<void> {
    try {
      const commit = await store.commit(operationsOfAll(batch.steps), batch.steps.map(deedOf));
      if (commit.done) this.written.push(...batch.steps);
      else this.refuse(batch, commit.refusals);
    } catch (cause) {
      this.failure ??= { cause };
      (isOutcomeUnknown(cause) ? this.unknown : this.notWritten).push(...batch.steps);
    }
  }

  private refuse(batch: Batch, refusals: readonly Refusal[]): void {
    this.notWritten.push(...batch.steps);
    for (const refusal of refusals) for (const step of stepsOf(batch, refusal)) this.refused.push({ step, refusal });
  }
}

function stepsOf(batch: Batch, refusal: Refusal): readonly Step[] {
  return batch.steps.filter((step) => operationsOf(step).some((operation) => operation.key === refusal.key));
}

/** What became of the steps when something failed in the middle. */
export interface BatchAccount {
  readonly written: readonly Step[];
  /** Sent, and never answered. */
  readonly unknown: readonly Step[];
  readonly notWritten: readonly Step[];
  /** What was done, or perhaps done, of steps that take several transactions and did not come to their end. */
  readonly parts?: { readonly done: readonly Deed[]; readonly unknown: readonly Deed[] };
}

/** Something failed after part of a batch had been written, or may have been. */
export class InterruptedBatch extends Error {
  constructor(
    readonly account: BatchAccount,
    override readonly cause: unknown,
  ) {
    super('part of a batch was written');
    this.name = 'InterruptedBatch';
  }
}

/**
 * Commits one transaction of a procedure and returns its revision; `deed` is what it does.
 * @throws CalicoError when the resource was changed meanwhile
 */
export async function commitOrRefuse(store: Store, operations: readonly Operation[], step: Step, deed: Deed = deedOf(step)): Promise<string> {
  const commit = await store.commit(operations, [deed]);
  if (commit.done) return commit.revision;
  throw changedMeanwhile(step);
}

/** What a step does, in an account. */
function deedOf({ result, target: { identity } }: Step): Deed {
  return { did: result, what: identity };
}

/** The failure of a procedure that met somebody else's change. */
export function changedMeanwhile(step: Step): CalicoError {
  return new CalicoError('changed', `${step.target.identity} was changed meanwhile by another client`, { hint: 'run the same command again' });
}
