import { isTooDeep, mayBeTooDeep, TOO_DEEP } from '../base/depth.js';
import { compareBytes, goJsonString } from './json.js';

/** Sixteen digits hold every integer past 2^53; shorter ones need no care. */
const LONG_NUMBER = /\d{16}/;
/** A whole string, or a whole number. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** JSON forbids leading zeros; such text must still reach JSON.parse and fail there. */
const LONG_INTEGER = /^-?[1-9]\d{15,}$/;

/**
 * JSON.parse, except that integers beyond 2^53 come out as bigint instead of rounded.
 * Throws SyntaxError where JSON.parse does, and for what is nested too deeply to be worked with.
 */
export function parseJson(text: string): unknown {
  return readJson(text).value;
}

/** The same, and whether there may be a number in it that JSON.parse rounds: to look for one takes as long as a good part of the parsing. */
export function readJson(text: string): { readonly value: unknown; readonly hasLong: boolean } {
  const plain: unknown = JSON.parse(text);
  if (mayBeTooDeep(text) && isTooDeep(plain)) throw new SyntaxError(TOO_DEEP);
  const hasLong = LONG_NUMBER.test(text);
  return { value: hasLong ? parseExactly(text) : plain, hasLong };
}

function parseExactly(text: string): unknown {
  let mark = 'integer:';
  while (text.includes(mark)) mark += ':';
  const guarded = text.replace(TOKEN, (token) => (LONG_INTEGER.test(token) ? `"${mark}${token}"` : token));
  return JSON.parse(guarded, (_key, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith(mark)) return value;
    const exact = BigInt(value.slice(mark.length));
    const plain = Number(exact);
    return Number.isSafeInteger(plain) ? plain : exact;
  });
}

/** A map of texts as Go writes it: keys in order. */
export function goMap<Value>(entries: Iterable<readonly [string, Value]>, print: (value: Value) => string): string {
  const sorted = [...entries].sort(([a], [b]) => compareBytes(a, b));
  return `{${sorted.map(([key, value]) => `${goJsonString(key)}:${print(value)}`).join(',')}}`;
}
