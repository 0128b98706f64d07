import { isMap } from './fields/object.js';
import { compareBytes, goJson } from './go-json.js';

/**
 * A value from a document in one line for people: texts as they are, `absent` for none, what is neither text nor number as JSON. Others
 * may have stored anything anywhere; nothing of it may end a table or a message, as `String` would for an object with a `toString` of its own.
 */
export function plainText(value: unknown, absent = ''): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? absent : goJson(value);
}

/** The labels of a map, sorted: `app=db`. */
export function labelsText(value: unknown): string[] {
  return isMap(value) ? Object.keys(value).sort(compareBytes).map((key) => `${key}=${plainText(value[key])}`) : [];
}

/** The elements of a list joined by commas; what is no list, as text. */
export function listText(value: unknown): string {
  return Array.isArray(value) ? value.map((element) => plainText(element)).join(',') : plainText(value);
}
