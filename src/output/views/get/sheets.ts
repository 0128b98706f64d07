import type { ListPrinter } from '../../formats/lists.js';
import { safe } from '../../../text/safe.js';
import { ColumnTable } from '../../formats/table.js';
import type { Column, TableContext } from '../../../resources/column.js';
import type { AnyDocument } from '../../../resources/kind.js';
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

/** The column of a classic table that names, as v3, what has more to it than its row can say. Without such rows it is not there. */
const V3_ONLY: Column<AnyDocument> = { heading: 'V3-ONLY', cell: () => '', whenUsed: true };

/** A table; `marked`: with the marks of the views in a last column. */
export function tableSheet(columns: readonly Column<AnyDocument>[], context: TableContext, marked: boolean): Sheet<readonly string[]> {
  const table = new ColumnTable<AnyDocument>(marked ? [...columns, V3_ONLY] : columns, context);
  return {
    render(view) {
      const cells = table.cells(view.row);
      return marked && view.mark !== undefined ? [...cells.slice(0, -1), view.mark] : cells;
    },
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
