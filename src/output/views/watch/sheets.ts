import { InvalidRequest } from '../../../base/errors.js';
import { goJson } from '../../../go/json.js';
import { goYaml } from '../../../go/yaml.js';
import type { Format, TableFormat } from '../../../get/format.js';
import type { Sighting, WatchNews } from '../../../get/watch.js';
import { nameOf } from '../../../objects/reference.js';
import type { Selection } from '../../../objects/selection.js';
import type { View } from '../../../objects/view.js';
import type { TableContext } from '../../../resources/column.js';
import { safe } from '../../../text/safe.js';
import { ColumnTable } from '../../formats/table.js';
import { columnsOf, type TableExtras, type ViewColumn } from '../get/columns.js';
import type { WatchTemplate } from './template.js';

/** How a watch is printed: a line, or a document, for each sighting. */
export interface WatchSheet<Rendered = unknown> {
  /** A sighting of the state at the start, before it is its turn. */
  render(sighting: Sighting): Rendered;
  /** The text of the next one; empty where all of it comes with `begin`. */
  place(rendered: Rendered): string;
  /** What comes once the state at the start is there. */
  begin(): Iterable<string>;
  /** The text of a sighting after the start. */
  change(sighting: Sighting): string;
  /** What programs read of revisions that could not be known; absent where only people read. */
  gap?(gap: NonNullable<WatchNews['gap']>): string;
}

/** What stands where no revision is known. */
const NONE = '-';

/** What a table shows besides its own columns, and whether it has headings. */
export type WatchExtras = Pick<TableExtras, 'showLabels'> & { readonly noHeaders?: boolean | undefined };

/** What a sheet has to know besides the sightings. */
export interface SheetParts extends WatchExtras {
  readonly format: Format;
  readonly selections: readonly Selection[];
  readonly context: TableContext;
  /** For the formats with a template. */
  readonly template?: WatchTemplate | undefined;
}

/** The sheet of a format that `checkWatch` has found right. */
export function watchSheet({ format, selections, context, template, ...extras }: SheetParts): WatchSheet {
  if (template !== undefined) return lineSheet((sighting) => template(sighting, context));
  if (format.name === 'json') return dataSheet((value) => `${goJson(value)}\n`);
  if (format.name === 'yaml') return dataSheet((value) => `---\n${goYaml(value)}`);
  if (isTable(format)) return tableSheet(tableColumns(format, selections, extras), context, extras.noHeaders !== true);
  return lineSheet(({ event, revision = NONE, view }) => `${event} ${revision} ${safe(nameOf(view))}\n`);
}

/** Throws InvalidRequest where a format does not fit what is watched. */
export function checkWatch(format: Format, selections: readonly Selection[], extras: WatchExtras): void {
  if (isTable(format)) tableColumns(format, selections, extras);
}

function isTable(format: Format): format is TableFormat {
  return format.name === 'ps' || format.name === 'wide' || format.name === 'columns';
}

function lineSheet(line: (sighting: Sighting) => string): WatchSheet<string> {
  return { render: line, place: (text) => text, begin: () => [], change: line };
}

/** Objects with the same fields, whatever they tell of. */
function dataSheet(print: (value: object) => string): WatchSheet<string> {
  const line = ({ event, revision, view }: Sighting): string => print({ type: event, revision: revision ?? null, object: view.document });
  return { ...lineSheet(line), gap: ({ from, to }) => print({ type: 'UNKNOWN', from, to }) };
}

/** The columns of one kind; of several only what names a resource. A column that appears where it is needed would come too late. */
function tableColumns(format: TableFormat, selections: readonly Selection[], extras: WatchExtras): readonly ViewColumn[] {
  const [first, ...others] = selections;
  if (first === undefined) return [];
  const columns = columnsOf(first, format, extras).map((column) => ({ ...column, whenUsed: false }));
  if (others.every(({ kind }) => kind === first.kind)) return columns;
  if (format.name === 'columns') throw new InvalidRequest('custom-columns shows resources of one kind', 'watch one kind, or use -o json');
  return [{ heading: 'RESOURCE', cell: ({ row }) => nameOf({ document: row }) }, { heading: 'V3-ONLY', cell: ({ mark }) => mark ?? '' }];
}

/** A table whose columns are as wide as the state at the start needs, and grow with what comes. */
function tableSheet(columns: readonly ViewColumn[], context: TableContext, headings: boolean): WatchSheet<readonly string[]> {
  const own = (heading: string): ViewColumn => ({ heading, cell: () => '' });
  const table = new ColumnTable<View>([own('EVENT'), own('REVISION'), ...columns], context, headings);
  // The longest of the words, so that the lines that come stand under those that are there.
  table.nextLine(['MODIFIED']);
  const cells = ({ event, revision = NONE, view }: Sighting): readonly string[] => [event, revision, ...table.cells(view).slice(2)];
  return {
    render: cells,
    place(row) {
      table.addRow(row);
      return '';
    },
    begin: () => table.lines(),
    change: (sighting) => table.nextLine(cells(sighting)),
  };
}
