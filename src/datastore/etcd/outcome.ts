import type { IKeyValue } from 'etcd3';
import { keyBytes, valueBytes, type Operation } from '../store.js';

/** A key at a revision. */
export interface KeyAtRevision {
  readonly key: Buffer;
  readonly revision: bigint;
}

/** What etcd remembers. */
export interface History {
  /** Keys as they were, in the order of the moments; undefined where one did not exist. Without the values where `keysOnly` says so. */
  read(moments: readonly KeyAtRevision[], keysOnly?: boolean): Promise<readonly (IKeyValue | undefined)[]>;
}

/** What is known of a transaction that may have been carried out. */
export interface UncertainTransaction {
  readonly operations: readonly Operation[];
  /** The keys as they are at `revision`, in the order of the operations. */
  readonly current: readonly (IKeyValue | undefined)[];
  readonly revision: bigint;
  /** A revision the store had before the transaction was sent for the first time. */
  readonly before: bigint;
}

/** Revisions looked at in one request when the history of a key is searched. */
const PROBES = 100;

/**
 * Tells whether the transaction was carried out: returns its revision, or undefined where it was not, up to the revision of the
 * doubt. All its keys are looked at: it was carried out where all of them changed at one revision as it says, from what it expects.
 * Somebody else's transaction with the very same effect cannot be told from ours: a deletion, or a change to the same bytes.
 */
export async function findOurs(doubt: UncertainTransaction, history: History): Promise<bigint | undefined> {
  if (isImpossible(doubt)) return undefined;
  const seen = new Set<bigint>();
  for await (const candidate of candidates(doubt, history)) {
    if (seen.has(candidate)) continue;
    seen.add(candidate);
    if (await isOurs(doubt, candidate, history)) return candidate;
  }
  return undefined;
}

/** Whether the keys, as they are now, rule out that the transaction was carried out: no history is needed then. */
function isImpossible({ operations, current, before }: UncertainTransaction): boolean {
  return operations.some((operation, index) => {
    const now = current[index];
    if (replaces(operation)) return now?.mod_revision === operation.expect;
    // What has been there all the time was in the way all the time.
    return operation.expect === '0' && now !== undefined && BigInt(now.create_revision) <= before;
  });
}

/** Whether an operation changes a key that exists: it can do so once only, since no modification revision comes back. */
function replaces({ action, expect }: Operation): boolean {
  return action !== 'check' && expect !== '0';
}

/** The revisions at which the transaction can have been carried out, the likely ones first. */
async function* candidates(doubt: UncertainTransaction, history: History): AsyncIterable<bigint> {
  const { operations, current, before } = doubt;
  for (const [index, operation] of operations.entries()) {
    const now = current[index];
    if (operation.action !== 'put' || now === undefined || !valueBytes(operation).equals(now.value)) continue;
    if (BigInt(now.mod_revision) > before) yield BigInt(now.mod_revision);
    break;
  }
  const replaced = operations.findIndex(replaces);
  if (replaced >= 0) {
    const change = await firstChange(operations[replaced] as Operation, current[replaced], doubt, history);
    if (change !== undefined) yield change;
    return;
  }
  const made = operations.findIndex(({ action }) => action === 'put');
  if (made >= 0) yield* creations(keyBytes(operations[made] as Operation), current[made], doubt, history);
}

/** The first change of a key after the revision that is expected, undefined where it was before the transaction was sent. */
async function firstChange(operation: Operation, now: IKeyValue | undefined, { revision, before }: UncertainTransaction, history: History): Promise<bigint | undefined> {
  const [key, { expect }] = [keyBytes(operation), operation];
  let unchanged = BigInt(expect);
  if (before > unchanged) {
    const [then] = await history.read([{ key, revision: before }], true);
    if (then?.mod_revision !== expect) return undefined;
    unchanged = before;
  }
  let changed = now === undefined ? revision : BigInt(now.mod_revision);
  while (changed - unchanged > 1n) {
    const probes = between(unchanged, changed);
    const states = await history.read(probes.map((probe) => ({ key, revision: probe })), true);
    const first = states.findIndex((state) => state?.mod_revision !== expect);
    unchanged = probes[(first < 0 ? probes.length : first) - 1] ?? unchanged;
    if (first >= 0) changed = probes[first] as bigint;
  }
  return changed;
}

/** At most as many revisions as one request takes, evenly between two that are left out. */
function between(low: bigint, high: bigint): readonly bigint[] {
  const inside = high - low - 1n;
  const count = inside < BigInt(PROBES) ? Number(inside) : PROBES;
  return Array.from({ length: count }, (_, index) => low + (BigInt(index + 1) * (inside + 1n)) / BigInt(count + 1));
}

/**
 * Every revision since `before` at which a key was created, the last one first. A key that was made and deleted leaves no trace
 * in what is there later, so that revision after revision has to be asked for.
 */
async function* creations(key: Buffer, now: IKeyValue | undefined, { revision, before }: UncertainTransaction, history: History): AsyncIterable<bigint> {
  let next = revision;
  if (now !== undefined) {
    next = BigInt(now.create_revision) - 1n;
    yield BigInt(now.create_revision);
  }
  while (next > before) {
    const left = next - before;
    const count = left < BigInt(PROBES) ? Number(left) : PROBES;
    const states = await history.read(Array.from({ length: count }, (_, index) => ({ key, revision: next - BigInt(index) })), true);
    next -= BigInt(count);
    for (const state of states) if (state !== undefined && BigInt(state.create_revision) > before) yield BigInt(state.create_revision);
  }
}

/** Whether every key was, at that revision, what the transaction leaves, and before it what the transaction expects. */
async function isOurs({ operations, current }: UncertainTransaction, revision: bigint, history: History): Promise<boolean> {
  const text = String(revision);
  const asked = operations.flatMap((operation, index) => (current[index]?.mod_revision === text ? [] : [{ key: keyBytes(operation), revision, index }]));
  const then = [...current];
  for (const [place, state] of (await history.read(asked)).entries()) then[asked[place]!.index] = state;
  if (!operations.every((operation, index) => isLeft(operation, then[index], text))) return false;
  const changed = operations.filter(replaces);
  const earlier = await history.read(changed.map((operation) => ({ key: keyBytes(operation), revision: revision - 1n })), true);
  return changed.every(({ expect }, index) => earlier[index]?.mod_revision === expect);
}

/** Whether a key is as the transaction leaves it that was carried out at a revision. */
function isLeft(operation: Operation, state: IKeyValue | undefined, revision: string): boolean {
  const { action, expect } = operation;
  if (action === 'check') return (state?.mod_revision ?? '0') === expect;
  if (action === 'delete') return state === undefined;
  if (state?.mod_revision !== revision || (expect === '0') !== (state.create_revision === revision)) return false;
  return valueBytes(operation).equals(state.value);
}
