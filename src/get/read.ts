import type { Entry, Page, Range, Store } from '../datastore/store.js';
import { keyOf, prefixOf } from '../resources/keys.js';
import type { ClassicKind, StoredKind, StoredObject } from '../resources/kind.js';
import { plainText } from '../resources/plain-text.js';
import { decodeStored, isCorrupt, type CorruptEntry } from '../resources/stored-value.js';
import type { Selection } from '../objects/selection.js';
import { matchesIdentity, storedKindOf, viewObject, type Shows, type View } from '../objects/view.js';
import type { Filter } from './filter.js';

/** Part of what a selection came to. */
export interface ViewPage {
  readonly revision: string;
  /** Made one by one while they are walked through, once: a page's resources need not all be in memory. */
  readonly views: Iterable<View>;
  /** Complete when the views have been walked through. */
  readonly corrupt: readonly CorruptEntry[];
}

export interface ReadOptions {
  readonly shows: Shows;
  /** Which of what is selected is wanted; absent for all of it. */
  readonly filter?: Filter | undefined;
  readonly onRestart: () => void;
}

/**
 * Reads what is selected, page by page, in key order, at one revision. When compaction overtakes it, `onRestart` is
 * called and it begins anew.
 */
export async function* readSelection(store: Store, selection: Selection, options: ReadOptions): AsyncGenerator<ViewPage> {
  const keys = keysOf(selection);
  if (keys !== undefined) {
    const { revision, ranges } = await store.snapshot(keys.map((key) => ({ key })));
    await options.filter?.prepare(store, selection.kind, revision);
    yield found(selection, { revision, entries: ranges.flat() }, options);
    return;
  }
  for await (const page of store.list(prefixOfSelection(selection), { onRestart: options.onRestart })) {
    await options.filter?.prepare(store, selection.kind, page.revision);
    yield found(selection, page, options);
  }
}

/** The keys that can hold what is selected. */
export function rangesOf(selection: Selection): readonly Range[] {
  return keysOf(selection)?.map((key) => ({ key })) ?? [{ prefix: prefixOfSelection(selection) }];
}

/** The few keys that can hold what is selected, or undefined where the whole kind has to be read. */
function keysOf(selection: Selection): readonly string[] | undefined {
  if (selection.by === 'all') return undefined;
  if (selection.by === 'name') {
    const { kind, name, namespace } = selection;
    return [name, ...(kind.legacyNames?.(name) ?? [])].map((each) => keyOf(kind, each, namespace));
  }
  const { kind, wanted } = selection;
  if (kind.foundByContent === true || wanted.some((metadata) => kind.missingIdentifiers(metadata, 'get').length > 0)) return undefined;
  return [...new Set(wanted.flatMap((metadata) => classicKeys(kind, metadata)))];
}

function classicKeys(kind: ClassicKind, metadata: Record<string, unknown>): readonly string[] {
  return kind.storedNames(metadata).map((name) => keyOf(kind.stored, name, kind.namespaceOf?.(metadata)));
}

function prefixOfSelection(selection: Selection): string {
  if (selection.by === 'identity') return prefixOf(selection.kind.stored);
  return prefixOf(selection.kind, selection.namespace);
}

function found(selection: Selection, page: Page, options: ReadOptions): ViewPage {
  const corrupt: CorruptEntry[] = [];
  return { revision: page.revision, views: views(selection, page.entries, options, corrupt), corrupt };
}

function* views(selection: Selection, entries: Iterable<Entry>, { shows, filter }: ReadOptions, corrupt: CorruptEntry[]): Generator<View> {
  for (const entry of entries) {
    const object = readable(selection, entry);
    const view = isCorrupt(object) ? undefined : wantedView(selection, object, { shows, filter });
    if (isCorrupt(object)) corrupt.push(object);
    else if (view !== undefined) yield view;
  }
}

/** The view of what is in the ranges of a selection; undefined where it is not what is asked for. */
export function wantedView(selection: Selection, object: StoredObject, { shows, filter }: Pick<ReadOptions, 'shows' | 'filter'>): View | undefined {
  if (filter?.accepts(selection.kind, object) === false) return undefined;
  const view = viewObject(selection.kind, object, shows);
  return isWanted(selection, view) && filter?.wants(view) !== false ? view : undefined;
}

/** Reads an entry in the ranges of a selection. */
export function readable(selection: Selection, entry: Entry): StoredObject | CorruptEntry {
  if (entry.invalid === true) return { key: entry.key, reason: 'not UTF-8' };
  return decodeStored(storedKindOf(selection.kind), entry);
}

function isWanted(selection: Selection, view: View): boolean {
  if (selection.by === 'all') return true;
  // A key of an older version may hold the object under another name than the one asked for.
  if (selection.by === 'name') return view.object.metadata.name === selection.name;
  return selection.wanted.some((metadata) => matchesIdentity(selection.kind, view, metadata));
}

/** The names of a classic selection that asks for several, struck out as they are found. A single name that is not there shows as an empty table. */
export class NamesToFind {
  private readonly wanted: Set<Record<string, unknown>>;

  constructor(private readonly selection: Selection) {
    this.wanted = new Set(selection.by === 'identity' && selection.wanted.length > 1 ? selection.wanted : []);
  }

  see(view: View): void {
    if (this.selection.by !== 'identity') return;
    for (const metadata of this.wanted) if (matchesIdentity(this.selection.kind, view, metadata)) this.wanted.delete(metadata);
  }

  /** What was not found: `policy a`. */
  left(): readonly string[] {
    const { selection } = this;
    return selection.by === 'identity' ? [...this.wanted].map((metadata) => `${selection.kind.kind} ${plainText(metadata[selection.kind.nameField])}`) : [];
  }
}

/** Objects that Calico shows though nobody stored them (reference/storage 1.7): the profile projectcalico-default-allow. */
export function syntheticViews(kind: StoredKind, selection: Selection): readonly View[] {
  const objects = kind.synthetic ?? [];
  return objects.filter((object) => selection.by === 'all' || (selection.by === 'name' && selection.name === object.metadata.name)).map((object) => viewObject(kind, object, 'documents'));
}

