import { Past, type PastChange } from '../datastore/moments.js';
import { newestRevision } from '../datastore/reach.js';
import { insideOf, type Entry, type Range, type Store } from '../datastore/store.js';
import { rangesOf, readable, wantedView } from '../get/read.js';
import { changedEntry, type Changed } from '../objects/changed.js';
import { nameOf } from '../objects/reference.js';
import type { Selection } from '../objects/selection.js';
import { viewObject } from '../objects/view.js';
import { isCorrupt } from '../resources/stored-value.js';

/** What became of a resource. */
export interface PastEvent {
  readonly revision: string;
  /** `written` where etcd does not know what was there before. */
  readonly event: 'created' | 'modified' | 'deleted' | 'written';
  /** As `-o name` prints it; the key of what cannot be read. */
  readonly name: string;
  /** What is different after it; nothing for what was written onto something unknown. */
  readonly changed: Changed;
}

/** What became of all that is selected. */
export interface History {
  /** As of which it is told. */
  readonly revision: string;
  /** The newest first. */
  readonly events: readonly PastEvent[];
  /** What was before them: nothing; more; or what compaction took, so that nobody knows. */
  readonly before: 'nothing' | 'more' | 'compacted';
  /** The oldest revision that etcd has, where it does not have all of them and that was come to. */
  readonly oldest?: string;
}

/** The last changes of what is selected, deletions included, at most `limit`. Throws DatastoreError. */
export async function historyOf(store: Store, selections: readonly Selection[], limit: number): Promise<History> {
  const revision = await newestRevision(store);
  const holders = selections.map((selection) => ({ selection, holds: insideOf(rangesOf(selection)) }));
  const eventsOf = (change: PastChange, at: string, known: boolean): readonly PastEvent[] =>
    holders.flatMap(({ selection, holds }) => (holds(change.key) ? eventOf(selection, change, at, known) : []));
  const past = new Past(store, selections.flatMap(rangesOf), revision);
  const events: PastEvent[] = [];
  for await (const moment of past.moments()) {
    for (const change of moment.changes) events.push(...eventsOf(change, moment.revision, true));
    if (events.length > limit) return { revision, events: events.slice(0, limit), before: 'more' };
  }
  const { oldest } = past;
  if (oldest === undefined) return { revision, events, before: 'nothing' };
  for (const entry of await writtenBefore(store, selections.flatMap(rangesOf), oldest)) {
    events.push(...eventsOf({ key: entry.key, before: undefined, after: entry }, entry.modRevision, false));
    if (events.length > limit) return { revision, events: events.slice(0, limit), before: 'more' };
  }
  return { revision, events, before: 'compacted', oldest };
}

/** What was there at the oldest revision, what was written last first. */
async function writtenBefore(store: Store, ranges: readonly Range[], oldest: string): Promise<readonly Entry[]> {
  const snapshot = await store.snapshot(ranges, { revision: oldest });
  return snapshot.ranges.flat().sort((a, b) => Number(BigInt(b.modRevision) - BigInt(a.modRevision)));
}

/** What a change is for a selection; nothing where it asks for another resource of the same range. */
function eventOf(selection: Selection, { key, before, after }: PastChange, revision: string, known: boolean): readonly PastEvent[] {
  const [was, is] = [before && sideOf(selection, before), after && sideOf(selection, after)];
  if (was?.wanted !== true && is?.wanted !== true) return [];
  const name = is?.name ?? was?.name ?? key;
  if (!known) return [{ revision, event: 'written', name, changed: { differences: [] } }];
  const event = before === undefined ? 'created' : after === undefined ? 'deleted' : 'modified';
  return [{ revision, event, name, changed: changedEntry(selection.kind, before, after) }];
}

/** What an entry is for a selection. What cannot be read is told of too, where its key says that it may be meant. */
function sideOf(selection: Selection, entry: Entry): { readonly wanted: boolean; readonly name: string } {
  const object = readable(selection, entry);
  if (isCorrupt(object)) return { wanted: selection.by !== 'identity', name: entry.key };
  return { wanted: wantedView(selection, object, { shows: 'documents' }) !== undefined, name: nameOf(viewObject(selection.kind, object, 'documents')) };
}
