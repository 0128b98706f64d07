import type { ListPrinter } from '../../formats/lists.js';
import { safe } from '../../../text/safe.js';
import { ColumnTable } from '../../formats/table.js';
import type { TableContext } from '../../../resources/column.js';
import type { ViewColumn } from './columns.js';
import type { View } from '../../../objects/view.js';
import type { Sheet } from './listing.js';
import { readAtRemark, withRevision } from '../../../objects/read-at.js';
import { nameOf } from '../../../objects/reference.js';

/** A list in YAML or JSON. `revisions` is the format where it says at which revision classic documents were read. */
export function listSheet(printer: ListPrinter, revisions: 'yaml' | 'json' | undefined): Sheet<string> {
  return {
    render: (view) => rendered(printer, view, revisions),
    place: (element) => printer.place(element),
    end: () => [printer.end()],
  };
}

/**
 * A list whose elements wait as bytes: a text that is put together from many pieces, as YAML is, takes several times its
 * length until somebody reads it.
 */
export function compactListSheet(printer: ListPrinter, revisions: 'yaml' | 'json' | undefined): Sheet<Buffer> {
  return {
    render: (view) => Buffer.from(rendered(printer, view, revisions)),
    place: (element) => printer.place(element.toString()),
    end: () => [printer.end()],
  };
}

function rendered(printer: ListPrinter, view: View, revisions: 'yaml' | 'json' | undefined): string {
  if (revisions === 'json') return printer.render(withRevision(view));
  return (revisions === 'yaml' ? readAtRemark(view) : '') + printer.render(view.document);
}

/** A table. */
export function tableSheet(columns: readonly ViewColumn[], context: TableContext, headings: boolean): Sheet<readonly string[]> {
  const table = new ColumnTable<View>(columns, context, headings);
  return {
    render: (view) => table.cells(view),
    place(cells) {
      table.addRow(cells);
      return '';
    },
    end: () => table.text(),
  };
}

/** One line for each resource: its kind and what identifies it. */
export const nameSheet: Sheet<string> = {
  render: (view) => `${safe(nameOf(view))}\n`,
  place: (line) => line,
  end: () => [],
};
