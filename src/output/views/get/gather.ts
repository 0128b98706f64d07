import type { Store } from '../../../datastore/store.js';
import { Exported, exported, isExported } from '../../../get/export.js';
import type { Sorting } from '../../../get/fields.js';
import type { Filter } from '../../../get/filter.js';
import { NamesToFind, readSelection, syntheticViews } from '../../../get/read.js';
import type { Selection } from '../../../objects/selection.js';
import { v3Identity } from '../../../objects/target.js';
import type { View } from '../../../objects/view.js';
import type { CorruptEntry } from '../../../resources/stored-value.js';
import { inOrder } from './listing.js';

/** What of the selections is shown, and in which order. */
export interface Wanted {
  /** Which of what is selected is wanted; absent for all of it. */
  readonly filter?: Filter | undefined;
  /** Absent for the order of the kind. */
  readonly sorting?: Sorting | undefined;
  /** Leave out what belongs to this cluster only (`--export`, for v3 resources). */
  readonly forExport?: boolean | undefined;
}

/** What `get` has to say besides what it printed. */
export interface GetResult {
  readonly found: number;
  /** Identities of v3 resources that were named and do not exist. */
  readonly missing: readonly string[];
  /** Names of classic resources that were asked for beside others, and that nothing has: `policy a`. */
  readonly unmatched: readonly string[];
  readonly corrupt: readonly CorruptEntry[];
  /** What `--export` left out. */
  readonly exported?: Exported;
}

/** Counts what was found while it is printed. */
export class Tally implements GetResult {
  found = 0;
  readonly missing: string[] = [];
  readonly unmatched: string[] = [];
  readonly corrupt: CorruptEntry[] = [];
  readonly exported = new Exported();
}

/** Everything that was found for one selection, with the revision it was read at. */
export interface Gathered {
  readonly selection: Selection;
  readonly revision: string;
  readonly views: readonly View[];
}

/** Reads one selection whole, in its order. */
export async function gather(store: Store, selection: Selection, tally: Tally, { filter, sorting, forExport }: Wanted): Promise<Gathered> {
  const views: View[] = [];
  const corrupt: CorruptEntry[] = [];
  let revision = '0';
  const names = new NamesToFind(selection);
  const onRestart = (): void => {
    views.length = corrupt.length = 0;
  };
  for await (const part of readSelection(store, selection, { onRestart, shows: 'documents', filter })) {
    revision = part.revision;
    for (const view of part.views) {
      names.see(view);
      views.push(view);
    }
    corrupt.push(...part.corrupt);
  }
  tally.unmatched.push(...names.left());
  tally.corrupt.push(...corrupt);
  views.push(...synthetic(selection, filter));
  if (selection.by === 'name' && views.length === 0 && corrupt.length === 0) tally.missing.push(v3Identity(selection.kind, selection.name, selection.namespace));
  const shown = forExport === true ? views.flatMap((view) => exportedView(selection, view, tally.exported)) : views;
  tally.found += shown.length;
  const ordered = inOrder(selection.kind, shown);
  return { selection, revision, views: sorting === undefined ? ordered : sorted(ordered, (view) => view, sorting) };
}

/** What was found, sorted by a field of its views. */
export function sorted<T>(found: readonly T[], viewOf: (each: T) => View, { keyOf, compare }: Sorting): readonly T[] {
  const keyed = found.map((each) => ({ each, key: keyOf(viewOf(each)) }));
  return keyed.sort((left, right) => compare(left.key, right.key)).map(({ each }) => each);
}

/** The view without what belongs to this cluster; none of a listing where no other cluster would take it. */
export function exportedView(selection: Selection, view: View, told: Exported): readonly View[] {
  const inList = selection.by !== 'name';
  return inList && !isExported(view.document, told) ? [] : [{ ...view, document: exported(view.document, told, { inList }) }];
}

/** What Calico shows of a selection though nobody stored it. */
export function synthetic(selection: Selection, filter: Filter | undefined): readonly View[] {
  const views = selection.by === 'identity' ? [] : syntheticViews(selection.kind, selection);
  return filter === undefined ? views : views.filter((view) => filter.accepts(selection.kind, view.object) && filter.wants(view));
}
