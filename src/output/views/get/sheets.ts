import type { ListPrinter } from '../../formats/lists.js';
import { safe } from '../../../text/safe.js';
import { ColumnTable } from '../../formats/table.js';
import type { TableContext } from '../../../resources/column.js';
import type { ViewColumn } from './columns.js';
import type { View } from '../../../objects/view.js';
import type { Sheet } from './listing.js';
import { nameOf } from '../../../objects/reference.js';

/** A list in YAML or JSON. */
export function listSheet(printer: ListPrinter): Sheet<string> {
  return {
    render: (view) => printer.render(view.document),
    place: (rendered) => printer.place(rendered),
    end: () => [printer.end()],
  };
}

/**
 * A list whose elements wait as bytes: a text that is put together from many pieces, as YAML is, takes several times its
 * length until somebody reads it.
 */
export function compactListSheet(printer: ListPrinter): Sheet<Buffer> {
  return {
    render: (view) => Buffer.from(printer.render(view.document)),
    place: (rendered) => printer.place(rendered.toString()),
    end: () => [printer.end()],
  };
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
