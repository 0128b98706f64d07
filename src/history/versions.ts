import type { Entry, Store } from '../datastore/store.js';
import { rangesOf, readable, wantedView } from '../get/read.js';
import { authorsAt, KnownPast, type Authorship } from '../journal/past.js';
import type { Listed } from '../journal/read.js';
import { withoutStores } from '../objects/changed.js';
import { nameOf } from '../objects/reference.js';
import type { Selection } from '../objects/selection.js';
import { presentable, viewObject } from '../objects/view.js';
import type { StoredObject } from '../resources/kind.js';
import { isCorrupt, type CorruptEntry } from '../resources/stored-value.js';
import { blameOf, type Blame } from './blame.js';

/** A resource with which change set each of its fields. */
export interface Blamed {
  /** As `-o name` prints it. */
  readonly name: string;
  /** What the store alone gives it is left out. */
  readonly document: object;
  readonly blame: Blame;
}

export interface Blames {
  readonly revision: string;
  readonly blamed: readonly Blamed[];
  readonly unreadable: readonly CorruptEntry[];
  /** What was asked for and is not there. */
  readonly missing: readonly Selection[];
  /** The oldest revision that etcd has, where that is not enough to know all. */
  readonly oldest?: string;
  /** Who made the revisions, as far as the journal knows. */
  readonly authors: ReadonlyMap<string, Authorship>;
}

/** A resource on its way back to its creation. */
interface Line {
  readonly selection: Selection;
  readonly objects: StoredObject[];
  complete: boolean;
}

/** Which change set each field of what is selected last, as far back as etcd knows. Throws DatastoreError. */
export async function blamesOf(store: Store, selections: readonly Selection[]): Promise<Blames> {
  const lines = new Map<string, Line>();
  const unreadable: CorruptEntry[] = [];
  const missing: Selection[] = [];
  const { revision, ranges } = await store.snapshot(selections.flatMap(rangesOf));
  let next = 0;
  for (const selection of selections) {
    const entries = rangesOf(selection).flatMap(() => ranges[next++] ?? []);
    if (take(selection, entries, { lines, unreadable }) === 0) missing.push(selection);
  }
  const { oldest, journal } = await walkBack(store, lines, revision);
  const versions = [...lines.values()].flatMap(({ objects }) => objects.map(({ metadata: { resourceVersion = '' } }) => resourceVersion));
  const authors = await authorsAt(store, journal, versions);
  return { revision, blamed: [...lines.values()].map(blamedLine), unreadable, missing, ...(oldest === undefined ? {} : { oldest }), authors };
}

/** Takes what of the entries is selected, and says how many that are. */
function take(selection: Selection, entries: readonly Entry[], { lines, unreadable }: { readonly lines: Map<string, Line>; readonly unreadable: CorruptEntry[] }): number {
  let count = 0;
  for (const entry of entries) {
    const object = readable(selection, entry);
    const wanted = !isCorrupt(object) && wantedView(selection, object, { shows: 'documents' }) !== undefined;
    if (isCorrupt(object)) unreadable.push(object);
    else if (wanted) lines.set(entry.key, { selection, objects: [object], complete: false });
    if (isCorrupt(object) || wanted) count++;
  }
  return count;
}

/** How far a walk into the past came. */
interface Walked {
  /** The oldest revision of which all is known, where that is not enough. */
  readonly oldest?: string | undefined;
  readonly journal: readonly Listed[];
}

/** Adds what each was before, up to its creation. */
async function walkBack(store: Store, lines: ReadonlyMap<string, Line>, revision: string): Promise<Walked> {
  const left = new Set(lines.keys());
  if (left.size === 0) return { journal: [] };
  const past = new KnownPast(store, [...lines.keys()].map((key) => ({ key })), revision);
  let lostAt: string | undefined;
  for await (const moment of past.moments()) {
    for (const { key, before, unknown } of moment.changes) {
      const line = lines.get(key);
      if (line === undefined || !left.has(key)) continue;
      const object = before && readable(line.selection, before);
      // Beyond what is not known nothing can be followed.
      if (unknown !== undefined) lostAt ??= moment.revision;
      // Whoever wrote onto what cannot be read has set all of it.
      else if (object === undefined || isCorrupt(object)) line.complete = true;
      else line.objects.push(object);
      if (unknown !== undefined || line.complete) left.delete(key);
    }
    if (left.size === 0) break;
  }
  const journal = await past.journal();
  if (lostAt === undefined) return { oldest: left.size === 0 ? undefined : past.oldest, journal };
  return { oldest: journal.length === 0 ? past.oldest : lostAt, journal };
}

/** All versions as the same dialect shows them: as v3, unless the classic language can say all of each. */
function blamedLine({ selection: { kind }, objects, complete }: Line): Blamed {
  const views = objects.map((object) => viewObject(kind, object, 'documents').document);
  const documents = views.some(({ apiVersion }) => apiVersion !== 'v1') ? objects.map(presentable) : views;
  const versions = objects.map(({ metadata: { resourceVersion = '' } }, index) => ({ revision: resourceVersion, document: withoutStores(documents[index] as (typeof documents)[number]) }));
  return { name: nameOf({ document: documents[0] as (typeof documents)[number] }), document: versions[0]?.document ?? {}, blame: blameOf(versions, complete) };
}
