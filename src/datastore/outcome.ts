import type { IKeyValue } from 'etcd3';
import type { Operation } from './store.js';

/** Reads one key as it was at a revision; undefined where it did not exist. */
export type ReadAt = (key: string, revision: bigint) => Promise<IKeyValue | undefined>;

/** What is known when a transaction that may have been carried out is refused on its second try. */
export interface Doubt {
  readonly operations: readonly Operation[];
  /** The keys as they are at `revision`, in the order of the operations. */
  readonly current: readonly (IKeyValue | undefined)[];
  readonly revision: bigint;
  /** A revision the store had before the transaction was sent for the first time; 0 where none is known. */
  readonly before: bigint;
}

/**
 * Tells whether the transaction was carried out on an earlier try (reliability-libs.md 2.3). It can have been carried out at most
 * once, and all of it or nothing, so one written key decides for all: had it been ours, the first change of that key since
 * `before` would be ours, byte for byte. Returns the revision of that change, or undefined where it was not ours.
 */
export async function findOurs(doubt: Doubt, readAt: ReadAt): Promise<bigint | undefined> {
  const { operations, current } = doubt;
  const index = decidingIndex(operations);
  const operation = operations[index];
  if (operation === undefined) return undefined;
  const now = current[index];
  if (operation.expect === '0') return createdByUs(operation, now, doubt.before, readAt);
  const change = await firstChange(operation, now, doubt, readAt);
  if (change === undefined) return undefined;
  return isOurs(operation, change.entry) ? change.revision : undefined;
}

/** A replaced key tells most, a created one less (it may have been deleted since), a deleted one least (who deleted it cannot be seen). */
function decidingIndex(operations: readonly Operation[]): number {
  const ranks = [
    (each: Operation) => each.action === 'put' && each.expect !== '0',
    (each: Operation) => each.action === 'put',
    (each: Operation) => each.action === 'delete' && each.expect !== '0',
  ];
  return ranks.map((rank) => operations.findIndex(rank)).find((index) => index >= 0) ?? -1;
}

/** A key that was to be created is ours if what it was created with is ours. */
async function createdByUs(operation: Operation, now: IKeyValue | undefined, before: bigint, readAt: ReadAt): Promise<bigint | undefined> {
  if (now === undefined) return undefined;
  const created = BigInt(now.create_revision);
  if (created <= before) return undefined;
  const entry = now.mod_revision === now.create_revision ? now : await readAt(operation.key, created);
  return isOurs(operation, entry) ? created : undefined;
}

/** The first change of a key after the revision that was expected: the one before the present state is looked at first, then by halves. */
async function firstChange({ key, expect }: Operation, now: IKeyValue | undefined, { revision, before }: Doubt, readAt: ReadAt): Promise<{ revision: bigint; entry: IKeyValue | undefined } | undefined> {
  if (now?.mod_revision === expect) return undefined;
  let unchanged = BigInt(expect);
  if (before > unchanged) {
    if ((await readAt(key, before))?.mod_revision !== expect) return undefined;
    unchanged = before;
  }
  let changed = { revision: now === undefined ? revision : BigInt(now.mod_revision), entry: now };
  for (let probe = changed.revision - 1n; probe > unchanged; probe = (unchanged + changed.revision) / 2n) {
    const entry = await readAt(key, probe);
    if (entry?.mod_revision === expect) unchanged = probe;
    else changed = { revision: entry === undefined ? probe : BigInt(entry.mod_revision), entry };
  }
  return changed;
}

function isOurs(operation: Operation, entry: IKeyValue | undefined): boolean {
  if (operation.action === 'put') return entry !== undefined && Buffer.from(operation.value).equals(entry.value);
  return entry === undefined;
}
