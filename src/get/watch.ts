import { insideOf, type Entry, type KeyChange, type Range, type Store } from '../datastore/store.js';
import type { Selection } from '../objects/selection.js';
import { viewObject, type View } from '../objects/view.js';
import { PROFILES_PREFIX } from '../policy/label-filter.js';
import type { ClassicDocument } from '../resources/kind.js';
import { isCorrupt, type CorruptEntry } from '../resources/stored-value.js';
import { rangesOf, readable, syntheticViews, wantedView, type ReadOptions } from './read.js';

/** What a watch says of a resource: that it is there at the start, or what became of it. */
export type WatchEvent = 'PRESENT' | 'ADDED' | 'MODIFIED' | 'DELETED';

/** A line of a watch. */
export interface Sighting {
  readonly selection: Selection;
  readonly event: WatchEvent;
  /** The revision at which it was written or deleted; undefined for what went in a gap, since nobody knows when, and for what is stored nowhere. */
  readonly revision: string | undefined;
  /** The resource as it is, or as it last was. */
  readonly view: View;
}

/** What a watch tells after the start. Everything up to `revision` is told. */
export interface WatchNews {
  readonly revision: string;
  readonly sightings: readonly Sighting[];
  /** Entries that have become unreadable. */
  readonly corrupt: readonly CorruptEntry[];
  /** The revisions that nobody could read: the sightings are what is different after them. */
  readonly gap?: { readonly from: string; readonly to: string };
}

/** A selection, and the keys of those of its resources that are told. */
interface Holder {
  readonly selection: Selection;
  readonly holds: (key: string) => boolean;
  readonly shown: Set<string>;
}

/** Follows what is selected: its state at one revision, and then each change. A change of a profile may change what a selector finds: profiles are followed too where that is so. */
export class SelectionWatch {
  /** Everything in the ranges, as it last was. */
  private readonly last = new Map<string, Entry>();
  private readonly ranges: readonly Range[];
  private readonly holders: readonly Holder[];
  private after = '0';

  constructor(
    private readonly store: Store,
    selections: readonly Selection[],
    private readonly options: Pick<ReadOptions, 'shows' | 'filter'>,
  ) {
    const byProfiles = selections.some(({ kind }) => this.needsProfiles(kind));
    this.ranges = [...selections.flatMap(rangesOf), ...(byProfiles ? [{ prefix: PROFILES_PREFIX }] : [])];
    this.holders = selections.map((selection) => ({ selection, holds: insideOf(rangesOf(selection)), shown: new Set() }));
  }

  /** Reads the state, and returns its revision and what cannot be read. Throws DatastoreError. */
  async begin(): Promise<{ readonly revision: string; readonly corrupt: readonly CorruptEntry[] }> {
    const onPage = (entries: Iterable<Entry>): undefined => {
      for (const entry of entries) this.last.set(entry.key, entry);
    };
    const { revision } = await this.store.snapshot(this.ranges, { onPage, onRestart: () => this.last.clear() });
    this.after = revision;
    this.readProfiles();
    const found = this.holders.flatMap(({ selection, holds }) => this.entriesOf(holds).map((entry) => readable(selection, entry)).filter(isCorrupt));
    return { revision, corrupt: [...new Map(found.map((each) => [each.key, each])).values()] };
  }

  /** What of each selection was there at the start, in no order, each made when its turn has come; to be walked through once, before `news`. */
  *present(): Generator<{ readonly selection: Selection; readonly views: Iterable<View> }> {
    for (const holder of this.holders) yield { selection: holder.selection, views: this.presentOf(holder) };
  }

  /** Every change after that, without end; only as fast as the reader. Throws DatastoreError. */
  async *news(): AsyncGenerator<WatchNews, undefined> {
    const known = new Map([...this.last.values()].map(({ key, modRevision }) => [key, modRevision]));
    for await (const { revision, changes, gap } of this.store.watch(this.ranges, { after: this.after, known })) {
      const corrupt = new Map<string, CorruptEntry>();
      const moments = gap === undefined ? byRevision(changes) : [changes];
      yield { revision, sightings: moments.flatMap((moment) => this.sightingsOf(moment, corrupt)), corrupt: [...corrupt.values()], ...(gap === undefined ? {} : { gap }) };
    }
  }

  private *presentOf({ selection, holds, shown }: Holder): Generator<View> {
    for (const entry of this.entriesOf(holds)) {
      const view = this.viewOf(selection, entry);
      if (view === undefined || 'reason' in view) continue;
      shown.add(entry.key);
      yield view;
    }
    if (selection.by === 'identity') return;
    for (const view of syntheticViews(selection.kind, selection)) if (wantedView(selection, view.object, this.options) !== undefined) yield view;
  }

  /** What the changes of one moment are for each selection. */
  private sightingsOf(changes: readonly KeyChange[], corrupt: Map<string, CorruptEntry>): readonly Sighting[] {
    const before = new Map(changes.map(({ key }) => [key, this.last.get(key)]));
    for (const { key, entry } of changes) {
      if (entry === undefined) this.last.delete(key);
      else this.last.set(key, entry);
    }
    const isProfile = ({ key }: KeyChange): boolean => key.startsWith(PROFILES_PREFIX);
    const inherited = changes.find(isProfile);
    if (inherited !== undefined) this.readProfiles();
    return this.holders.flatMap((holder) => {
      const own = changes.filter(({ key }) => holder.holds(key)).flatMap((change) => this.transitions(holder, change, before.get(change.key), corrupt));
      return inherited === undefined || !this.needsProfiles(holder.selection.kind) ? own : [...own, ...this.reconsidered(holder, before, inherited.revision)];
    });
  }

  /** What comes into a selection and leaves it though nobody has changed it: its profiles give it other labels. */
  private reconsidered(holder: Holder, changed: ReadonlyMap<string, unknown>, revision: string | undefined): readonly Sighting[] {
    const { selection, shown, holds } = holder;
    return this.entriesOf(holds).flatMap((entry): readonly Sighting[] => {
      if (changed.has(entry.key)) return [];
      const view = this.viewOf(selection, entry);
      if ((view !== undefined && 'reason' in view) || (view !== undefined) === shown.has(entry.key)) return [];
      if (view !== undefined) shown.add(entry.key);
      else shown.delete(entry.key);
      const told = view ?? this.anyView(selection, entry);
      return told === undefined ? [] : [{ selection, event: view === undefined ? 'DELETED' : 'ADDED', revision, view: told }];
    });
  }

  /** What a change is for a selection: an object that comes into it is added, one that leaves it is gone, whatever is stored. */
  private transitions({ selection, shown }: Holder, { key, entry, revision }: KeyChange, was: Entry | undefined, corrupt: Map<string, CorruptEntry>): readonly Sighting[] {
    const after = entry && this.viewOf(selection, entry);
    if (after !== undefined && 'reason' in after) {
      corrupt.set(key, after);
      // What it last was is still what goes, should it go.
      if (was !== undefined) this.last.set(key, was);
      return [];
    }
    const wasShown = shown.has(key);
    if (after === undefined) shown.delete(key);
    else shown.add(key);
    const told = (event: WatchEvent, view: View): Sighting => ({ selection, event, revision, view });
    const before = was && this.anyView(selection, was);
    if (after === undefined) return wasShown && before !== undefined ? [told('DELETED', before)] : [];
    if (!wasShown) return [told('ADDED', after)];
    if (before === undefined || isSameResource(selection, before, after)) return [told('MODIFIED', after)];
    return [told('DELETED', before), told('ADDED', after)];
  }

  private viewOf(selection: Selection, entry: Entry): View | CorruptEntry | undefined {
    const object = readable(selection, entry);
    return isCorrupt(object) ? object : wantedView(selection, object, this.options);
  }

  /** The view of an entry, whether it is asked for or not; undefined where it cannot be read. */
  private anyView(selection: Selection, entry: Entry): View | undefined {
    const object = readable(selection, entry);
    return isCorrupt(object) ? undefined : viewObject(selection.kind, object, this.options.shows);
  }

  private needsProfiles(kind: Selection['kind']): boolean {
    return this.options.filter?.needsProfiles(kind) === true;
  }

  private readProfiles(): void {
    this.options.filter?.takeProfiles(this.entriesOf((key) => key.startsWith(PROFILES_PREFIX)));
  }

  private entriesOf(holds: (key: string) => boolean): readonly Entry[] {
    return [...this.last.values()].filter(({ key }) => holds(key));
  }
}

/** A stored object may become another classic resource: a pool's CIDR, a peer's address are what identifies it there. */
function isSameResource({ kind }: Selection, before: View, after: View): boolean {
  return kind.dialect === 'v3' || kind.identityText((before.row as ClassicDocument).metadata) === kind.identityText((after.row as ClassicDocument).metadata);
}

/** The changes of each revision together. */
function byRevision(changes: readonly KeyChange[]): readonly (readonly KeyChange[])[] {
  const groups: KeyChange[][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    if (group?.[0]?.revision === change.revision) group?.push(change);
    else groups.push([change]);
  }
  return groups;
}
