import { parseEvents, YAMLException } from 'js-yaml';
import type { Event } from 'js-yaml';
import { LIMITS } from './limits.js';

/** The parse events of one document. Their offsets point into `text`; `original` leads back to the document as it was written. */
export interface DocumentEvents {
  readonly text: string;
  readonly events: Event[];
  original(offset: number): number;
}

/** What js-yaml found wrong in one document, at an offset of the document as it was written. */
export class SyntaxFailure extends Error {
  constructor(
    readonly reason: string,
    readonly offset: number,
  ) {
    super(reason);
    this.name = 'SyntaxFailure';
  }
}

/** js-yaml's words for a line inside brackets or quotes that is indented less than it wants. */
const SHALLOW = 'deficient indentation';
/** Deeper than any line of a manifest. */
const INDENTATION = ' '.repeat(256);
const REPAIRS = 200;
/** Characters parsed again and again in search of the next shallow line. */
const REPAIR_WORK = 8 * 1024 * 1024;

/**
 * Parses one document. The classic tool lets lines inside brackets and quotes start anywhere, js-yaml 5 wants them indented, and
 * spaces at their start mean nothing: so such lines are indented and the document is parsed once more.
 * Throws SyntaxFailure.
 */
export function readEvents(document: string): DocumentEvents {
  const shallow: number[] = [];
  for (;;) {
    const text = indentLines(document, shallow);
    const original = (offset: number): number => withoutIndentation(shallow, offset);
    try {
      return { text, events: parseEvents(text, { maxDepth: LIMITS.depth }), original };
    } catch (error) {
      const failure = toFailure(error, original);
      const line = lineStart(document, failure.offset);
      const tired = shallow.length >= REPAIRS || shallow.length * document.length > REPAIR_WORK;
      if (failure.reason !== SHALLOW || shallow.includes(line) || tired) throw failure;
      shallow.push(line);
      shallow.sort((left, right) => left - right);
    }
  }
}

/** Turns an exception of js-yaml into a SyntaxFailure, which one may be already; anything else is thrown on. */
export function toFailure(error: unknown, original: (offset: number) => number): SyntaxFailure {
  if (error instanceof SyntaxFailure) return error;
  if (!(error instanceof YAMLException)) throw error;
  return new SyntaxFailure(error.reason, original(error.mark?.position ?? 0));
}

/** The offset at which the line of an offset starts. */
export function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && text[at - 1] !== '\n' && text[at - 1] !== '\r') at--;
  return at;
}

function indentLines(document: string, lines: readonly number[]): string {
  let text = '';
  let copied = 0;
  for (const line of lines) {
    text += document.slice(copied, line) + INDENTATION;
    copied = line;
  }
  return text + document.slice(copied);
}

function withoutIndentation(lines: readonly number[], offset: number): number {
  let added = 0;
  for (const line of lines) {
    if (offset < line + added) break;
    if (offset < line + added + INDENTATION.length) return line;
    added += INDENTATION.length;
  }
  return offset - added;
}
