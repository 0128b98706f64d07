import { readPath, valueText } from '../../../go/jsonpath/template.js';
import type { TableFormat } from '../../../get/format.js';
import type { Selection } from '../../../objects/selection.js';
import type { View } from '../../../objects/view.js';
import type { Column } from '../../../resources/column.js';
import type { AnyDocument, Columns } from '../../../resources/kind.js';
import { labelsText, plainText } from '../../../resources/plain-text.js';
import { customColumns } from '../../formats/custom-columns.js';

/** A column of what is shown of a resource. */
export type ViewColumn = Column<View>;

/** What is shown in a table besides its own columns. */
export interface TableExtras {
  readonly showLabels?: boolean | undefined;
  /** The kind of each resource, in a first column. */
  readonly showKinds?: boolean | undefined;
}

/** What kubectl shows for nothing, in columns of paths and of labels. */
const NONE = '<none>';

const KIND: ViewColumn = { heading: 'KIND', cell: ({ row }) => row.kind };
const NAMESPACE: ViewColumn = { heading: 'NAMESPACE', cell: ({ row }) => plainText(row.metadata['namespace']) };
const LABELS: ViewColumn = { heading: 'LABELS', cell: ({ row }) => labelsText(row.metadata['labels'] ?? {}) || NONE };
/** In a classic table: names, as v3, what has more to it than its row can say. Without such rows it is not there. */
const V3_ONLY: ViewColumn = { heading: 'V3-ONLY', cell: ({ mark }) => mark ?? '', whenUsed: true };

/** The columns of a selection's table. Throws InvalidRequest where one that is asked for does not exist. */
export function columnsOf(selection: Selection, format: TableFormat, { showLabels, showKinds }: TableExtras): readonly ViewColumn[] {
  return [...(showKinds === true ? [KIND] : []), ...tableColumns(selection, format), ...(showLabels === true ? [LABELS] : []), ...(format.name === 'columns' || selection.by !== 'identity' ? [] : [V3_ONLY])];
}

function tableColumns(selection: Selection, format: TableFormat): readonly ViewColumn[] {
  const { ps, wide, extra } = selection.kind.columns as Columns<AnyDocument>;
  if (format.name === 'columns') return customColumns(format.headings, [...wide, ...ps, ...(extra ?? [])].map(ofRow), pathColumn);
  const columns = (format.name === 'wide' ? wide : ps).map(ofRow);
  return selection.by !== 'identity' && selection.showNamespace ? [NAMESPACE, ...columns] : columns;
}

function ofRow({ cell, ...column }: Column<AnyDocument>): ViewColumn {
  return { ...column, cell: ({ row }, context) => cell(row, context) };
}

/** What stands at a path of the document that JSON shows: the elements of lists joined by commas, as in the tables' own columns. */
function pathColumn(heading: string, text: string): ViewColumn {
  const path = readPath(text, `custom-columns, ${heading}`);
  return {
    heading,
    cell: ({ document }) => path.from(document).flatMap((value) => (Array.isArray(value) ? (value as readonly unknown[]) : [value])).map(valueText).join(',') || NONE,
  };
}

/** Whether a table has columns that need the whole document and not only its row. */
export function needsDocuments(format: TableFormat): boolean {
  return format.name === 'columns' && format.headings.includes(':');
}
