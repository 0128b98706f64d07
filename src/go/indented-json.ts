import { escapeHtml, goJsonString, goKeys, isPlain } from './json.js';
import { goJsonNumber } from './number.js';

const STEP = '  ';

/**
 * JSON as Go's MarshalIndent prints it, two spaces a level, with the key order and escapes of `goJson`
 * (reference/classic 5.2). No line break at the end.
 * @param depth the level at which the value starts; the first line is not indented
 */
export function goJsonIndented(value: unknown, depth = 0): string {
  if (isPlain(value)) {
    const text = stringifyAt(value, depth);
    if (!text.includes('\\ud')) return escapeHtml(text);
  }
  return encode(value, `\n${STEP.repeat(depth)}`);
}

/** JSON.stringify at a depth: inside so many lists, whose brackets are cut off. Faster than to indent its lines afterwards. */
function stringifyAt(value: unknown, depth: number): string {
  let nested = value;
  for (let level = 0; level < depth; level++) nested = [nested];
  // Each list adds "[", a line break and its margin before the value, and a line break, a margin and "]" after it.
  const before = 2 * depth + depth * (depth + 1);
  const after = 2 * depth + depth * (depth - 1);
  const text = JSON.stringify(nested, null, STEP);
  return text.slice(before, text.length - after);
}

/** Encodes what JSON.stringify cannot. `margin` is a line break and the indentation of the value's own line. */
function encode(value: unknown, margin: string): string {
  if (typeof value === 'string') return goJsonString(value);
  if (typeof value === 'number' || typeof value === 'bigint') return goJsonNumber(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return 'null';
  const inner = margin + STEP;
  if (Array.isArray(value)) {
    return value.length === 0 ? '[]' : `[${inner}${value.map((element) => encode(element, inner)).join(`,${inner}`)}${margin}]`;
  }
  const members = value as Readonly<Record<string, unknown>>;
  const texts = goKeys(members).map((key) => `${goJsonString(key)}: ${encode(members[key], inner)}`);
  return texts.length === 0 ? '{}' : `{${inner}${texts.join(`,${inner}`)}${margin}}`;
}
