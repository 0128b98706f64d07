import { Float } from './value.js';

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92, '"': 34, "'": 39,
};

/** The value of a Go string literal, quoted or raw, or undefined where its escapes are wrong. */
export function stringValue(literal: string): string | undefined {
  if (literal.startsWith('`')) return literal.slice(1, -1).replaceAll('\r', '');
  return unescape(literal.slice(1, -1), "'");
}

/** The text between the quotes of a Go character literal, or undefined where its escapes are wrong. */
export function characterValue(literal: string): string | undefined {
  return unescape(literal.slice(1, -1), '"');
}

/** @param otherQuote the quote that must not be escaped in this kind of literal */
function unescape(body: string, otherQuote: string): string | undefined {
  const bytes: Buffer[] = [];
  const pattern = /[^\\]+|\\(?:([abfnrtv\\"'])|x([\da-fA-F]{2})|([0-7]{3})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/gy;
  let end = 0;
  for (const [text, simple, hex, octal, short, long] of body.matchAll(pattern)) {
    end += text.length;
    const unit = hex === undefined ? octal : hex;
    const code = short ?? long;
    if (simple === otherQuote) return undefined;
    if (simple !== undefined) bytes.push(Buffer.of(SIMPLE_ESCAPES[simple] as number));
    else if (unit !== undefined) bytes.push(Buffer.of(Number.parseInt(unit, hex === undefined ? 8 : 16)));
    else if (code === undefined) bytes.push(Buffer.from(text));
    else if (Number.parseInt(code, 16) > 0x10ffff) return undefined;
    else bytes.push(Buffer.from(String.fromCodePoint(Number.parseInt(code, 16))));
  }
  return end === body.length ? Buffer.concat(bytes).toString() : undefined;
}

/** The value of a Go number literal: a number or bigint for an integer, a Float otherwise; undefined where it is none. */
export function numberValue(literal: string): number | bigint | Float | undefined {
  if (/__|_$|^[+-]?_|_[.eE+-]|[.eE+-]_/.test(literal)) return undefined;
  if (!/\d/.test(literal)) return undefined;
  const digits = literal.replaceAll('_', '');
  if (/[.eE]/.test(digits) && !/^[+-]?0[xX]/.test(digits)) return new Float(Number(digits));
  const sign = digits.startsWith('-') ? -1n : 1n;
  const unsigned = digits.replace(/^[+-]/, '').replace(/^0(?=\d)/, '0o');
  if (/^0o.*[89]/.test(unsigned)) return undefined;
  const value = sign * BigInt(unsigned);
  if (BigInt.asIntN(64, value) !== value) return undefined;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
