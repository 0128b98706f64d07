import { safe } from '../../text/safe.js';
import { columnsOf } from '../../text/width.js';
import { wrap } from '../../text/wrap.js';

/** Cells of several words are broken into lines of at most this many columns. */
const LONGEST_LINE = 30;
/** cli-table3 takes 70 ms for this many rows, and more than in proportion beyond (reference/speed 5). */
const MOST_ROWS = 100;

/** A cell as its lines, none of which holds anything a terminal would act on, and the columns it asks for. */
interface Cell {
  readonly lines: readonly string[];
  readonly width: number;
}

/**
 * A table with borders, as the official tool prints its reports (reference/ipam 6): headings in upper case and
 * centred, numbers right-aligned, everything else left-aligned. Ends with a line break.
 */
export async function borderedTable(headings: readonly string[], rows: readonly (readonly string[])[]): Promise<string> {
  const head = headings.map((heading) => cellOf(heading.toUpperCase()));
  const body = rows.map((row) => row.map(cellOf));
  const widths = head.map((cell, index) => body.reduce((widest, row) => Math.max(widest, row[index]?.width ?? 0), cell.width));
  const table = { widths, head: linesOf(head), body: body.flatMap(linesOf) };
  // The library leaves the bottom border out where there is no row.
  return body.length === 0 || body.length > MOST_ROWS ? draw(table) : drawWithLibrary(table);
}

function cellOf(text: string): Cell {
  const paragraphs = text.split('\n').map(safe);
  const limit = Math.min(LONGEST_LINE, Math.max(...paragraphs.map(columnsOf)));
  const lines = wrap(paragraphs.join(' '), limit, columnsOf);
  return { lines, width: Math.max(limit, ...lines.map(columnsOf)) };
}

/** A row of cells as lines of texts. */
function linesOf(row: readonly Cell[]): string[][] {
  const height = Math.max(...row.map((cell) => cell.lines.length));
  return Array.from({ length: height }, (_, index) => row.map((cell) => cell.lines[index] ?? ''));
}

/** What is drawn: the width of each column, and the texts of each line. */
interface Drawing {
  readonly widths: readonly number[];
  readonly head: readonly (readonly string[])[];
  readonly body: readonly (readonly string[])[];
}

const isNumber = (text: string): boolean => /^-?(\d{1,3}(,\d{3})*|\d+)(\.\d+)?$/.test(text.trim());

async function drawWithLibrary({ widths, head, body }: Drawing): Promise<string> {
  const { default: CliTable } = await import('cli-table3');
  const corners = ['top-mid', 'top-left', 'top-right', 'bottom-mid', 'bottom-left', 'bottom-right', 'left-mid', 'mid-mid', 'right-mid'];
  const table = new CliTable({
    style: { head: [], border: [], compact: true },
    chars: { top: '-', bottom: '-', mid: '-', left: '|', right: '|', middle: '|', ...Object.fromEntries(corners.map((corner) => [corner, '+'])) },
    colWidths: widths.map((width) => width + 2),
    head: head[0]?.map((_, index) => head.map((line) => centre(line[index] as string, widths[index] as number)).join('\n')) ?? [],
  });
  // A row of the library's for each line: lines are aligned one by one.
  for (const line of body) table.push(line.map((text) => ({ content: text, hAlign: isNumber(text) ? 'right' : 'left' })));
  return `${table.toString()}\n`;
}

type Align = (text: string, width: number) => string;

const left: Align = (text, width) => text + ' '.repeat(width - columnsOf(text));
const right: Align = (text, width) => ' '.repeat(width - columnsOf(text)) + text;
const centre: Align = (text, width) => left(' '.repeat(Math.floor((width - columnsOf(text)) / 2)) + text, width);

/** The same look without the library. */
function draw({ widths, head, body }: Drawing): string {
  const rule = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`;
  const drawLine = (line: readonly string[], align: (text: string) => Align): string =>
    `|${line.map((text, index) => ` ${align(text)(text, widths[index] as number)} `).join('|')}|\n`;
  const top = head.map((line) => drawLine(line, () => centre)).join('');
  return rule + top + rule + body.map((line) => drawLine(line, (text) => (isNumber(text) ? right : left))).join('') + rule;
}
