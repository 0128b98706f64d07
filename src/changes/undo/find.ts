import { CalicoError } from '../../base/errors.js';
import { Past, type Moment } from '../../datastore/moments.js';
import { newestRevision, storeAt } from '../../datastore/reach.js';
import type { Entry, Range, Store } from '../../datastore/store.js';
import type { Target } from '../../objects/target.js';
import { prefixOf } from '../../resources/keys.js';
import { STORED_KINDS, storedKindOfKey } from '../../resources/registry.js';
import { isMeant } from '../../resources/v1/view.js';
import { decodeStored, isCorrupt } from '../../resources/stored-value.js';
import { candidateKeys, findingNeeds } from '../find.js';
import { Needs } from '../world.js';
import type { Reversal } from './plan.js';

/** What is to be taken back, and of which revisions it is. */
export interface Undoing {
  readonly reversals: readonly Reversal[];
  /** The revisions that are undone, the newest first; empty where everything after `to` is. */
  readonly undone: readonly string[];
  /** The revision to which it goes back, where one was named. */
  readonly to?: string;
  /** The revision before a row of large transactions of which this is the last: they may be one command. */
  readonly rowAfter?: string;
}

/** Keys in a transaction from which on it may be one of several of a command (TRANSACTION_LIMIT has 128). */
const LARGE = 64;
/** Transactions of one command that are looked for. */
const LONGEST = 1_000;

/** The last transaction that wrote resources, as a whole. Throws CalicoError (`missing`) where etcd knows none, and DatastoreError. */
export async function lastTransaction(store: Store): Promise<Undoing> {
  const past = new Past(store, STORED_KINDS.map((kind) => ({ prefix: prefixOf(kind) })), await newestRevision(store));
  const row: Moment[] = [];
  for await (const moment of past.moments()) {
    const later = row.at(-1);
    if (later !== undefined && !follows(moment, later)) break;
    row.push(moment);
    if (row.length > LONGEST) break;
  }
  const [last] = row;
  if (last === undefined) throw nothingKnown('no change of a resource', past.oldest);
  const large = row.length > 1 && row.some(({ changes }) => changes.length >= LARGE);
  return { reversals: last.changes.filter(({ key }) => storedKindOfKey(key) !== undefined).map(reversalOf), undone: [last.revision], ...(large ? { rowAfter: String(BigInt(row.at(-1)?.revision ?? '1') - 1n) } : {}) };
}

/** Whether a moment came right before another one, and did the same. */
function follows(earlier: Moment, later: Moment): boolean {
  const did = ({ changes: [first] }: Moment): string => `${first?.before === undefined} ${first?.after === undefined}`;
  return BigInt(earlier.revision) + 1n === BigInt(later.revision) && did(earlier) === did(later);
}

/** Of each resource its last change. Throws CalicoError (`missing`) where etcd knows none of one, and DatastoreError. */
export async function lastChanges(store: Store, targets: readonly Target[]): Promise<Undoing> {
  const past = new Past(store, rangesOf(targets), await newestRevision(store));
  const left = new Set(targets);
  const reversals = new Map<string, Reversal>();
  const undone = new Set<string>();
  for await (const { revision, changes } of past.moments()) {
    for (const change of changes) {
      const target = [...left].find((each) => isMeantBy(each, change.before) || isMeantBy(each, change.after));
      if (target === undefined || reversals.has(change.key)) continue;
      left.delete(target);
      reversals.set(change.key, reversalOf(change));
      undone.add(revision);
    }
    if (left.size === 0) break;
  }
  if (left.size > 0) throw nothingKnown(`no change of ${[...left].map(({ identity }) => identity).join(', ')}`, past.oldest);
  return { reversals: [...reversals.values()], undone: [...undone] };
}

/** Everything that is different from what it was at a revision: of all resources, or of those that are named. Throws CalicoError (`missing`) where the revision, or one of them, is out of reach, and DatastoreError. */
export async function sinceRevision(store: Store, to: string, targets: readonly Target[] | undefined): Promise<Undoing> {
  const ranges = targets === undefined ? STORED_KINDS.map((kind) => ({ prefix: prefixOf(kind) })) : rangesOf(targets);
  const [then, now] = [await entriesOf(await storeAt(store, to), ranges), await entriesOf(store, ranges)];
  const all = [...new Set([...now.keys(), ...then.keys()])].map((key): Reversal => ({ key, now: now.get(key), then: then.get(key) }));
  const meant = (target: Target): readonly Reversal[] => all.filter(({ now: is, then: was }) => isMeantBy(target, is) || isMeantBy(target, was));
  const lost = targets?.filter((target) => meant(target).length === 0) ?? [];
  if (lost.length > 0) throw new CalicoError('missing', `resource does not exist, now or at revision ${to}: ${lost.map(({ identity }) => identity).join(', ')}`);
  return { reversals: targets === undefined ? all : [...new Set(targets.flatMap(meant))], undone: [], to };
}

/** The ranges that can hold what is named. */
function rangesOf(targets: readonly Target[]): readonly Range[] {
  const needs = new Needs();
  findingNeeds(targets, needs);
  for (const target of targets) for (const key of candidateKeys(target)) if (!needs.holds(key)) needs.key(key);
  return [...[...needs.keys].map((key) => ({ key })), ...[...needs.prefixes.keys()].map((prefix) => ({ prefix }))];
}

async function entriesOf(store: Store, ranges: readonly Range[]): Promise<ReadonlyMap<string, Entry>> {
  return new Map((await store.snapshot(ranges)).ranges.flat().map((entry) => [entry.key, entry]));
}

/** Whether an entry is the resource that is named. What cannot be read is, where its key says so. */
function isMeantBy(target: Target, entry: Entry | undefined): boolean {
  if (entry === undefined || storedKindOfKey(entry.key) !== target.stored) return false;
  const { kind, stored, document, object } = target;
  const found = decodeStored(stored, entry);
  if (isCorrupt(found)) return candidateKeys(target).includes(entry.key);
  if (kind.dialect === 'v1') return isMeant(kind, document.metadata, found);
  return found.metadata.name === object.metadata.name && found.metadata.namespace === object.metadata.namespace;
}

function reversalOf({ key, before, after }: Moment['changes'][number]): Reversal {
  return { key, now: after, then: before };
}

function nothingKnown(what: string, oldest: string | undefined): CalicoError {
  return new CalicoError('missing', `etcd knows ${what}`, { hint: oldest === undefined ? undefined : `it was compacted: the oldest revision that can be reached is ${oldest}` });
}
