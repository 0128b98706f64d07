import { goJsonNumber } from './number.js';

/**
 * Orders text as its UTF-8 bytes are ordered, which is how Go sorts map keys. Differs from the order of JavaScript
 * only where a surrogate pair meets U+E000 or above.
 */
export function compareBytes(left: string, right: string): number {
  if (left === right) return 0;
  const shorter = Math.min(left.length, right.length);
  for (let index = 0; index < shorter; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a === b) continue;
    const aIsSurrogate = a >= 0xd800 && a <= 0xdfff;
    const bIsSurrogate = b >= 0xd800 && b <= 0xdfff;
    if (aIsSurrogate === bIsSurrogate) return a - b;
    return aIsSurrogate ? 1 : -1;
  }
  return left.length - right.length;
}

/** A copy of a map without a prototype, its keys in the order of their bytes (as far as JavaScript keeps an order). */
export function sortKeys<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  const sorted = Object.create(null) as Record<string, T>;
  for (const key of Object.keys(map).sort(compareBytes)) sorted[key] = map[key] as T;
  return sorted;
}

/** A value in which all maps, however deep, have their keys in the order of their bytes. */
export function sortKeysDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeysDeep);
  if (typeof value !== 'object' || value === null) return value;
  const map = Object.create(null) as Record<string, unknown>;
  for (const key of Object.keys(value)) map[key] = sortKeysDeep((value as Record<string, unknown>)[key]);
  return map;
}

/**
 * The keys of an object in the order in which Go would write them: a map (an object without a prototype) by bytes,
 * anything else stands for a struct and keeps its own order. Keys whose value is undefined are left out.
 */
export function goKeys(value: Readonly<Record<string, unknown>>): string[] {
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return Object.getPrototypeOf(value) === null ? keys.sort(compareBytes) : keys;
}

/** Text with every half of a surrogate pair replaced by U+FFFD, as Go does. */
export function wellFormed(text: string): string {
  return /\p{Surrogate}/u.test(text) ? text.replace(/\p{Surrogate}/gu, '\ufffd') : text;
}

/** Text as a JSON string of Go: `<`, `>`, `&`, U+2028 and U+2029 escaped, half surrogate pairs replaced by U+FFFD. */
export function goJsonString(text: string): string {
  return escapeHtml(JSON.stringify(wellFormed(text)));
}

/**
 * JSON as Go's encoder stores it, compact (reference/storage 2.1). Structs keep the order of their keys, maps (objects
 * without a prototype) are written in the order of their bytes, bigints exactly, undefined members not at all.
 */
export function goJson(value: unknown): string {
  if (isPlain(value)) {
    const text = JSON.stringify(value);
    // JSON.stringify leaves half surrogate pairs as \udXXX, where Go writes U+FFFD.
    if (!text.includes('\\ud')) return escapeHtml(text);
  }
  return encode(value);
}

function encode(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return goJsonString(value);
    case 'number':
    case 'bigint':
      return goJsonNumber(value);
    case 'boolean':
      return String(value);
    case 'object': {
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map(encode).join(',')}]`;
      const members = value as Readonly<Record<string, unknown>>;
      return `{${goKeys(members).map((key) => `${goJsonString(key)}:${encode(members[key])}`).join(',')}}`;
    }
    default:
      return 'null';
  }
}

/** Whether JSON.stringify writes the value as Go would, but for escapes: no bigint, no negative zero, no map out of order. */
export function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return value !== 0 || !Object.is(value, -0);
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint' && value !== undefined;
  if (Array.isArray(value)) return value.every((element) => isPlain(element));
  const isMap = Object.getPrototypeOf(value) === null;
  const members = value as Readonly<Record<string, unknown>>;
  let previous = '';
  for (const key in members) {
    if (isMap && compareBytes(previous, key) > 0) return false;
    previous = key;
    const member = members[key];
    if (member !== undefined && !isPlain(member)) return false;
  }
  return true;
}

/** Escapes in finished JSON what Go escapes and JavaScript does not; outside strings none of these characters occur. */
export function escapeHtml(json: string): string {
  return /[<>&\u2028\u2029]/.test(json) ? json.replace(/[<>&\u2028\u2029]/g, escapeCharacter) : json;
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
