import type { Path } from '../resources/problem.js';
import { LIMITS } from './limits.js';
import { mayHoldSecret } from './secret-lines.js';

/** A place in a file. Lines and columns count from 1; columns count UTF-16 units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
  /** The line's text; left out where it is too long to be shown, or may hold a secret. */
  readonly sourceLine?: string;
}

/** One file's text, or what came on standard input. */
export class SourceText {
  private lineStarts: number[] | undefined;

  /** Takes the name to show and the decoded text, without a byte order mark. */
  constructor(
    readonly name: string,
    readonly text: string,
  ) {}

  /** The line and column of an offset into the text. */
  position(offset: number): Position {
    this.lineStarts ??= findLineStarts(this.text);
    const index = lastNotAfter(this.lineStarts, offset);
    const start = this.lineStarts[index] ?? 0;
    const end = this.lineStarts[index + 1] ?? this.text.length;
    const place = { line: index + 1, column: offset - start + 1 };
    if (end - start > LIMITS.quotedLine) return place;
    const sourceLine = this.text.slice(start, end).replace(/[\r\n]+$/, '');
    return mayHoldSecret(this.text, start, sourceLine) ? place : { ...place, sourceLine };
  }
}

/** One document of a file: its number from 1, and where its text starts and ends. */
export interface SourceDocument {
  readonly source: SourceText;
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** Where a resource was read. */
export interface ResourceLocation {
  readonly source: SourceDocument;
  /** The resource's place in its document: empty for a document that is one resource. */
  readonly path: Path;
}

/** The path of a document that is one resource. There may be very many of them. */
export const WHOLE: Path = [];

function findLineStarts(text: string): number[] {
  const starts = [0];
  const breaks = /\r\n?|\n/g;
  while (breaks.exec(text) !== null) starts.push(breaks.lastIndex);
  return starts;
}

function lastNotAfter(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
