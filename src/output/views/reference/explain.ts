import type { Explained } from '../../../objects/explain.js';
import { goYaml } from '../../../go/yaml.js';
import { dataText } from '../data.js';

const WIDTH = 100;

/** A field or a kind with the fields in it; with all that are below it where they were asked for (`tree`). */
export async function explainText(found: Explained, format: string, tree: boolean): Promise<string> {
  if (format !== 'text') return dataText(found, format);
  const { fields = [] } = found;
  const blocks = [head(found), facts(found), ...(fields.length === 0 ? [] : [tree ? `FIELDS\n${treeOf(fields, 1)}` : `FIELDS\n${listOf(fields)}`])];
  return `${blocks.join('\n\n')}\n`;
}

function head({ kind, apiVersion, path, help }: Explained): string {
  return `${[kind, ...(path === '' ? [] : [path])].join('.')}  (${apiVersion})\n\n${wrapped(help, '  ')}`;
}

function facts({ type, required, default: unset, allowed, example, path }: Explained): string {
  const name = path.split('.').at(-1) ?? '';
  const rows: (readonly [string, string] | undefined)[] = [
    path === '' ? undefined : ['TYPE', `${type}${required ? ', required' : ''}`],
    unset === undefined ? undefined : ['DEFAULT', inline(unset)],
    allowed === undefined ? undefined : ['ALLOWED', typeof allowed === 'string' ? allowed : allowed.filter((each) => each !== '').join(', ')],
  ];
  const lines = rows.flatMap((row) => (row === undefined ? [] : [`${row[0].padEnd(9)}${row[1]}`]));
  const shown = goYaml(path === '' ? example as object : { [name]: example }).trimEnd().split('\n').map((line) => `  ${line}`);
  return [...lines, 'EXAMPLE', ...shown].join('\n');
}

/** Each field with its sentence. */
function listOf(fields: readonly Explained[], indent = '  '): string {
  return fields.map((each) => [
    `${indent}${nameOf(each)}  <${each.type}>${each.required ? ' required' : ''}`,
    wrapped(each.help, `${indent}    `),
    ...(each.fields === undefined || each.fields.length === 0 ? [] : [listOf(each.fields, `${indent}  `)]),
  ].join('\n')).join('\n');
}

/** Names and types alone, as deep as they go. */
function treeOf(fields: readonly Explained[], level: number): string {
  return fields.map((each) => [
    `${'  '.repeat(level)}${nameOf(each)}  <${each.type}>${each.required ? ' required' : ''}${each.default === undefined ? '' : ` = ${inline(each.default)}`}`,
    ...(each.fields === undefined || each.fields.length === 0 ? [] : [treeOf(each.fields, level + 1)]),
  ].join('\n')).join('\n');
}

function nameOf({ path }: Explained): string {
  return path.split('.').at(-1) ?? '';
}

function inline(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function wrapped(text: string, indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length > indent.length && line.length + word.length > WIDTH) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join('\n');
}
