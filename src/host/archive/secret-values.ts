import { isSecretName } from '../../text/secret-names.js';

/** What stands in place of a secret. */
export const GONE = '[redacted]';

/** A name at the start of a line whose value, or the rest of it, stands below. */
export interface Below {
  /** Where the name starts. */
  readonly column: number;
  /** What stands before it: spaces, or what a log puts before every line. */
  readonly prefix: string;
  /** A quote that the value has opened. */
  readonly quote?: string;
}

/** A line without its secrets, and the name whose value goes on below. */
export interface Cleaned {
  readonly text: string;
  readonly below?: Below | undefined;
  /** It gives the name of a secret as a value: `name: ETCD_PASSWORD`. What is called `value` is one, there and in the next lines. */
  readonly announced: boolean;
}

/** What every secret name has in it. */
const WORD = /pass|pwd|psk|pin|secret|token|cred|auth|bearer|cookie|session|key/gi;
const WORD_OR_VALUE = new RegExp(`${WORD.source}|value`, 'gi');
const NAME_CHARACTER = /[\w.-]/;
const LONGEST_NAME = 128;
/** What stands between a name and its value, also percent-encoded, and with the quotes of JSON in JSON. */
const SEPARATOR = /([\w.-]{0,64})(\\{0,7}["']|%(?:25){0,2}2[27])?(?:\s|%20){0,8}([=:]|%(?:25){0,2}3[ad])[=:>]{0,2}(?:[ \t]|%20){0,64}/iy;
const TAG = /([\w.-]{0,64})[^<>]{0,128}>/y;
const QUOTE = /\\{0,7}["']|%(?:25){0,2}2[27]/y;
/** Names whose value is a whole header, with spaces, commas and names of its own. */
const HEADER = /(?:authorization|cookies?)$/i;
/** Where a value without quotes ends: before the next name, or an option. */
const NEXT = /[\s,;&|]\s{0,64}(?:\\{0,7}["'])?[\w.-]{1,64}(?:\\{0,7}["'])?\s{0,2}[=:]|\s--?[a-z]|\\n/gi;
const NEXT_ENCODED = /%(?:25){0,2}(?:26|2c|7d|0a)|[\s&"'<>]/gi;
const BLOCK = /^(?:[!&]\S{0,64}\s{1,8})?[|>][-+\d]{0,3}\s*(?:#.*)?$/;
/** `name: ETCD_PASSWORD`, as lists of environment variables have it. */
const ANNOUNCED = /\b(?:name|key)\\{0,7}["']?\s{0,8}[=:]\s{0,8}\\{0,7}["']?([\w.-]{1,128})/gi;

/**
 * Takes out what stands behind secret names. In doubt more goes than has to.
 * @param valueIsSecret whether a line before it announced a secret as `value`
 */
export function withoutNamedSecrets(line: string, valueIsSecret: boolean): Cleaned {
  const announced = announces(line);
  const word = valueIsSecret || announced ? WORD_OR_VALUE : WORD;
  const quotes = new QuoteParity(line);
  let text = '';
  let copied = 0;
  let below: Below | undefined;
  word.lastIndex = 0;
  for (let hit = word.exec(line); hit !== null; hit = word.exec(line)) {
    const named = nameAt(line, hit.index, word.lastIndex, word === WORD_OR_VALUE);
    if (named === undefined) continue;
    const end = valueEnd(line, named, quotes);
    const value = line.slice(named.value, end);
    const goesOn = continues(line, named, value);
    if (goesOn !== undefined) below = goesOn;
    const isShown = value === '' || BLOCK.test(value);
    text += line.slice(copied, isShown ? end : named.value) + (isShown ? '' : GONE);
    copied = end;
    word.lastIndex = Math.max(end, word.lastIndex);
  }
  return { text: text + line.slice(copied), below, announced };
}

interface Named {
  readonly name: string;
  /** Where the name starts, without a quote before it. */
  readonly start: number;
  /** Where its value starts. */
  readonly value: number;
  /** The separator, `>` behind a tag of XML. */
  readonly separator: string;
  /** Whether a quote closes the name. */
  readonly isQuoted: boolean;
}

/** The secret name around a word, if it has a value. */
function nameAt(line: string, from: number, to: number, orValue: boolean): Named | undefined {
  let start = from;
  while (start > 0 && from - start < LONGEST_NAME && NAME_CHARACTER.test(line.charAt(start - 1))) start--;
  // The digits of an encoded character belong to it.
  if (line[start - 1] === '%' && from - start >= 2) start += 2;
  const isTag = line[start - 1] === '<';
  const after = isTag ? TAG : SEPARATOR;
  after.lastIndex = to;
  const match = after.exec(line);
  if (match === null) return undefined;
  const name = line.slice(start, to) + (match[1] ?? '');
  // Datastores have keys everywhere.
  if (/^key$/i.test(name) || !(isSecretName(name) || (orValue && /^value$/i.test(name)))) return undefined;
  return { name, start, value: after.lastIndex, separator: isTag ? '>' : (match[3] ?? ''), isQuoted: match[2] !== undefined };
}

function valueEnd(line: string, named: Named, quotes: QuoteParity): number {
  const { value, separator, start, isQuoted } = named;
  if (separator === '>') return orEnd(line, line.indexOf('<', value));
  const quote = quoteAt(line, value);
  if (quote !== undefined) return closing(line, value + quote.length, quote);
  if (/[[{(]/.test(line.charAt(value))) return bracketEnd(line, value);
  if (separator.startsWith('%')) return orEnd(line, search(NEXT_ENCODED, line, value));
  const around = line.charAt(start - 1);
  // -H "Cookie: a=b" x
  if (!isQuoted && (around === '"' || around === "'")) return orEnd(line, line.indexOf(around, value));
  if (HEADER.test(named.name)) return line.length;
  const outer = quotes.isOdd(start) ? orEnd(line, line.indexOf('"', value)) : line.length;
  if (separator === ':' && isFirst(line, named)) return outer;
  return Math.min(outer, orEnd(line, search(NEXT, line, value)));
}

/** Whether a name is the first thing in its line, as in YAML and pretty JSON. */
function isFirst(line: string, { start }: Named): boolean {
  return /^\s*(?:-\s+)*["']?$/.test(line.slice(Math.max(0, start - LONGEST_NAME), start));
}

/** Whether the value of a name stands in the lines below, or goes on there. */
function continues(line: string, named: Named, value: string): Below | undefined {
  const isFirstName = isFirst(line, named);
  const prefix = line.slice(0, named.start).replace(/["']$/, '');
  const block = BLOCK.test(value) || value === '' || /^[[{(][^\]})]*$/.test(value);
  if (named.separator !== ':' || !(isFirstName || block) || line.slice(named.value + value.length).trim() !== '') return undefined;
  const quote = isFirstName ? quoteAt(value, 0) : undefined;
  const isOpen = quote !== undefined && (value.length === quote.length || !value.endsWith(quote));
  if (quote !== undefined && !isOpen) return undefined;
  return { column: prefix.length, prefix, ...(isOpen ? { quote } : {}) };
}

/** Whether a line belongs to the value of the name above it. Logs put a time before each line, so digits may differ. */
export function belongsBelow(line: string, { column, prefix }: Below): boolean {
  if (line.trim() === '') return true;
  const indentation = line.search(/\S/);
  if (prefix.replaceAll('-', ' ').trim() === '') return indentation > column || (indentation === column && /^\s*-\s/.test(line));
  return shape(line.slice(0, column)) === shape(prefix) && /^(?:\s|-\s)/.test(line.slice(column));
}

function shape(text: string): string {
  return text.replace(/\d/g, '0');
}

function announces(line: string): boolean {
  for (const [, name = ''] of line.matchAll(ANNOUNCED)) if (isSecretName(name)) return true;
  return false;
}

function quoteAt(text: string, at: number): string | undefined {
  QUOTE.lastIndex = at;
  return QUOTE.exec(text)?.[0];
}

/** The end of a text in quotes that were opened before an offset; the end of the line where they are not closed. */
function closing(line: string, from: number, quote: string): number {
  for (let at = line.indexOf(quote, from); at !== -1; at = line.indexOf(quote, at + 1)) {
    const end = at + quote.length;
    let escapes = at;
    while (line[escapes - 1] === '\\' && escapes > from) escapes--;
    // In YAML two single quotes are one.
    if (quote === "'" && line[end] === "'") at++;
    else if ((at - escapes) % 2 === 0 && (quote.length === 1 || escapes === at)) return end;
  }
  return line.length;
}

function bracketEnd(line: string, from: number): number {
  let depth = 0;
  for (let at = from; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === '"') at = closing(line, at + 1, '"') - 1;
    else if (/[[{(]/.test(character)) depth++;
    else if (/[\]})]/.test(character) && --depth === 0) return at + 1;
  }
  return line.length;
}

function search(pattern: RegExp, line: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(line)?.index ?? -1;
}

function orEnd(line: string, at: number): number {
  return at === -1 ? line.length : at;
}

/** Whether an offset of a line stands inside double quotes; asked from left to right. */
class QuoteParity {
  private at = 0;
  private odd = false;

  constructor(private readonly line: string) {}

  isOdd(offset: number): boolean {
    for (; this.at < offset; this.at++) if (this.line[this.at] === '"' && this.line[this.at - 1] !== '\\') this.odd = !this.odd;
    return this.odd;
  }
}
