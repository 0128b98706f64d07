import type { Diagnostic } from '../../base/errors.js';
import { namesSecret } from '../../text/secret-names.js';
import { noColours, type Colours } from '../theme/colours.js';
import { flowed } from '../../text/prose.js';
import { safe } from '../../text/safe.js';
import { columnsOf } from '../../text/width.js';

export interface DiagnosticStyle {
  readonly colours?: Colours;
  /** Show the line of the file with a caret: on a terminal. */
  readonly withSource?: boolean;
  /** How many columns the terminal has. */
  readonly room?: number | undefined;
}

/** The most diagnostics that are shown one by one, and the most files whose others are counted one by one. */
const MOST_SHOWN = 100;
const MOST_FILES = 20;
/** The most characters of a line of a file that are shown. */
const LONGEST_SOURCE = 120;
const SHORTEST_SOURCE = 40;
/** Columns of such a line that the file does not have: its number, and dots on both sides. */
const BESIDE_SOURCE = '12345 | ......'.length;

/**
 * Diagnostics, each as `diagnosticText` gives it. Beyond a hundred they end in a count by file; errors are shown before
 * warnings are, in the order they came in.
 */
export function diagnosticsText(diagnostics: readonly Diagnostic[], style: DiagnosticStyle = {}): string {
  if (diagnostics.length <= MOST_SHOWN) return diagnostics.map((each) => diagnosticText(each, style)).join('\n');
  const first = new Set([...diagnostics.filter(isError), ...diagnostics.filter((each) => !isError(each))].slice(0, MOST_SHOWN));
  const others = diagnostics.filter((each) => !first.has(each));
  return [...Array.from(first, (each) => diagnosticText(each, style)), ...countLines(others)].join('\n');
}

/** How many are not shown, by file. */
function countLines(others: readonly Diagnostic[]): string[] {
  const byFile = new Map<string, Diagnostic[]>();
  for (const each of others) {
    const those = byFile.get(each.file);
    if (those === undefined) byFile.set(each.file, [each]);
    else those.push(each);
  }
  const files = [...byFile];
  const named = files.slice(0, MOST_FILES).map(([file, those]) => `    ${safe(file)}: ${counted(those)}${unreadFrom(those)}`);
  const rest = files.slice(MOST_FILES).flatMap(([, those]) => those);
  const unnamed = rest.length === 0 ? [] : [`    in ${files.length - MOST_FILES} other files: ${counted(rest)}`];
  return [`and ${counted(others)} more:`, ...named, ...unnamed];
}

function counted(diagnostics: readonly Diagnostic[]): string {
  const unread = diagnostics.some(({ code }) => code === 'too-many');
  const found = diagnostics.filter(({ code }) => code !== 'too-many');
  const errors = found.filter(isError).length;
  const parts = [[errors, 'error'], [found.length - errors, 'warning']] as const;
  const counts = parts.flatMap(([count, word]) => (count === 0 ? [] : [`${unread ? 'at least ' : ''}${count} ${word}${count === 1 ? '' : 's'}`]));
  return counts.join(', ');
}

/** From where on a file was not read, as too much was wrong with it. */
function unreadFrom(diagnostics: readonly Diagnostic[]): string {
  const end = diagnostics.find(({ code }) => code === 'too-many');
  return end === undefined ? '' : `; it was not read from line ${end.line} on`;
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

/**
 * A diagnostic as one or more lines, without the last line break: `file:line:column: error: path: message`, then
 * where asked the source line with a caret, then the hint. Lines that could hold a secret are not shown.
 */
export function diagnosticText(diagnostic: Diagnostic, { colours = noColours, withSource = false, room }: DiagnosticStyle = {}): string {
  const { file, line, column, severity, path, message, hint } = diagnostic;
  const place = [file, ...(line === undefined ? [] : [line, ...(column === undefined ? [] : [column])])].join(':');
  const colour = severity === 'error' ? colours.error : colours.warning;
  const subject = path === undefined || path === '' ? '' : `${colours.name(safe(path))}: `;
  const lines = [flowed(`${safe(place)}: ${colour(severity)}: ${subject}${safe(message)}`, room)];
  if (withSource) lines.push(...sourceLines(diagnostic, colour, room));
  if (hint !== undefined) lines.push(flowed(`    ${colours.hint(`hint: ${safe(hint)}`)}`, room));
  return lines.join('\n');
}

function sourceLines({ line, column = 1, sourceLine }: Diagnostic, colour: (text: string) => string, room = Infinity): string[] {
  if (line === undefined || sourceLine === undefined || namesSecret(sourceLine)) return [];
  const longest = Math.max(SHORTEST_SOURCE, Math.min(LONGEST_SOURCE, room - BESIDE_SOURCE));
  const start = column > longest / 2 && sourceLine.length > longest ? column - 1 - Math.floor(longest / 2) : 0;
  const end = start + longest;
  const before = (start > 0 ? '...' : '') + safe(sourceLine.slice(start, column - 1));
  const after = safe(sourceLine.slice(column - 1, end)) + (end < sourceLine.length ? '...' : '');
  const number = String(line).padStart(5);
  return [`${number} | ${before}${after}`, `${' '.repeat(number.length)} | ${' '.repeat(columnsOf(before))}${colour('^')}`];
}
