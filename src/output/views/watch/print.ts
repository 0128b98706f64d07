import type { Store } from '../../../datastore/store.js';
import type { Filter } from '../../../get/filter.js';
import type { Sorting } from '../../../get/fields.js';
import { isPlain, type Format } from '../../../get/format.js';
import { SelectionWatch, type WatchNews } from '../../../get/watch.js';
import type { Selection } from '../../../objects/selection.js';
import type { View } from '../../../objects/view.js';
import type { CorruptEntry } from '../../../resources/stored-value.js';
import type { TableContext } from '../../../resources/column.js';
import { safe } from '../../../text/safe.js';
import { Listing, type Sheet } from '../get/listing.js';
import { showsOf } from '../get/print.js';
import { watchSheet, type WatchExtras, type WatchSheet } from './sheets.js';
import type { WatchTemplate } from './template.js';

export interface WatchPrinting extends WatchExtras {
  readonly format: Format;
  readonly context: TableContext;
  /** Which of what is selected is wanted; absent for all of it. */
  readonly filter?: Filter | undefined;
  readonly template?: WatchTemplate | undefined;
  /** The order of the state at the start. */
  readonly sorting?: Sorting | undefined;
  /** Writes whole lines of data, and resolves once they are written. */
  readonly write: (lines: string) => Promise<void>;
  /** Writes a line about the watch. */
  readonly note: (line: string) => Promise<void>;
  /** The same for whoever is watching. */
  readonly hint: (line: string) => Promise<void>;
}

/**
 * Prints the state of what is selected, and then each change when it comes. Never returns: throws the reason of the interruption,
 * what a reader is told with who is gone when there is something to write, or DatastoreError.
 */
export async function printWatch(store: Store, selections: readonly Selection[], printing: WatchPrinting): Promise<never> {
  const sheet = watchSheet({ ...printing, selections });
  const watch = new SelectionWatch(store, selections, { shows: isPlain(printing.format) ? showsOf(printing.format) : 'documents', filter: printing.filter });
  const { corrupt } = await watch.begin();
  let count = 0;
  for (const { selection, views } of watch.present()) count += await printPresent(selection, views, sheet, printing);
  for (const text of sheet.begin()) await printing.write(text);
  for (const each of corrupt) await printing.note(unreadableLine(each));
  if (count === 0) await printing.hint(`nothing is there yet: waiting for changes`);
  for await (const news of watch.news()) await printNews(news, sheet, printing);
  throw new Error('a watch has ended by itself');
}

/** Prints what is there of a selection, in its kind's order; returns how many resources it is. */
async function printPresent(selection: Selection, views: Iterable<View>, sheet: WatchSheet, { write, sorting }: WatchPrinting): Promise<number> {
  const lines: Sheet = {
    render: (view) => sheet.render({ selection, event: 'PRESENT', revision: view.object.metadata.resourceVersion, view }),
    place: (rendered) => sheet.place(rendered),
    end: () => [],
  };
  const listing = new Listing(selection.kind, lines, sorting);
  for (const view of views) listing.add(view);
  for (const text of listing.text()) await write(text);
  return listing.count;
}

async function printNews({ sightings, corrupt, gap }: WatchNews, sheet: WatchSheet, { write, note }: WatchPrinting): Promise<void> {
  if (gap !== undefined) {
    await note(`revisions ${gap.from} to ${gap.to} were compacted before they could be read: what is different after them follows; what came and went in between is not known`);
    if (sheet.gap !== undefined) await write(sheet.gap(gap));
  }
  const text = sightings.map((sighting) => sheet.change(sighting)).join('');
  if (text !== '') await write(text);
  for (const each of corrupt) await note(unreadableLine(each));
}

function unreadableLine({ key, reason }: CorruptEntry): string {
  return safe(`${key} cannot be read: ${reason}`);
}
