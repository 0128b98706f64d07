import { DatastoreError } from '../base/errors.js';
import type { Entry, Store } from '../datastore/store.js';
import { rangesOf } from '../get/read.js';
import { authorsAt, journalOf, KnownPast } from '../journal/past.js';
import type { Selection } from '../objects/selection.js';
import { eventOf, type History, type PastEvent } from './history.js';

/** How far back earlier lives are looked for: what was long before is asked of `history`, which takes the time. */
const FURTHEST = 50_000n;

/** An entry that is there now, and what it was selected by. */
export interface Selected {
  readonly selection: Selection;
  readonly entry: Entry;
}

/** What is known of an entry on the way back. */
interface Trail extends Selected {
  readonly events: PastEvent[];
  /** The changes up to this revision are not told yet; undefined where enough is told. */
  until: string | undefined;
}

/**
 * The last changes of entries, earlier lives included, at most `limit` of each. From change to change of what is there now it is one
 * step, however long ago that was; what was before it came to be is looked for together. Throws DatastoreError.
 */
export async function lastChangesOf(store: Store, selected: readonly Selected[], limit: number): Promise<readonly Pick<History, 'events' | 'before'>[]> {
  const trails: Trail[] = [];
  for (const each of selected) trails.push(await presentLife(store, each, limit));
  const open = trails.filter(({ until }) => until !== undefined);
  const rest = await earlierLives(store, open, limit);
  const authors = await authorsAt(store, await journalOf(store), trails.flatMap(({ events }) => events.map(({ revision }) => revision)));
  return trails.map(({ events, until }) => ({
    events: events.slice(0, limit).map((event) => ({ ...event, ...(authors.has(event.revision) ? { by: authors.get(event.revision)! } : {}) })),
    before: until === undefined || events.length > limit ? 'more' : rest,
  }));
}

async function presentLife(store: Store, { selection, entry }: Selected, limit: number): Promise<Trail> {
  const events: PastEvent[] = [];
  for (let now = entry; ; ) {
    const before = await entryBefore(store, now);
    if (before === 'compacted') return { selection, entry, events, until: now.modRevision };
    events.push(...eventOf(selection, { key: now.key, before, after: now }, now.modRevision));
    if (before === undefined) return { selection, entry, events, until: String(BigInt(now.modRevision) - 1n) };
    if (events.length >= limit) return { selection, entry, events, until: undefined };
    now = before;
  }
}

/** Adds what is known of each from before, and says what was before that. */
async function earlierLives(store: Store, trails: readonly Trail[], limit: number): Promise<History['before']> {
  if (trails.length === 0) return 'nothing';
  const until = trails.map((trail) => BigInt(trail.until ?? '0')).reduce((most, each) => (each > most ? each : most));
  const past = new KnownPast(store, [...new Set(trails.map(({ selection }) => selection))].flatMap(rangesOf), String(until), FURTHEST);
  const byKey = new Map(trails.map((trail) => [trail.entry.key, trail]));
  for await (const { revision, changes } of past.moments()) {
    for (const change of changes) {
      const trail = byKey.get(change.key);
      if (trail !== undefined && BigInt(revision) <= BigInt(trail.until ?? '0')) trail.events.push(...eventOf(trail.selection, change, revision));
    }
    if (trails.every(({ events }) => events.length > limit)) return 'more';
  }
  return past.oldest !== undefined ? 'compacted' : past.isCut ? 'more' : 'nothing';
}

/** What a key was before its last change: undefined where it was not there. */
async function entryBefore(store: Store, { key, modRevision }: Entry): Promise<Entry | 'compacted' | undefined> {
  try {
    return await store.get(key, { revision: String(BigInt(modRevision) - 1n) });
  } catch (error) {
    if (error instanceof DatastoreError && error.stage === 'compaction') return 'compacted';
    throw error;
  }
}
