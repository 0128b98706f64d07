import type { Diagnostic } from '../errors.js';
import { namesSecret } from '../resources/secret-names.js';
import { noColours, type Colours } from './colours.js';
import { safe } from './safe.js';
import { columnsOf } from './width.js';

export interface DiagnosticStyle {
  readonly colours?: Colours;
  /** Show the line of the file with a caret: on a terminal. */
  readonly withSource?: boolean;
}

/** The most characters of a line of a file that are shown. */
const LONGEST_SOURCE = 120;

/**
 * A diagnostic as one or more lines, without the last line break: `file:line:column: error: path: message`, then
 * where asked the source line with a caret, then the hint. Lines that could hold a secret are not shown.
 */
export function diagnosticText(diagnostic: Diagnostic, { colours = noColours, withSource = false }: DiagnosticStyle = {}): string {
  const { file, line, column, severity, path, message, hint } = diagnostic;
  const place = [file, ...(line === undefined ? [] : [line, ...(column === undefined ? [] : [column])])].join(':');
  const colour = severity === 'error' ? colours.error : colours.warning;
  const subject = path === undefined || path === '' ? '' : `${colours.name(safe(path))}: `;
  const lines = [`${safe(place)}: ${colour(severity)}: ${subject}${safe(message)}`];
  if (withSource) lines.push(...sourceLines(diagnostic, colour));
  if (hint !== undefined) lines.push(`    ${colours.hint(`hint: ${safe(hint)}`)}`);
  return lines.join('\n');
}

function sourceLines({ line, column = 1, sourceLine }: Diagnostic, colour: (text: string) => string): string[] {
  if (line === undefined || sourceLine === undefined || namesSecret(sourceLine)) return [];
  const start = column > LONGEST_SOURCE / 2 && sourceLine.length > LONGEST_SOURCE ? column - 1 - LONGEST_SOURCE / 2 : 0;
  const end = start + LONGEST_SOURCE;
  const before = (start > 0 ? '...' : '') + safe(sourceLine.slice(start, column - 1));
  const after = safe(sourceLine.slice(column - 1, end)) + (end < sourceLine.length ? '...' : '');
  const number = String(line).padStart(5);
  return [`${number} | ${before}${after}`, `${' '.repeat(number.length)} | ${' '.repeat(columnsOf(before))}${colour('^')}`];
}
