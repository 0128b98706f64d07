import { DatastoreError } from '../base/errors.js';
import { Past } from '../datastore/moments.js';
import { insideOf, type Entry, type Range, type Store } from '../datastore/store.js';
import { listRecords, readRecords, type Listed } from './read.js';
import type { JournalRecord, RecordedChange } from './record.js';

/** What became of a key at a revision: undefined where there was none. */
export interface KnownChange {
  readonly key: string;
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
  /** What of the two nobody knows: it is undefined then too. */
  readonly unknown?: 'before' | 'after' | 'both';
  /** What was done where not both are known; `written` is all that is known of a change that is in no record. */
  readonly did?: RecordedChange['did'] | 'written';
}

/** All keys in some ranges that one revision changed. */
export interface KnownMoment {
  readonly revision: string;
  readonly changes: readonly KnownChange[];
}

/** A record of the journal without what it changed: who, when, with which command. */
export type Authorship = Omit<JournalRecord, 'changes' | 'number'> & { readonly revision: string };

/** What was at a revision and is so until the next change that is known. */
interface State {
  readonly since: string;
  /** Undefined where the value is not known. */
  readonly entry: Entry | undefined;
}

/**
 * The changes of keys in some ranges, the newest first: as far back as etcd has them, and beyond that as the journal tells them.
 * There each change has what was before it; what came after it is what the next one found.
 */
export class KnownPast {
  readonly #past: Past;
  #journal: readonly Listed[] | undefined;

  /** @param until, furthest as of Past */
  constructor(
    private readonly store: Store,
    private readonly ranges: readonly Range[],
    until: string,
    furthest?: bigint,
  ) {
    this.#past = new Past(store, ranges, until, furthest);
  }

  /** As of Past. */
  get isCut(): boolean {
    return this.#past.isCut;
  }

  /** Once all moments have been walked through: the oldest revision that etcd has, where it does not have all of them. */
  get oldest(): string | undefined {
    return this.#past.oldest;
  }

  /** One after the other, read only as far as they are walked through. What was last written before all that is known comes last. Throws DatastoreError. */
  async *moments(): AsyncGenerator<KnownMoment> {
    yield* this.#past.moments();
    if (this.oldest !== undefined) yield* this.beyond(this.oldest);
  }

  /** The records of the journal, in no order; none where it may not be read. Throws DatastoreError. */
  async journal(): Promise<readonly Listed[]> {
    return (this.#journal ??= await journalOf(this.store));
  }

  /** What is known of the time up to the oldest revision that etcd has. */
  private async *beyond(oldest: string): AsyncGenerator<KnownMoment> {
    const states = new Map<string, State>();
    const { ranges } = await this.store.snapshot(this.ranges, { revision: oldest });
    for (const entry of ranges.flat()) states.set(entry.key, { since: entry.modRevision, entry });
    const isMeant = insideOf(this.ranges);
    const records = (await this.journal()).filter(({ revision }) => BigInt(revision) <= BigInt(oldest)).sort(newestFirst);
    for await (const { revision, changes } of readRecords(this.store, records)) {
      const meant = changes.filter(({ key }) => isMeant(key));
      if (meant.length === 0) continue;
      yield* writtenAfter(states, revision);
      yield { revision, changes: meant.map((change) => knownChange(change, revision, states)) };
    }
    yield* writtenAfter(states, '0');
  }
}

/** The records of the journal; none where it may not be read. Throws DatastoreError. */
export async function journalOf(store: Store): Promise<readonly Listed[]> {
  try {
    return await listRecords(store);
  } catch (error) {
    if (error instanceof DatastoreError && error.stage === 'permission') return [];
    throw error;
  }
}

/** Who did what at revisions, as far as the journal knows. Throws DatastoreError. */
export async function authorsAt(store: Store, journal: readonly Listed[], revisions: readonly string[]): Promise<ReadonlyMap<string, Authorship>> {
  const wanted = new Set(revisions);
  const found = new Map<string, Authorship>();
  for await (const { changes: _changes, number: _number, ...by } of readRecords(store, journal.filter(({ revision }) => wanted.has(revision)))) found.set(by.revision, by);
  return found;
}

function newestFirst(a: { readonly revision: string }, b: { readonly revision: string }): number {
  return BigInt(a.revision) < BigInt(b.revision) ? 1 : -1;
}

/** What was written after a revision and is in no record, so that nobody knows what was there before; it is taken from the states. */
function* writtenAfter(states: Map<string, State>, revision: string): Generator<KnownMoment> {
  const found = new Map<string, KnownChange[]>();
  for (const [key, { since, entry }] of states) {
    if (BigInt(since) <= BigInt(revision)) continue;
    states.delete(key);
    found.set(since, [...(found.get(since) ?? []), { key, before: undefined, after: entry, unknown: entry === undefined ? 'both' : 'before', did: 'written' }]);
  }
  const moments = [...found].map(([at, changes]) => ({ revision: at, changes }));
  yield* moments.sort(newestFirst);
}

/** A change as the journal has it; what was before it is what is known of the key from then on. */
function knownChange(change: RecordedChange, revision: string, states: Map<string, State>): KnownChange {
  const { key, did, since } = change;
  const later = states.get(key);
  const isKnown = did === 'deleted' || (later?.since === revision && later.entry !== undefined);
  const after = did !== 'deleted' && isKnown ? later?.entry : undefined;
  const before = entryBefore(change);
  states.delete(key);
  if (did !== 'created' && since !== undefined) states.set(key, { since, entry: before });
  const lacks = did !== 'created' && before === undefined;
  if (isKnown && !lacks) return { key, before, after };
  return { key, before, after, unknown: isKnown ? 'before' : lacks ? 'both' : 'after', did };
}

function entryBefore({ key, since, before, beforeBytes }: RecordedChange): Entry | undefined {
  if (since === undefined) return undefined;
  if (beforeBytes === undefined) return before === undefined ? undefined : { key, value: before, modRevision: since };
  const value = Buffer.from(beforeBytes, 'base64');
  return { key, value: value.toString(), modRevision: since, invalid: true, bytes: { key: Buffer.from(key), value } };
}
