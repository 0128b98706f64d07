import type { Store } from '../../../datastore/store.js';
import { goJsonIndented } from '../../../go/indented-json.js';
import { jsonList, jsonListObject, yamlList, yamlListObject, type ListPrinter } from '../../formats/lists.js';
import { goYaml } from '../../../go/yaml.js';
import { readAtRemark, withRevision } from '../../../objects/read-at.js';
import type { TableContext } from '../../../resources/column.js';
import type { Kind } from '../../../resources/kind.js';
import type { CorruptEntry } from '../../../resources/stored-value.js';
import type { PlainFormat, TableFormat } from '../../../get/format.js';
import { columnsOf, needsDocuments, type TableExtras } from './columns.js';
import { exportedView, gather, sorted, synthetic, Tally, type GetResult, type Wanted } from './gather.js';
import { Listing, type Sheet } from './listing.js';
import { NamesToFind, readSelection } from '../../../get/read.js';
import type { Selection } from '../../../objects/selection.js';
import { compactListSheet, listSheet, nameSheet, tableSheet } from './sheets.js';
import type { Shows, View } from '../../../objects/view.js';

type LineFormat = TableFormat | { readonly name: 'name' };

export interface GetOptions extends Wanted, TableExtras {
  readonly format: PlainFormat;
  readonly context: TableContext;
  /** Leave out the headings of tables, and the lines between them. */
  readonly noHeaders?: boolean | undefined;
  /** Say at which revision classic documents were read; an export is for another store, whose revisions are others. */
  readonly revisions?: boolean | undefined;
  readonly write: (text: string) => void | Promise<void>;
}

/** Prints what the selections find; a list is printed while it is read. */
export async function get(store: Store, selections: readonly Selection[], options: GetOptions): Promise<GetResult> {
  const tally = new Tally();
  const { format } = options;
  if (format.name === 'yaml' || format.name === 'json') await printDocuments(store, selections, format.name, options, tally);
  else for (const selection of selections) await printLines(store, selection, format, options, tally);
  return tally;
}

/** A table, or names, of one selection. Where all kinds are shown, those without a resource have no table. */
async function printLines(store: Store, selection: Selection, format: LineFormat, options: GetOptions, tally: Tally): Promise<void> {
  const sheet = format.name === 'name' ? nameSheet : tableSheet(columnsOf(selection, format, options), options.context, options.noHeaders !== true);
  if (selection.by !== 'name') return printList(store, selection, () => sheet, options, tally);
  const { views } = await gather(store, selection, tally, options);
  if (views.length > 0) await printViews(selection.kind, views, sheet, options);
}

async function printDocuments(store: Store, selections: readonly Selection[], format: 'yaml' | 'json', options: GetOptions, tally: Tally): Promise<void> {
  const [only] = selections;
  const revisions = options.revisions === true && options.forExport !== true ? format : undefined;
  if (selections.length === 1 && only !== undefined && only.by !== 'name') {
    await printList(store, only, (revision) => (format === 'yaml' ? compactListSheet : listSheet)(listPrinter(only, format, options.forExport === true ? undefined : revision), revisions), options, tally);
    return;
  }
  const views: View[] = [];
  for (const selection of selections) views.push(...(await gather(store, selection, tally, options)).views);
  const ordered = options.sorting === undefined ? views : sorted(views, (view) => view, options.sorting);
  await options.write(documentsText(revisions === 'json' ? ordered.map((view) => ({ ...view, document: withRevision(view) })) : ordered, selections, format, revisions === 'yaml'));
}

/** Several results: the object itself where v3 was asked for one, otherwise a list. */
function documentsText(views: readonly View[], selections: readonly Selection[], format: 'yaml' | 'json', remarks: boolean): string {
  const documents = views.map(({ document }) => document);
  const allNamed = selections.every((selection) => selection.by === 'name');
  const [first] = documents;
  if (allNamed && first === undefined) return '';
  if (allNamed && documents.length === 1 && first !== undefined) return format === 'yaml' ? goYaml(first) : goJsonIndented(first);
  if (format === 'yaml' && remarks && views.length > 0) return views.map((view) => readAtRemark(view) + goYaml([view.document], { plainDates: !allNamed })).join('');
  if (format === 'yaml') return goYaml(documents, { plainDates: !allNamed });
  return `${goJsonIndented(documents)}${allNamed ? '' : '\n'}`;
}

/** Reads a selection page by page, and prints it when it has been read to its end. */
async function printList(store: Store, selection: Selection, sheetAt: (revision: string) => Sheet, options: GetOptions, tally: Tally): Promise<void> {
  let listing: Listing | undefined;
  let corrupt: CorruptEntry[] = [];
  const names = new NamesToFind(selection);
  const onRestart = (): void => {
    listing = undefined;
    corrupt = [];
  };
  const shows = showsOf(options.format);
  const exporting = options.forExport === true && shows === 'documents' ? tally.exported : undefined;
  const listed = (view: View): readonly View[] => (exporting === undefined ? [view] : exportedView(selection, view, exporting));
  for await (const part of readSelection(store, selection, { onRestart, shows, filter: options.filter })) {
    listing ??= new Listing(selection.kind, sheetAt(part.revision), options.sorting);
    for (const view of part.views) {
      names.see(view);
      for (const each of listed(view)) listing.add(each);
    }
    corrupt.push(...part.corrupt);
  }
  tally.unmatched.push(...names.left());
  listing ??= new Listing(selection.kind, sheetAt('0'), options.sorting);
  for (const view of synthetic(selection, options.filter).flatMap(listed)) listing.add(view);
  tally.found += listing.count;
  tally.corrupt.push(...corrupt);
  if (options.showKinds === true && listing.count === 0) return;
  for (const text of listing.text()) await options.write(text);
}

/** Names say whether a resource is shown as v1 or v3, so they need the documents. */
export function showsOf(format: PlainFormat): Shows {
  if (format.name === 'yaml' || format.name === 'json' || format.name === 'name' || needsDocuments(format)) return 'documents';
  return format.name === 'columns' ? 'rows' : 'marked rows';
}

async function printViews(kind: Kind, views: readonly View[], sheet: Sheet, options: GetOptions): Promise<void> {
  const listing = new Listing(kind, sheet, options.sorting);
  for (const view of views) listing.add(view);
  for (const text of listing.text()) await options.write(text);
}

/** Throws InvalidRequest where a column that is asked for does not exist. */
export function checkColumns(selections: readonly Selection[], format: PlainFormat): void {
  if (format.name === 'columns') for (const selection of selections) columnsOf(selection, format, {});
}

function listPrinter(selection: Selection, format: 'yaml' | 'json', revision: string | undefined): ListPrinter {
  if (selection.by === 'identity') return format === 'yaml' ? yamlList({ plainDates: true }) : jsonList();
  const head = { kind: `${selection.kind.kind}List`, apiVersion: 'projectcalico.org/v3', metadata: revision === undefined ? {} : { resourceVersion: revision } };
  return format === 'yaml' ? yamlListObject(head) : jsonListObject(head);
}
