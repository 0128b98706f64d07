import { safe } from '../../text/safe.js';
import { columnsOf } from '../../text/width.js';

const GAP = '  ';
const NARROWEST = 6;
/** After these a word that is too long for its column may be broken. */
const BREAKS = /(?<=[/.,:=_-])/;

/** A row: its cells, and lines that follow it over all columns. */
export interface FittedRow {
  readonly cells: readonly string[];
  readonly below?: readonly string[];
}

/** A table that fits a width: columns are as wide as their cells ask for, and where that is too much, the widest are broken into lines. Ends with a line break. */
export function fittedTable(headings: readonly string[], rows: readonly FittedRow[], width = 80): string {
  const body = rows.map(({ cells, below = [] }) => ({ cells: cells.map(safe), below: below.map(safe) }));
  const widths = fittedWidths([headings, ...body.map(({ cells }) => cells)], width);
  const line = (cells: readonly string[]): string => `${cells.map((cell, at) => cell + ' '.repeat(Math.max(0, widths[at]! - columnsOf(cell)))).join(GAP).trimEnd()}\n`;
  const lines = ({ cells, below }: (typeof body)[number]): string => {
    const broken = cells.map((cell, at) => brokenAt(cell, widths[at]!));
    const height = Math.max(...broken.map(({ length }) => length));
    const own = Array.from({ length: height }, (_, at) => line(broken.map((cell) => cell[at] ?? '')));
    return [...own, ...below.flatMap((each) => brokenAt(each, width - 4).map((part, at) => `${at === 0 ? '  ' : '    '}${part}\n`))].join('');
  };
  return line(headings) + body.map(lines).join('');
}

function fittedWidths(rows: readonly (readonly string[])[], width: number): readonly number[] {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((cells) => columnsOf(cells[at]!))));
  const least = rows[0]!.map((heading) => Math.max(NARROWEST, columnsOf(heading)));
  return narrowed(widths, least, width - GAP.length * (widths.length - 1));
}

/** The widths of columns that have so much room together: the widest give way until all fit, none below its least. */
export function narrowed(natural: readonly number[], least: readonly number[], room: number): readonly number[] {
  const widths = [...natural];
  while (widths.reduce((sum, each) => sum + each, 0) > room) {
    const widest = widths.reduce((found, each, at) => (each > least[at]! && (found < 0 || each > widths[found]!) ? at : found), -1);
    if (widest < 0) break;
    widths[widest]! -= 1;
  }
  return widths;
}

/** A text as lines of at most so many columns: broken at spaces, else behind a sign, else anywhere. */
export function brokenAt(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (columnsOf(longer) <= width) line = longer;
    else {
      if (line !== '') lines.push(line);
      const parts = columnsOf(word) <= width ? [word] : brokenWord(word, width);
      lines.push(...parts.slice(0, -1));
      line = parts.at(-1)!;
    }
  }
  return [...lines, line];
}

function brokenWord(word: string, width: number): readonly string[] {
  const parts: string[] = [];
  let part = '';
  const add = (piece: string): void => {
    if (part !== '' && columnsOf(part + piece) > width) {
      parts.push(part);
      part = '';
    }
    part += piece;
  };
  // A list is broken between what it lists, where that fits.
  const pieces = word.split(/(?<=,)/).flatMap((item) => (columnsOf(item) <= width ? [item] : item.split(BREAKS)));
  for (const piece of pieces) {
    if (columnsOf(piece) <= width) add(piece);
    else for (const character of piece) add(character);
  }
  return [...parts, part];
}
