import type { Notify } from '../../../base/notice.js';
import type { GetNotice } from '../../../get/notices.js';
import type { Store } from '../../../datastore/store.js';
import { customColumns } from '../../formats/custom-columns.js';
import { goJsonIndented } from '../../../go/indented-json.js';
import { jsonList, jsonListObject, yamlList, yamlListObject, type ListPrinter } from '../../formats/lists.js';
import { goYaml } from '../../../go/yaml.js';
import { v3Identity } from '../../../objects/target.js';
import type { Column, TableContext } from '../../../resources/column.js';
import type { AnyDocument, Columns, Kind } from '../../../resources/kind.js';
import { plainText } from '../../../resources/plain-text.js';
import type { CorruptEntry } from '../../../resources/stored-value.js';
import { Exported, exported, isExported } from '../../../get/export.js';
import type { Filter } from '../../../get/filter.js';
import type { Format } from '../../../get/format.js';
import { inOrder, Listing, type Sheet } from './listing.js';
import { NamesToFind, readSelection, syntheticViews } from '../../../get/read.js';
import type { Selection } from '../../../objects/selection.js';
import { compactListSheet, listSheet, nameSheet, tableSheet } from './sheets.js';
import type { Shows, View } from '../../../objects/view.js';

type LineFormat = { readonly name: 'ps' | 'wide' | 'name' } | { readonly name: 'columns'; readonly headings: string };

export interface GetOptions {
  readonly format: Exclude<Format, { name: 'template' | 'template-file' }>;
  readonly context: TableContext;
  /** Leave out what belongs to this cluster only (`--export`, for v3 resources). */
  readonly forExport?: boolean;
  /** Which of what is selected is wanted; absent for all of it. */
  readonly filter?: Filter | undefined;
  readonly write: (text: string) => void | Promise<void>;
  readonly notify?: Notify<GetNotice>;
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

/** Everything that was found for one selection, with the revision it was read at. */
export interface Gathered {
  readonly selection: Selection;
  readonly revision: string;
  readonly views: readonly View[];
}

/** Counts what was found while it is printed. */
class Tally implements GetResult {
  found = 0;
  readonly missing: string[] = [];
  readonly unmatched: string[] = [];
  readonly corrupt: CorruptEntry[] = [];
  readonly exported = new Exported();
}

/** Prints what the selections find; a list is printed while it is read. */
export async function get(store: Store, selections: readonly Selection[], options: GetOptions): Promise<GetResult> {
  const tally = new Tally();
  const { format } = options;
  if (format.name === 'yaml' || format.name === 'json') await printDocuments(store, selections, format.name, options, tally);
  else for (const selection of selections) await printLines(store, selection, format as LineFormat, options, tally);
  return tally;
}

/** A table, or names, of one selection. */
async function printLines(store: Store, selection: Selection, format: LineFormat, options: GetOptions, tally: Tally): Promise<void> {
  const sheet = format.name === 'name' ? nameSheet : tableSheet(columnsOf(selection, format), options.context, showsOf(format) === 'marked rows');
  if (selection.by !== 'name') return printList(store, selection, () => sheet, options, tally);
  const { views } = await gather(store, selection, tally, options.filter);
  if (views.length > 0) await printViews(selection.kind, views, sheet, options);
}

async function printDocuments(store: Store, selections: readonly Selection[], format: 'yaml' | 'json', options: GetOptions, tally: Tally): Promise<void> {
  const [only] = selections;
  if (selections.length === 1 && only !== undefined && only.by !== 'name') {
    await printList(store, only, (revision) => (format === 'yaml' ? compactListSheet : listSheet)(listPrinter(only, format, options.forExport === true ? undefined : revision)), options, tally);
    return;
  }
  const documents: AnyDocument[] = [];
  for (const selection of selections) documents.push(...(await gather(store, selection, tally, options.filter)).views.map((view) => (options.forExport === true ? exported(view.document, tally.exported) : view.document)));
  await options.write(documentsText(documents, selections, format));
}

/** Several results: the object itself where v3 was asked for one, otherwise a list. */
function documentsText(documents: readonly AnyDocument[], selections: readonly Selection[], format: 'yaml' | 'json'): string {
  const allNamed = selections.every((selection) => selection.by === 'name');
  const [first] = documents;
  if (allNamed && first === undefined) return '';
  if (allNamed && documents.length === 1 && first !== undefined) return format === 'yaml' ? goYaml(first) : goJsonIndented(first);
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
  const exporting = options.forExport === true && showsOf(options.format) === 'documents' ? tally.exported : undefined;
  for await (const part of readSelection(store, selection, { onRestart, shows: showsOf(options.format), filter: options.filter })) {
    listing ??= new Listing(selection.kind, sheetAt(part.revision));
    for (const view of part.views) {
      names.see(view);
      addTo(listing, view, exporting);
    }
    corrupt.push(...part.corrupt);
    options.notify?.({ code: 'get.progress', found: listing.count });
  }
  tally.unmatched.push(...names.left());
  listing ??= new Listing(selection.kind, sheetAt('0'));
  for (const view of synthetic(selection, options.filter)) addTo(listing, view, exporting);
  tally.found += listing.count;
  tally.corrupt.push(...corrupt);
  for (const text of listing.text()) await options.write(text);
}

/** Adds what was found; what is exported without what belongs to this cluster, and nothing that no other one would take. */
function addTo(listing: Listing, view: View, exporting: Exported | undefined): void {
  if (exporting === undefined) listing.add(view);
  else if (isExported(view.document, exporting)) listing.add({ ...view, document: exported(view.document, exporting, { inList: true }) });
}

/** Names say whether a resource is shown as v1 or v3, so they need the documents. */
function showsOf({ name }: Format): Shows {
  if (name === 'yaml' || name === 'json' || name === 'name') return 'documents';
  return name === 'columns' ? 'rows' : 'marked rows';
}

async function printViews(kind: Kind, views: readonly View[], sheet: Sheet, options: GetOptions): Promise<void> {
  const listing = new Listing(kind, sheet);
  for (const view of views) listing.add(view);
  for (const text of listing.text()) await options.write(text);
}

/** Reads one selection whole, in its kind's order. */
export async function gather(store: Store, selection: Selection, tally: Pick<Tally, 'missing' | 'unmatched' | 'corrupt' | 'found'>, filter?: Filter): Promise<Gathered> {
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
  tally.found += views.length;
  if (selection.by === 'name' && views.length === 0 && corrupt.length === 0) tally.missing.push(v3Identity(selection.kind, selection.name, selection.namespace));
  return { selection, revision, views: inOrder(selection.kind, views) };
}

function synthetic(selection: Selection, filter: Filter | undefined): readonly View[] {
  const views = selection.by === 'identity' ? [] : syntheticViews(selection.kind, selection);
  return filter === undefined ? views : views.filter((view) => filter.accepts(selection.kind, view.object) && filter.wants(view));
}

/** Throws InvalidRequest where a column that is asked for does not exist. */
export function checkColumns(selections: readonly Selection[], format: GetOptions['format']): void {
  if (format.name === 'columns') for (const selection of selections) columnsOf(selection, format);
}

function columnsOf(selection: Selection, format: LineFormat): readonly Column<AnyDocument>[] {
  const { ps, wide, extra } = selection.kind.columns as Columns<AnyDocument>;
  if (format.name === 'columns') return customColumns(format.headings, [...wide, ...ps, ...(extra ?? [])]);
  const columns = format.name === 'wide' ? wide : ps;
  return selection.by !== 'identity' && selection.showNamespace ? [namespaceColumn, ...columns] : columns;
}

const namespaceColumn: Column<AnyDocument> = {
  heading: 'NAMESPACE',
  cell: (document) => plainText(document.metadata['namespace']),
};

function listPrinter(selection: Selection, format: 'yaml' | 'json', revision: string | undefined): ListPrinter {
  if (selection.by === 'identity') return format === 'yaml' ? yamlList({ plainDates: true }) : jsonList();
  const head = { kind: `${selection.kind.kind}List`, apiVersion: 'projectcalico.org/v3', metadata: revision === undefined ? {} : { resourceVersion: revision } };
  return format === 'yaml' ? yamlListObject(head) : jsonListObject(head);
}
