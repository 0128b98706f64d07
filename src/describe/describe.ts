import { PinnedStore } from '../datastore/pinned-store.js';
import type { Entry, Store } from '../datastore/store.js';
import type { Selection } from '../objects/selection.js';
import { matchesIdentity, storedKindOf, type View } from '../objects/view.js';
import { isCorrupt, type CorruptEntry } from '../resources/stored-value.js';
import { rangesOf, readable, syntheticViews, wantedView } from '../get/read.js';
import type { History } from '../history/history.js';
import { lastChangesOf } from '../history/last-changes.js';
import { relationsOf } from './relations.js';
import type { Relations } from './relation.js';
import { World } from './world.js';

/** The most changes of an object that are told. */
const MOST = 5;

/** What there is to say of one resource, all of it at one revision. */
export interface Description extends Relations {
  readonly selection: Selection;
  readonly view: View;
  /** Absent where nobody stored it. */
  readonly history?: Pick<History, 'events' | 'before'>;
}

export interface Descriptions {
  readonly revision: string;
  readonly described: readonly Description[];
  /** Keys that cannot be read; what they hold is missing in the rest. */
  readonly unreadable: readonly CorruptEntry[];
  /** What was asked for by its name and is not there, each for itself. */
  readonly missing: readonly Selection[];
}

/** Describes what is selected. Throws DatastoreError. */
export async function describe(store: Store, selections: readonly Selection[]): Promise<Descriptions> {
  const { revision, ranges } = await store.snapshot(selections.flatMap(rangesOf));
  const world = new World(new PinnedStore(store, revision));
  const described: Description[] = [];
  const missing: Selection[] = [];
  const unreadable: CorruptEntry[] = [];
  let next = 0;
  for (const selection of selections) {
    const entries = rangesOf(selection).flatMap(() => ranges[next++] ?? []);
    const found = await describedIn(world, store, selection, entries, unreadable);
    missing.push(...missingOf(selection, found));
    described.push(...found);
  }
  return { revision, described, unreadable: [...unreadable, ...[...world.unreadable].map(([key, reason]) => ({ key, reason }))], missing };
}

async function describedIn(world: World, store: Store, selection: Selection, entries: readonly Entry[], unreadable: CorruptEntry[]): Promise<readonly Description[]> {
  const kind = storedKindOf(selection.kind);
  const stored: { readonly selection: Selection; readonly entry: Entry; readonly view: View }[] = [];
  for (const entry of entries) {
    const object = readable(selection, entry);
    const view = isCorrupt(object) ? undefined : wantedView(selection, object, { shows: 'documents' });
    if (isCorrupt(object)) unreadable.push(object);
    else if (view !== undefined) stored.push({ selection, entry, view });
  }
  const synthetic = selection.by === 'identity' ? [] : syntheticViews(selection.kind, selection);
  const relate = async (): Promise<readonly Description[]> => {
    const found: Description[] = [];
    for (const view of [...stored.map((each) => each.view), ...synthetic]) found.push({ selection, view, ...(await relationsOf(world, kind, view.object)) });
    return found;
  };
  // etcd takes a while to tell of the past: the rest is read meanwhile.
  const [found, histories] = await Promise.all([relate(), lastChangesOf(store, stored, MOST)]);
  return found.map((each, index) => ({ ...each, ...(histories[index] === undefined ? {} : { history: histories[index] }) }));
}

/** What of a selection is named and was not found. A classic one may name several. */
function missingOf(selection: Selection, found: readonly Description[]): readonly Selection[] {
  if (selection.by === 'all') return [];
  if (selection.by === 'name') return found.length === 0 ? [selection] : [];
  const { kind, wanted } = selection;
  const named = wanted.filter((metadata) => (metadata[kind.nameField] ?? '') !== '');
  return named.filter((metadata) => !found.some(({ view }) => matchesIdentity(kind, view, metadata))).map((metadata) => ({ ...selection, wanted: [metadata] }));
}
