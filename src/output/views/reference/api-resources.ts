import type { ApiResource } from '../../../objects/api-resources.js';
import type { Column } from '../../../resources/column.js';
import { ColumnTable } from '../../formats/table.js';
import { dataText } from '../data.js';

const COLUMNS: readonly Column<ApiResource>[] = [
  { heading: 'KIND', cell: ({ kind }) => kind },
  { heading: 'SHORTNAMES', cell: ({ shortNames }) => shortNames.join(',') },
  { heading: 'DIALECT', cell: ({ dialect }) => dialect },
  { heading: 'NAMESPACED', cell: ({ namespaced }) => String(namespaced) },
  { heading: 'VERBS', cell: ({ verbs }) => verbs.join(',') },
  { heading: 'KEYPREFIX', cell: ({ keyPrefix }) => keyPrefix },
];

/** The kinds as a table (`ps`), one name in a line (`name`), YAML or JSON. */
export async function apiResourcesText(resources: readonly ApiResource[], format: string, room?: number): Promise<string> {
  if (format === 'name') return resources.map(({ kind }) => `${kind}\n`).join('');
  if (format !== 'ps') return dataText([...resources], format);
  const table = new ColumnTable(COLUMNS, { globalAsNumber: '', room });
  for (const each of resources) table.add(each);
  return [...table.text()].join('').replace(/ +$/gm, '').trimEnd() + '\n';
}
