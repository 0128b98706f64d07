import { newestRevision } from '../datastore/reach.js';
import { insideOf, type Entry, type Store } from '../datastore/store.js';
import { rangesOf, readable, wantedView } from '../get/read.js';
import { authorsAt, KnownPast, type Authorship, type KnownChange } from '../journal/past.js';
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
  /** What is not known: what was there before, what it became, or both. */
  readonly unknown?: KnownChange['unknown'];
  /** Who did it and when, where the journal has it. */
  readonly by?: Authorship;
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
  /** Whether the journal tells of some of what was before that. */
  readonly journaled?: boolean;
}

/** The last changes of what is selected, deletions included, at most `limit`, with who made them as far as the journal knows. Throws DatastoreError. */
export async function historyOf(store: Store, selections: readonly Selection[], limit: number): Promise<History> {
  const revision = await newestRevision(store);
  const holders = selections.map((selection) => ({ selection, holds: insideOf(rangesOf(selection)) }));
  const past = new KnownPast(store, selections.flatMap(rangesOf), revision);
  const events: PastEvent[] = [];
  let before: History['before'] = 'nothing';
  for await (const moment of past.moments()) {
    for (const change of moment.changes) for (const { selection, holds } of holders) if (holds(change.key)) events.push(...eventOf(selection, change, moment.revision));
    if (events.length <= limit) continue;
    before = 'more';
    break;
  }
  const journal = await past.journal();
  const told = events.slice(0, limit);
  const authors = await authorsAt(store, journal, told.map((event) => event.revision));
  const known = { revision, events: told.map((event) => ({ ...event, ...authorOf(authors, event) })) };
  const { oldest } = past;
  if (before === 'more' || oldest === undefined) return { ...known, before };
  return { ...known, before: 'compacted', oldest, journaled: journal.some((record) => BigInt(record.revision) < BigInt(oldest)) };
}

function authorOf(authors: ReadonlyMap<string, Authorship>, { revision }: PastEvent): Pick<PastEvent, 'by'> {
  const by = authors.get(revision);
  return by === undefined ? {} : { by };
}

/** What a change is for a selection; nothing where it asks for another resource of the same range. */
export function eventOf(selection: Selection, { key, before, after, unknown, did }: KnownChange, revision: string): readonly PastEvent[] {
  const [was, is] = [before && sideOf(selection, before), after && sideOf(selection, after)];
  const isMeant = before === undefined && after === undefined ? selection.by !== 'identity' : was?.wanted === true || is?.wanted === true;
  if (!isMeant) return [];
  const name = is?.name ?? was?.name ?? key;
  if (unknown !== undefined) return [{ revision, event: EVENTS[did ?? 'written'], name, changed: { differences: [] }, unknown }];
  const event = before === undefined ? 'created' : after === undefined ? 'deleted' : 'modified';
  return [{ revision, event, name, changed: changedEntry(selection.kind, before, after) }];
}

const EVENTS = { created: 'created', replaced: 'modified', deleted: 'deleted', written: 'written' } as const;

/** What an entry is for a selection. What cannot be read is told of too, where its key says that it may be meant. */
function sideOf(selection: Selection, entry: Entry): { readonly wanted: boolean; readonly name: string } {
  const object = readable(selection, entry);
  if (isCorrupt(object)) return { wanted: selection.by !== 'identity', name: entry.key };
  return { wanted: wantedView(selection, object, { shows: 'documents' }) !== undefined, name: nameOf(viewObject(selection.kind, object, 'documents')) };
}
