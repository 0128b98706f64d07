import { inParallelFrom } from '../base/in-parallel.js';
import { CalicoError, ListedError } from '../base/errors.js';
import type { Notify } from '../base/notice.js';
import { intoTransactions } from '../datastore/batches.js';
import type { Operation, Store } from '../datastore/store.js';
import { isOutcomeUnknown } from '../datastore/account.js';
import { CLUSTER_KEY } from '../ipam/cluster/facts.js';
import { compareWithStore, inOrder } from './difference.js';
import { nameOfKey } from './key-name.js';
import { lockedText } from './marker.js';
import type { BackupNotice } from './notices.js';
import type { RestorePlan } from './plan.js';

export interface RestoreRequest {
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly notify: Notify<BackupNotice>;
}

/** Keys that a message names at most. */
const NAMED = 5;

/** How far a restore has come. */
interface Progress {
  written: number;
  perhaps: number;
  readonly of: number;
}

/**
 * Does what the plan says: locks the datastore with a marker, writes batch after batch, each only if every key of it and the lock are
 * as they were read, compares everything with the file, and at last writes ClusterInformation, which ends the lock. Throws CalicoError:
 * before anything was written as it is, later as a ListedError that tells how far it came.
 */
export async function restore(plan: RestorePlan, store: Store, request: RestoreRequest): Promise<void> {
  const { difference: { puts, surplus }, mode } = plan;
  const lock = await lockStore(plan, store, request.now());
  const progress: Progress = { written: 0, perhaps: 0, of: puts.length + (mode === 'merge' ? 0 : surplus.length) };
  try {
    await inParallelFrom(intoTransactions(operationsOf(plan), [{ action: 'check', key: CLUSTER_KEY, expect: lock }]), (batch) => write(batch, store, progress, request));
    await verify(plan, store, request);
    await unlock(plan, store, lock);
  } catch (error) {
    throw error instanceof CalicoError ? asInterrupted(error, progress) : error;
  }
}

/** Locks the datastore, and returns the revision of the lock: whoever changes that ends the restore. */
async function lockStore({ file, mode, difference: { cluster: { inFile, inStore } }, resumes }: RestorePlan, store: Store, now: Date): Promise<string> {
  if (resumes && inStore !== undefined) return inStore.modRevision;
  const kept = mode === 'merge' ? inStore?.value : undefined;
  const value = lockedText(kept ?? inFile?.value ?? inStore?.value, { sha256: file.end.sha256, mode, begun: now.toISOString(), ...(kept !== undefined && { before: kept }) });
  const commit = await store.commit([{ action: 'put', key: CLUSTER_KEY, expect: inStore?.modRevision ?? '0', value }], [{ did: 'locked', what: 'the datastore' }]);
  if (commit.done) return commit.revision;
  throw new CalicoError('changed', 'ClusterInformation was changed meanwhile: nothing was written', { hint: 'try again' });
}

async function write(batch: readonly Operation[], store: Store, progress: Progress, { signal, notify }: RestoreRequest): Promise<void> {
  signal.throwIfAborted();
  try {
    const commit = await store.commit(batch, []);
    if (!commit.done) throw new CalicoError('changed', `somebody else changed ${named(commit.refusals.map(({ key }) => key))} meanwhile`);
  } catch (error) {
    if (isOutcomeUnknown(error)) progress.perhaps += batch.length - 1;
    throw error;
  }
  progress.written += batch.length - 1;
  notify({ code: 'backup.progress', did: 'written', count: progress.written, of: progress.of });
}

/** What is to be written, the values as they are read from the file; deletions last, so that nothing is missing meanwhile that is in both. */
async function* operationsOf({ file, mode, difference: { puts, surplus } }: RestorePlan): AsyncGenerator<Operation> {
  let [place, next] = [-1, 0];
  for await (const { key, value, bytes } of inOrder(file)) {
    const put = puts[next];
    if (put === undefined) break;
    if (++place !== put.place) continue;
    next++;
    yield { action: 'put', key, value, expect: put.expect, ...(bytes && { bytes }) };
  }
  if (mode === 'merge') return;
  for (const { key, bytes, expect } of surplus) yield { action: 'delete', key, expect, ...(bytes && { bytes }) };
}

/** Compares all of the store with the file. Throws CalicoError where it is not what the file says. */
async function verify({ file, mode }: RestorePlan, store: Store, request: RestoreRequest): Promise<void> {
  const { puts, surplus } = await compareWithStore(file, store, request);
  const wrong = [...puts, ...(mode === 'merge' ? [] : surplus)];
  if (wrong.length > 0) throw new CalicoError('changed', `compared afterwards, ${wrong.length} keys are not as in ${file.name}, since somebody else writes to the datastore: ${named(wrong.map(({ key }) => key))}`);
}

async function unlock({ cluster }: RestorePlan, store: Store, lock: string): Promise<void> {
  const last: Operation = cluster === undefined ? { action: 'delete', key: CLUSTER_KEY, expect: lock } : { action: 'put', key: CLUSTER_KEY, expect: lock, value: cluster.value, ...(cluster.bytes && { bytes: cluster.bytes }) };
  const commit = await store.commit([last], []);
  if (!commit.done) throw new CalicoError('changed', 'somebody else changed ClusterInformation meanwhile');
}

function asInterrupted(cause: CalicoError, { written, perhaps, of }: Progress): ListedError {
  const lines = [cause.message, `${written} of ${of} keys were written${perhaps === 0 ? '' : `, ${perhaps} more perhaps`}; the datastore is locked until all of them are.`];
  return new ListedError(cause.meaning === 'interrupted' ? 'interrupted' : 'partly', lines, { hint: 'the same command again finishes it' });
}

function named(keys: readonly string[]): string {
  const names = keys.slice(0, NAMED).map((key) => {
    const { kind, name } = nameOfKey(key);
    return `${kind}(${name})`;
  });
  return names.join(', ') + (keys.length > NAMED ? ` and ${keys.length - NAMED} more` : '');
}
