import type { Page, Row } from './page.js';
import { wrapped, wrappedCommand } from './wrap.js';

/** How many examples a help text has; the manual page has all. */
const EXAMPLES = 3;

/** A heading and what is below it; nothing where that is nothing. */
export interface Block {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The help text of a command, for a width: what is needed first stands first, what all commands share last. */
export function helpText(page: Page, width: number): string {
  const prose = (paragraphs: readonly string[]): string[] => paragraphs.flatMap((each, at) => [...(at === 0 ? [] : ['']), ...wrapped(each, width, 2)]);
  return textOf(page.summary, width, [
    usageBlock(page.usage, width),
    { title: 'ARGUMENTS', lines: rowLines(page.args, width) },
    { title: 'EXAMPLES', lines: exampleLines(page.examples.slice(0, EXAMPLES), width) },
    { title: 'DESCRIPTION', lines: prose(page.description) },
    ...page.flags.map(({ title, rows }) => ({ title, lines: rowLines(rows, width) })),
    ...page.lists.map(({ title, paragraphs }) => ({ title, lines: prose(paragraphs) })),
    ...page.commonFlags.map(({ title, rows }) => ({ title, lines: rowLines(rows, width) })),
  ]);
}

/** What comes first, and blocks under it. */
export function textOf(summary: string, width: number, blocks: readonly Block[]): string {
  const shown = blocks.filter(({ lines }) => lines.length > 0).map(({ title, lines }) => `${title}\n${lines.join('\n')}\n`);
  return [`${wrapped(summary, width).join('\n')}\n`, ...shown].join('\n');
}

/** Command lines; of an example with several each has a line. */
export function exampleLines(examples: readonly string[], width: number): string[] {
  return examples.flatMap((each) => each.split('\n')).flatMap((line) => wrappedCommand(`$ ${line}`, width, 2));
}

/** How a command is written. */
export function usageBlock(usage: readonly string[], width: number): Block {
  return { title: 'USAGE', lines: usage.flatMap((each) => wrapped(`calicoctl ${each}`, width, 2, 6)) };
}

/** Rows in two columns; what is too long for the first has a line of its own. */
export function rowLines(rows: readonly Row[], width: number): string[] {
  const hasLetters = rows.some(({ term }) => /^-\w/.test(term));
  const terms = rows.map(({ term }) => (hasLetters && term.startsWith('--') ? `    ${term}` : term));
  const limit = Math.floor(width * 0.4);
  const column = 4 + Math.max(...terms.map((term) => (term.length > limit ? 0 : term.length)));
  return rows.flatMap(({ text }, at) => {
    const term = `  ${terms[at] as string}`;
    const [first = '', ...rest] = wrapped(text, width, column).map((line) => line.slice(column));
    const indented = rest.map((line) => ' '.repeat(column) + line);
    return term.length + 2 > column ? [term, ...(first === '' ? [] : [' '.repeat(column) + first]), ...indented] : [`${term.padEnd(column)}${first}`.trimEnd(), ...indented];
  });
}
