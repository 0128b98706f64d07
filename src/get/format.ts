import { InvalidRequest } from '../base/errors.js';

/** Formats that are tables. */
export type TableFormat = { readonly name: 'ps' } | { readonly name: 'wide' } | { readonly name: 'columns'; readonly headings: string };

/** Formats that no template is needed for. */
export type PlainFormat = TableFormat | { readonly name: 'name' } | { readonly name: 'yaml' } | { readonly name: 'json' };

/** How `get` shows what it found. */
export type Format =
  | PlainFormat
  | { readonly name: 'template' | 'jsonpath'; readonly text: string }
  | { readonly name: 'template-file' | 'jsonpath-file'; readonly path: string };

/** Whether a format needs no template. */
export function isPlain(format: Format): format is PlainFormat {
  return !('text' in format || 'path' in format);
}

const PLAIN = ['ps', 'wide', 'yaml', 'json', 'name'] as const;

/** What may be written for a format; capitals stand for what everybody writes himself. */
export const FORMAT_WORDS: readonly string[] = [...PLAIN, 'custom-columns=A,B:PATH', 'jsonpath=TEXT', 'jsonpath-file=FILE', 'go-template=TEXT', 'go-template-file=FILE'];

/** The same in a sentence. */
export const FORMATS = `${FORMAT_WORDS.slice(0, -1).join(', ')} or ${String(FORMAT_WORDS.at(-1))}`;

/** Reads a format as people write it (reference/classic 5). Throws InvalidRequest. */
export function parseFormat(output: string): Format {
  const plain = PLAIN.find((each) => each === output);
  if (plain !== undefined) return { name: plain };
  const equals = output.indexOf('=');
  const [word, value] = equals < 0 ? [output, ''] : [output.slice(0, equals), output.slice(equals + 1)];
  if (word === 'custom-columns') return { name: 'columns', headings: needed(value, 'at least one column') };
  if (word === 'go-template') return { name: 'template', text: needed(value, 'a template') };
  if (word === 'go-template-file') return { name: 'template-file', path: needed(value, 'a template file') };
  if (word === 'jsonpath') return { name: 'jsonpath', text: needed(value, 'a template') };
  if (word === 'jsonpath-file') return { name: 'jsonpath-file', path: needed(value, 'a template file') };
  throw new InvalidRequest(`unrecognized output format '${output}'`, `use ${FORMATS}`);
}

function needed(value: string, what: string): string {
  if (value === '') throw new InvalidRequest(`need to specify ${what}`);
  return value;
}
