import { wellFormed } from './json.js';
import { goFloat } from './number.js';
import { isSafeText } from '../text/safe.js';

/** The column after which a line of text is broken at the next single blank. */
const FOLD_COLUMN = 80;

/** Words that YAML 1.1 takes for a boolean, null, infinity, not-a-number, or a merge. */
const WORDS = new Set(
  ('y Y yes Yes YES true True TRUE on On ON n N no No NO false False FALSE off Off OFF ~ null Null NULL << ' +
    '.nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF').split(' '),
);

export interface ScalarPlace {
  /** Blanks before a continuation line, and before each line of a literal block. */
  readonly indent: number;
  /** The column where the text starts (0 is the first). */
  readonly column: number;
  /** Keys stay on one line. */
  readonly isKey: boolean;
  /** Dates such as 2001-01-01 without quotes: the classic tool knew no dates. */
  readonly plainDates: boolean;
}

/** A number as Go's YAML prints it: integers of 64 bits plainly, everything else like `%v`. */
export function yamlNumber(value: number | bigint): string {
  if (typeof value === 'bigint') return String(value);
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  if (Number.isInteger(value) && value > -(2 ** 63) && value < 2 ** 64) return String(value);
  return goFloat(value);
}

/**
 * Text in the style Go's YAML gives it: plain, quoted, or a literal block (reference/classic 5.2). A literal block
 * ends with a line break, every other form without one.
 */
export function yamlString(text: string, place: ScalarPlace): string {
  // Most texts are names, addresses, words.
  if (/^[A-Za-z/][A-Za-z0-9/._-]*$/.test(text)) return WORDS.has(text) ? `"${text}"` : text;
  const clean = wellFormed(text);
  if (/[^\x20-\x7e]/.test(clean)) {
    if (isSpecial(clean)) return doubleQuoted(clean, place);
    if (clean.includes('\n')) return place.isKey || clean.endsWith(' ') ? doubleQuoted(clean, place) : literal(clean, place);
  }
  if (resolves(clean, place.plainDates)) return doubleQuoted(clean, place);
  const quoted = needsQuotes(clean) ? `'${clean.replaceAll("'", "''")}'` : clean;
  return place.isKey ? quoted : fold(quoted, place, quoted !== clean);
}

/**
 * Whether only double quotes with escapes can hold the text: control characters, characters beyond U+FFFF, line
 * separators (which readers of YAML 1.1 and 1.2 take differently), what would hide or reorder text on a terminal (which Go
 * prints as it is), and spaces before a line break.
 */
function isSpecial(text: string): boolean {
  return /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]| \n/.test(text) || !isSafeText(text);
}

/** Whether a reader of YAML 1.1 would take the plain text for something other than text. */
function resolves(text: string, plainDates: boolean): boolean {
  if (text === '' || WORDS.has(text)) return true;
  if (!/^[-+.0-9]/.test(text)) return false;
  const digits = text.replaceAll('_', '');
  if (/^[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|\.[0-9]+([eE][-+]?[0-9]+)?|[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?)$/.test(digits)) return true;
  if (/^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/.test(text)) return true;
  return !plainDates && /^[0-9]{4}-/.test(text) && isDate(text);
}

/** Whether YAML 1.1, as Go or js-yaml reads it, has a date or a point in time here. */
function isDate(text: string): boolean {
  if (/^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$/.test(text)) return true;
  return /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:[.,][0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?$/.test(text);
}

/** Whether plain text would be taken for YAML's own signs. Breaks and tabs have been dealt with. */
function needsQuotes(text: string): boolean {
  if (text.startsWith(' ') || text.endsWith(' ')) return true;
  if (/^(?:[#,[\]{}&*!|>'"%@`]|---|\.\.\.|[-?:](?: |$))/.test(text)) return true;
  return text.endsWith(':') || text.includes(': ') || text.includes(' #');
}

/** Breaks quoted or plain text at single spaces beyond the fold column. */
function fold(text: string, place: ScalarPlace, quoted: boolean): string {
  if (place.column + text.length <= FOLD_COLUMN || !text.includes(' ')) return text;
  const margin = `\n${' '.repeat(place.indent)}`;
  const characters = Array.from(text);
  // The first and the last character inside the quotes are never a break.
  const first = quoted ? 2 : 1;
  const last = characters.length - (quoted ? 3 : 2);
  let column = place.column;
  let folded = '';
  let afterBlank = false;
  characters.forEach((character, index) => {
    const isBlank = character === ' ';
    if (isBlank && !afterBlank && column > FOLD_COLUMN && index >= first && index <= last && characters[index + 1] !== ' ') {
      folded += margin;
      column = place.indent;
    } else {
      folded += character;
      column += 1;
    }
    afterBlank = isBlank;
  });
  return folded;
}

function doubleQuoted(text: string, place: ScalarPlace): string {
  const margin = `\n${' '.repeat(place.indent)}`;
  const characters = Array.from(text);
  let column = place.column + 1;
  let quoted = '"';
  let afterBlank = false;
  characters.forEach((character, index) => {
    const isBlank = character === ' ';
    if (isBlank && !afterBlank && !place.isKey && column > FOLD_COLUMN && index > 0 && index < characters.length - 1) {
      const beforeBlank = characters[index + 1] === ' ' ? '\\' : '';
      quoted += margin + beforeBlank;
      column = place.indent + beforeBlank.length;
    } else {
      const piece = /[\x20\x21\x23-\x5b\x5d-\x7e]/.test(character) ? character : escapeCharacter(character);
      quoted += piece;
      column += piece.length;
    }
    afterBlank = isBlank;
  });
  return `${quoted}"`;
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0', '\x07': '\\a', '\b': '\\b', '\t': '\\t', '\n': '\\n', '\v': '\\v', '\f': '\\f', '\r': '\\r',
  '\x1b': '\\e', '"': '\\"', '\\': '\\\\', '\x85': '\\N', '\u2028': '\\L', '\u2029': '\\P',
};

function escapeCharacter(character: string): string {
  const named = NAMED_ESCAPES[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0) as number;
  const hex = code.toString(16).toUpperCase();
  if (code < 0xa0) return `\\x${hex.padStart(2, '0')}`;
  if (code > 0xffff) return `\\U${hex.padStart(8, '0')}`;
  return /[\ufffe\uffff]/.test(character) || !isSafeText(character) ? `\\u${hex.padStart(4, '0')}` : character;
}

/** A literal block: the lines as they are, with a hint where the first starts with a blank or is empty. */
function literal(text: string, place: ScalarPlace): string {
  const margin = ' '.repeat(place.indent);
  const hint = text.startsWith(' ') || text.startsWith('\n') ? '2' : '';
  const chomp = text.endsWith('\n') ? (text === '\n' || text.endsWith('\n\n') ? '+' : '') : '-';
  const body = text.replace(/^(?=[^\n])/gm, margin);
  return `|${hint}${chomp}\n${body}${chomp === '-' ? '\n' : ''}`;
}
