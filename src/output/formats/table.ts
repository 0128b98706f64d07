import type { Column, TableContext } from '../../resources/column.js';
import { brokenAt, narrowed } from './fitted-table.js';
import { isPrintableAscii, safe } from '../../text/safe.js';
import { columnsOf } from '../../text/width.js';

type Measure = (text: string) => number;

const PADDING = 3;
const MIN_WIDTH = 5;
/** A column that gives way is at least as wide as its heading, and this. */
const NARROWEST = 10;
/** Text is handed out in pieces of about this many characters. */
const PIECE_LENGTH = 65_536;

/**
 * A table with elastic columns (reference/classic 5.1): left-aligned, each as wide as its longest cell and three
 * spaces, at least five, all cells padded. Cells are kept until the widths are known; items are not.
 */
export class ColumnTable<T> {
  private readonly rows: string[][] = [];
  private readonly widths: number[];
  /** Columns in which some row has a text. */
  private readonly used = new Set<number>();
  /** On a terminal what the eye sees counts, elsewhere what the original counted. */
  private readonly measure: Measure;
  /** The widths that lines are broken to, which those that follow keep to; undefined as long as all of them fit. */
  private narrow: readonly number[] | undefined;
  /** How many rows were written as records. */
  private records = 0;

  /** @param headings whether the headings are shown, and the empty line at the end */
  constructor(
    private readonly columns: readonly Column<T>[],
    private readonly context: TableContext,
    private readonly headings = true,
  ) {
    this.widths = columns.map(() => MIN_WIDTH);
    this.measure = context.room === undefined ? characters : columnsOf;
    if (headings) this.addRow(columns.map((column) => column.heading));
  }

  /** Adds the item's row. */
  add(item: T): void {
    this.addRow(this.cells(item));
  }

  /** The cells of the item's row. */
  cells(item: T): readonly string[] {
    return this.columns.map((column) => column.cell(item, this.context));
  }

  /** The headings, a line for each item, and an empty line, in pieces. */
  *text(): Generator<string> {
    yield* this.pieces(this.headings ? '\n' : '');
  }

  /** The headings and a line for each item, in pieces: for a table that goes on. */
  lines(): Generator<string> {
    return this.pieces('');
  }

  private *pieces(end: string): Generator<string> {
    this.narrow = this.narrowWidths();
    let piece = '';
    for (const row of this.rows) {
      piece += this.lineOf(row);
      if (piece.length >= PIECE_LENGTH) {
        yield piece;
        piece = '';
      }
    }
    yield piece + end;
  }

  /** A line that follows those of `lines`, and is not kept: as wide as they are, and from now on as wide as this one, as far as there is room. */
  nextLine(cells: readonly string[]): string {
    const row = this.fitted(cells);
    this.narrow ??= this.narrowWidths();
    return this.lineOf(row);
  }

  private lineOf(row: readonly string[]): string {
    const { room } = this.context;
    if (this.narrow !== undefined && room !== undefined) return tableWidth(this.narrow) <= room ? this.brokenLines(this.shown(row), this.narrow) : this.record(row, room);
    return `${row.map((cell, index) => (this.isShown(index) ? this.padded(cell, this.widths[index] as number) : '')).join('')}\n`;
  }

  /** A row in as many lines as its longest cell needs; nothing is left out. */
  private brokenLines(row: readonly string[], widths: readonly number[]): string {
    const cells = row.map((cell, at) => brokenAt(cell, widths[at] as number));
    const height = Math.max(...cells.map(({ length }) => length));
    const line = (at: number): string => cells.map((parts, column) => this.padded(parts[at] ?? '', (widths[column] as number) + PADDING)).join('').trimEnd();
    return Array.from({ length: height }, (_, at) => `${line(at)}\n`).join('');
  }

  /** A row where even the narrowest columns are too wide together: a line for each column, its heading before it, after an empty line. */
  private record(row: readonly string[], room: number): string {
    if (this.headings && row === this.rows[0]) return '';
    const labels = this.shown(this.columns).map(({ heading }) => (this.headings ? heading : ''));
    const margin = this.headings ? Math.max(...labels.map(({ length }) => length)) + PADDING : 0;
    const lines = this.shown(row).flatMap((cell, column) => brokenAt(cell, Math.max(NARROWEST, room - margin)).map((part, at) => `${(at === 0 ? labels[column] as string : '').padEnd(margin)}${part}`.trimEnd()));
    return `${this.records++ === 0 ? '' : '\n'}${lines.join('\n')}\n`;
  }

  private padded(text: string, width: number): string {
    return text + ' '.repeat(Math.max(0, width - this.measure(text)));
  }

  /** The widths of the shown columns, without padding, where their table does not fit the terminal; undefined where it does. */
  private narrowWidths(): readonly number[] | undefined {
    const { room } = this.context;
    const shown = this.shown(this.widths).map((width) => width - PADDING);
    if (room === undefined || tableWidth(shown) <= room) return undefined;
    const least = this.shown(this.columns).map(({ heading }, at) => Math.min(shown[at] as number, Math.max(NARROWEST, heading.length)));
    return narrowed(shown, least, room - PADDING * (shown.length - 1));
  }

  /** What belongs to the shown columns, of what there is for all. */
  private shown<V>(ofAll: readonly V[]): V[] {
    return ofAll.filter((_, index) => this.isShown(index));
  }

  private isShown(index: number): boolean {
    return this.columns[index]?.whenUsed !== true || this.used.has(index);
  }

  /** Adds a row of cells that `cells` gave, so that rows can be put in order when their items are gone. */
  addRow(cells: readonly string[]): void {
    this.rows.push(this.fitted(cells));
  }

  /** The cells made safe for a terminal; the columns become as wide as they are. */
  private fitted(cells: readonly string[]): string[] {
    const row = cells.map(safe);
    row.forEach((cell, index) => {
      const width = this.measure(cell) + PADDING;
      if (width > (this.widths[index] as number)) this.widths[index] = width;
      if (cell !== '' && (this.rows.length > 0 || !this.headings)) this.used.add(index);
    });
    return row;
  }
}

function tableWidth(columns: readonly number[]): number {
  return columns.reduce((sum, width) => sum + width, PADDING * (columns.length - 1));
}

/** How many characters a text has; a wide one counts once, as in Go's tabwriter. */
function characters(text: string): number {
  if (isPrintableAscii(text)) return text.length;
  let count = 0;
  for (const character of text) count += Math.sign(character.length);
  return count;
}
