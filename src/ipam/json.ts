import { compareBytes, goJsonString } from '../resources/go-json.js';

/** Sixteen digits hold every integer past 2^53; shorter ones need no care. */
const LONG_NUMBER = /\d{16}/;
/** A whole string, or a whole number. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** JSON forbids leading zeros; such text must still reach JSON.parse and fail there. */
const LONG_INTEGER = /^-?[1-9]\d{15,}$/;

/**
 * JSON.parse, except that integers beyond 2^53 come out as bigint instead of rounded.
 * Throws SyntaxError where JSON.parse does.
 */
export function parseJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
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

/** Whether a parsed JSON value is an object (not null, not a list). */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
