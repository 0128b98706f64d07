import { isMap } from '../base/data.js';
import { compareBytes, goJson } from '../go/json.js';

/**
 * A value from a document in one line for people: texts as they are, `absent` for none, what is neither text nor number as JSON. Others
 * may have stored anything anywhere; nothing of it may end a table or a message, as `String` would for an object with a `toString` of its own.
 */
export function plainText(value: unknown, absent = ''): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? absent : goJson(value);
}

/** The labels of a map, sorted and joined by commas: `app=db`. What is not a map, as text. */
export function labelsText(value: unknown): string {
  if (!isMap(value)) return plainText(value);
  return Object.keys(value).sort(compareBytes).map((key) => `${key}=${plainText(value[key])}`).join(',');
}

/** The elements of a list joined by commas. What is not a list, as text. */
export function listText(value: unknown, textOf: (element: unknown) => string = (element) => plainText(element)): string {
  return Array.isArray(value) ? value.map(textOf).join(',') : plainText(value);
}
