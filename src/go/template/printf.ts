import { goFloat } from '../number.js';
import { Float, isNil, numberOf, print, typeOf, type TemplateValue } from './value.js';

/** JavaScript's limit for digits after the point. */
const MOST_DIGITS = 100;
/** A width beyond this is a mistake. */
const WIDEST = 10_000;

interface Verb {
  readonly letter: string;
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
}

/**
 * Formats values as Go's Sprintf: the verbs v, s, q, t, d, b, o, x, X, c, U, e, E, f, F, g, G, T and %, with flags,
 * width and precision. What does not fit is said in the text, as Go does.
 */
export function format(pattern: string, values: readonly TemplateValue[]): string {
  let next = 0;
  const text = pattern.replace(/%([-+# 0]*)(\d*)(?:\.(\d*))?(.?)/gsu, (_, flags: string, width: string, precision: string | undefined, letter: string) => {
    if (letter === '') return '%!(NOVERB)';
    if (letter === '%') return '%';
    if (next >= values.length) return `%!${letter}(MISSING)`;
    const value = values[next];
    next += 1;
    const verb = { letter, flags, width: Math.min(Number(width), WIDEST), precision: precision === undefined ? undefined : Math.min(Number(precision), MOST_DIGITS) };
    return pad(body(verb, value), verb, value);
  });
  return next < values.length ? `${text}%!(EXTRA ${values.slice(next).map((value) => `${typeOf(value)}=${print(value)}`).join(', ')})` : text;
}

/** The text of one value, before padding. */
function body(verb: Verb, value: TemplateValue): string {
  const { letter } = verb;
  if (letter === 'T') return typeOf(value);
  if (letter === 'v') return signed(print(value), verb, value);
  if (letter === 't' && typeof value === 'boolean') return String(value);
  const number = numberOf(value);
  if (number !== undefined) return signed(numeric(verb, number, isFloat(value)) ?? wrong(letter, value), verb, value);
  if (Array.isArray(value)) return `[${value.map((element) => body(verb, element)).join(' ')}]`;
  return (typeof value === 'string' ? textual(verb, value) : undefined) ?? wrong(letter, value);
}

function isFloat(value: TemplateValue): boolean {
  return value instanceof Float || (typeof value === 'number' && !Number.isInteger(value));
}

function wrong(letter: string, value: TemplateValue): string {
  return isNil(value) ? `%!${letter}(<nil>)` : `%!${letter}(${typeOf(value)}=${print(value)})`;
}

function textual({ letter, precision, flags }: Verb, value: string): string | undefined {
  const text = precision === undefined ? value : Array.from(value).slice(0, precision).join('');
  switch (letter) {
    case 's':
      return text;
    case 'q':
      return flags.includes('#') && !text.includes('`') ? `\`${text}\`` : quoted(text);
    case 'x':
      return Buffer.from(text).toString('hex');
    case 'X':
      return Buffer.from(text).toString('hex').toUpperCase();
    default:
      return undefined;
  }
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"', '\\': '\\\\', '\x07': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v',
};

/** Text as a Go string literal. */
function quoted(text: string): string {
  const body = text.replace(/["\\\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (character) => {
    const hex = (character.codePointAt(0) as number).toString(16);
    if (hex.length > 4) return `\\U${hex.padStart(8, '0')}`;
    return NAMED_ESCAPES[character] ?? (character <= '\x7f' ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`);
  });
  return `"${body}"`;
}

function numeric(verb: Verb, number: number | bigint, float: boolean): string | undefined {
  return float ? floatText(verb, Number(number)) : integerText(verb, BigInt(number));
}

function integerText({ letter, flags }: Verb, number: bigint): string | undefined {
  const prefix = (text: string): string => (flags.includes('#') ? text : '');
  const inBase = (base: number, mark: string): string => {
    const digits = number.toString(base);
    return digits.startsWith('-') ? `-${mark}${digits.slice(1)}` : mark + digits;
  };
  switch (letter) {
    case 'd':
      return String(number);
    case 'b':
      return inBase(2, prefix('0b'));
    case 'o':
      return inBase(8, prefix('0'));
    case 'x':
      return inBase(16, prefix('0x'));
    case 'X':
      return inBase(16, prefix('0x')).toUpperCase();
    case 'c':
      return String.fromCodePoint(Number(number));
    case 'q':
      return `'${String.fromCodePoint(Number(number))}'`;
    case 'U':
      return `U+${number.toString(16).toUpperCase().padStart(4, '0')}`;
    default:
      return undefined;
  }
}

function floatText({ letter, precision }: Verb, number: number): string | undefined {
  switch (letter) {
    case 'f':
    case 'F':
      return fixed(number, precision ?? 6);
    case 'e':
    case 'E': {
      const text = twoDigits(number.toExponential(precision ?? 6));
      return letter === 'E' ? text.toUpperCase() : text;
    }
    case 'g':
    case 'G': {
      const text = precision === undefined ? goFloat(number) : general(number, precision);
      return letter === 'G' ? text.toUpperCase() : text;
    }
    default:
      return undefined;
  }
}

/** A number with that many decimals; a tie goes to the even digit, where JavaScript rounds up. */
function fixed(number: number, decimals: number): string {
  const text = number.toFixed(decimals);
  const exact = number.toFixed(Math.min(decimals + 30, MOST_DIGITS));
  const cut = exact.length - (Math.min(decimals + 30, MOST_DIGITS) - decimals);
  if (!/^5 ?0+$/.test(exact.slice(cut).replace('.', '')) || /[02468]$/.test(text)) return text;
  return exact.slice(0, cut).replace(/\.$/, '');
}

/** A number with that many significant digits, trailing zeros removed. */
function general(number: number, precision: number): string {
  const digits = Math.max(precision, 1);
  const exponential = number.toExponential(digits - 1);
  const exponent = Number(exponential.slice(exponential.indexOf('e') + 1));
  if (exponent < -4 || exponent >= digits) return twoDigits(exponential.replace(/\.?0+e/, 'e'));
  const plain = number.toFixed(digits - 1 - exponent);
  return plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain;
}

/** JavaScript's exponent as Go writes it. */
function twoDigits(text: string): string {
  return text.replace(/e([-+])(\d)$/, 'e$10$2');
}

function signed(text: string, { flags }: Verb, value: TemplateValue): string {
  if (numberOf(value) === undefined || text.startsWith('-') || text.startsWith('%')) return text;
  return flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;
}

function pad(text: string, { flags, width }: Verb, value: TemplateValue): string {
  const missing = width - Array.from(text).length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (!flags.includes('0')) return ' '.repeat(missing) + text;
  const sign = numberOf(value) !== undefined && /^[-+ ]/.test(text) ? text.charAt(0) : '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}
