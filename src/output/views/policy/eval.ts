import type { Evaluated } from '../../../insight/evaluated.js';
import type { Directory } from '../../../insight/directory.js';
import { goJsonIndented } from '../../../go/indented-json.js';
import { ColumnTable } from '../../formats/table.js';
import { labelData, labelText } from './labels.js';
import { selectorReason } from './selector-reason.js';

/** What `eval` prints: a line for each endpoint and set, with what made it match. */
export function evalText({ selector, matched }: Evaluated, directory: Directory, room?: number): string {
  const table = new ColumnTable<Evaluated['matched'][number]>([
    { heading: 'RESOURCE', cell: ({ id }) => directory.name(id) },
    { heading: 'BECAUSE', cell: ({ labels, because }) => because.map((each) => labelText(each, directory).replace(/ {2,}/, ' ')).join(', ') || selectorReason(selector, labels, directory.dialect) },
  ], { globalAsNumber: '', room });
  for (const each of matched) table.add(each);
  return `${[...table.text()].join('').replace(/ +$/gm, '').trimEnd()}\n`;
}

/** The same as data. */
export function evalData({ selector, matched, of }: Evaluated, directory: Directory): string {
  return `${goJsonIndented({
    matched: matched.map(({ id, labels, because }) => ({ resource: directory.name(id), because: selectorReason(selector, labels, directory.dialect), labels: because.map((each) => labelData(each, directory)) })),
    of,
  })}\n`;
}
