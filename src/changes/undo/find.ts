import { CalicoError } from '../../base/errors.js';
import { newestRevision, storeAt } from '../../datastore/reach.js';
import type { Entry, Range, Store } from '../../datastore/store.js';
import { authorsAt, journalOf, KnownPast, type Authorship, type KnownChange, type KnownMoment } from '../../journal/past.js';
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
  /** Whether the journal had to be asked for what etcd has no more. */
  readonly journaled?: boolean;
  /** Who made the changes, by their revisions, as far as the journal knows. */
  readonly authors?: ReadonlyMap<string, Authorship>;
  /** The revision before a row of large transactions of which this is the last: they may be one command. */
  readonly rowAfter?: string;
}

/** Keys in a transaction from which on it may be one of several of a command (TRANSACTION_LIMIT has 128). */
const LARGE = 64;
/** Transactions of one command that are looked for. */
const LONGEST = 1_000;

/**
 * The last command that wrote resources, as a whole, where the journal knows it; else the last transaction. Throws CalicoError
 * (`missing`) where none is known, or not what was before it, and DatastoreError.
 */
export async function lastTransaction(store: Store): Promise<Undoing> {
  const past = new KnownPast(store, STORED_KINDS.map((kind) => ({ prefix: prefixOf(kind) })), await newestRevision(store));
  const row: KnownMoment[] = [];
  let command: CommandRevisions | undefined;
  for await (const moment of past.moments()) {
    const later = row.at(-1);
    if (later === undefined) command = await commandAt(past, moment.revision);
    else if (command === undefined ? !follows(moment, later) : BigInt(moment.revision) < command.first) break;
    if (command?.has(moment.revision) ?? true) row.push(moment);
    if (command === undefined && row.length > LONGEST) break;
  }
  const [last] = row;
  if (last === undefined || isLost(last)) throw nothingKnown('no change of a resource', past.oldest);
  if (command !== undefined) return wholeCommand(store, past, row);
  const large = row.length > 1 && row.some(({ changes }) => changes.length >= LARGE);
  return { reversals: reversalsOf([last]), undone: [last.revision], ...(large ? { rowAfter: String(BigInt(row.at(-1)?.revision ?? '1') - 1n) } : {}) };
}

/** The revisions of a command, and the first of them. */
interface CommandRevisions {
  readonly first: bigint;
  has(revision: string): boolean;
}

/** The command of a revision; undefined where the journal does not know it. */
async function commandAt(past: KnownPast, revision: string): Promise<CommandRevisions | undefined> {
  const journal = await past.journal();
  const command = journal.find((record) => record.revision === revision)?.command;
  if (command === undefined) return undefined;
  const revisions = new Set(journal.filter((record) => record.command === command).map((record) => record.revision));
  const first = [...revisions].map(BigInt).reduce((least, each) => (each < least ? each : least), BigInt(revision));
  return { first, has: (each) => revisions.has(each) };
}

async function wholeCommand(store: Store, past: KnownPast, moments: readonly KnownMoment[]): Promise<Undoing> {
  const lost = moments.find(isLost);
  if (lost !== undefined) throw nothingKnown(`what was before revision ${lost.revision} not any more`, past.oldest);
  const undone = moments.map(({ revision }) => revision);
  return { reversals: reversalsOf(moments), undone, authors: await authorsAt(store, await past.journal(), undone) };
}

function isLost({ changes }: KnownMoment): boolean {
  return changes.some(({ unknown }) => unknown === 'before' || unknown === 'both');
}

/** What takes moments back, the newest of which comes first: each key from what it became to what it was. */
function reversalsOf(moments: readonly KnownMoment[]): readonly Reversal[] {
  const reversals = new Map<string, Reversal>();
  for (const { key, before, after } of moments.flatMap(({ changes }) => changes)) {
    if (storedKindOfKey(key) !== undefined) reversals.set(key, { key, now: reversals.has(key) ? reversals.get(key)?.now : after, then: before });
  }
  return [...reversals.values()];
}

/** Whether a moment came right before another one, and did the same. */
function follows(earlier: KnownMoment, later: KnownMoment): boolean {
  const did = ({ changes: [first] }: KnownMoment): string => `${first?.before === undefined} ${first?.after === undefined}`;
  return BigInt(earlier.revision) + 1n === BigInt(later.revision) && did(earlier) === did(later);
}

/** Of each resource its last change. Throws CalicoError (`missing`) where etcd knows none of one, and DatastoreError. */
export async function lastChanges(store: Store, targets: readonly Target[]): Promise<Undoing> {
  const past = new KnownPast(store, rangesOf(targets), await newestRevision(store));
  const left = new Set(targets);
  const lost = new Set<Target>();
  const reversals = new Map<string, Reversal>();
  const undone = new Set<string>();
  for await (const moment of past.moments()) {
    for (const change of moment.changes) {
      const target = [...left].find((each) => isMeantBy(each, change.before) || isMeantBy(each, change.after));
      if (target === undefined || reversals.has(change.key)) continue;
      left.delete(target);
      undone.add(moment.revision);
      if (isLost({ ...moment, changes: [change] })) lost.add(target);
      else reversals.set(change.key, reversalOf(change));
    }
    if (left.size === 0) break;
  }
  const unknown = targets.filter((target) => left.has(target) || lost.has(target));
  if (unknown.length > 0) throw nothingKnown(`no change of ${unknown.map(({ identity }) => identity).join(', ')}`, past.oldest, unknown);
  return { reversals: [...reversals.values()], undone: [...undone], authors: await authorsAt(store, await past.journal(), [...undone]) };
}

/**
 * Everything that is different from what it was at a revision: of all resources, or of those that are named. Where etcd has that
 * revision no more, what the journal knows. Throws CalicoError (`missing`) where the revision, or one of them, is out of reach, and DatastoreError.
 */
export async function sinceRevision(store: Store, to: string, targets: readonly Target[] | undefined): Promise<Undoing> {
  const ranges = targets === undefined ? STORED_KINDS.map((kind) => ({ prefix: prefixOf(kind) })) : rangesOf(targets);
  const now = await entriesOf(store, ranges);
  const { entries: then, journaled } = await entriesThen(store, ranges, to);
  const all = [...new Set([...now.keys(), ...then.keys()])].map((key): Reversal => ({ key, now: now.get(key), then: then.get(key) }));
  const meant = (target: Target): readonly Reversal[] => all.filter(({ now: is, then: was }) => isMeantBy(target, is) || isMeantBy(target, was));
  const lost = targets?.filter((target) => meant(target).length === 0) ?? [];
  if (lost.length > 0) throw new CalicoError('missing', `resource does not exist, now or at revision ${to}: ${lost.map(({ identity }) => identity).join(', ')}`);
  return { reversals: targets === undefined ? all : [...new Set(targets.flatMap(meant))], undone: [], to, ...(journaled ? { journaled } : {}) };
}

/** What was at a revision; from the journal, where etcd does not have that any more. */
async function entriesThen(store: Store, ranges: readonly Range[], to: string): Promise<{ readonly entries: ReadonlyMap<string, Entry>; readonly journaled: boolean }> {
  try {
    return { entries: await entriesOf(await storeAt(store, to), ranges), journaled: false };
  } catch (error) {
    if (!(error instanceof CalicoError) || error.meaning !== 'missing') throw error;
    const [journal, newest] = [await journalOf(store), await newestRevision(store)];
    // It has to have been kept at that time already: what happened after it is in it then.
    if (BigInt(to) > BigInt(newest) || !journal.some(({ revision }) => BigInt(revision) <= BigInt(to))) throw error;
    return { entries: await entriesOfJournal(store, ranges, { to, newest }), journaled: true };
  }
}

/** What is there now, with every change since a revision taken back. */
async function entriesOfJournal(store: Store, ranges: readonly Range[], { to, newest }: { readonly to: string; readonly newest: string }): Promise<ReadonlyMap<string, Entry>> {
  const past = new KnownPast(store, ranges, newest);
  const entries = new Map((await store.snapshot(ranges, { revision: newest })).ranges.flat().map((entry) => [entry.key, entry]));
  for await (const { revision, changes } of past.moments()) {
    if (BigInt(revision) <= BigInt(to)) break;
    for (const { key, before, unknown } of changes) {
      if (unknown === 'before' || unknown === 'both') throw new CalicoError('missing', `it is not known what ${key} was before revision ${revision}: etcd has compacted it, and it is not in the journal`);
      if (before === undefined) entries.delete(key);
      else entries.set(key, before);
    }
  }
  return entries;
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

function reversalOf({ key, before, after }: KnownChange): Reversal {
  return { key, now: after, then: before };
}

function nothingKnown(what: string, oldest: string | undefined, targets: readonly Target[] = []): CalicoError {
  const hints = [
    ...(oldest === undefined ? [] : [`it was compacted: the oldest revision that can be reached is ${oldest}`]),
    ...(targets.some(({ object }) => object.metadata.namespace === 'default') ? ['that is the namespace default: -n names another'] : []),
  ];
  return new CalicoError('missing', `etcd knows ${what}`, { hint: hints.length === 0 ? undefined : hints.join('; ') });
}
