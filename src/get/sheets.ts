import type { ListPrinter } from '../output/lists.js';
import { safe } from '../output/safe.js';
import { ColumnTable } from '../output/table.js';
import type { Column, TableContext } from '../resources/column.js';
import type { AnyDocument } from '../resources/kind.js';
import type { Sheet } from './listing.js';
import type { View } from './view.js';

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
export function tableSheet(columns: readonly Column<AnyDocument>[], context: TableContext): Sheet<readonly string[]> {
  const table = new ColumnTable<AnyDocument>(columns, context);
  return {
    render: (view) => table.cells(view.row),
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

const IDENTITY_FIELDS = ['scope', 'node', 'orchestrator', 'workload', 'name', 'peerIP', 'cidr'];

/** `policy/a`, `bgpPeer/node/n1/10.0.0.1`, `NetworkPolicy/default/a`: the kind and what identifies the resource. */
export function nameOf(view: Pick<View, 'document'>): string {
  const { document } = view;
  if (document.apiVersion === 'v1') {
    const { metadata } = document;
    return [document.kind, ...IDENTITY_FIELDS.map((field) => metadata[field]).filter((part) => part !== undefined && part !== '')].join('/');
  }
  const { namespace, name } = document.metadata as { namespace?: string; name: string };
  return [document.kind, ...(namespace === undefined ? [] : [namespace]), name].join('/');
}
