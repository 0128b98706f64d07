import type { FieldType } from './field.js';
import { selectorOfLabels } from './label-selector.js';

type Shape = Pick<FieldType, 'name'> & Partial<FieldType>;

/** Two numbers as most tools write a range. */
const RANGE = /^\s*(\d+)\s*(?:-|:|\.\.+|\u2013|\u2014|to)\s*(\d+)\s*$/i;

/** The ends of a range as most tools write one: `80-90`, `80..90`, `80 to 90`; undefined for anything else. */
export function rangeIn(text: string): readonly [low: number, high: number] | undefined {
  const [, low, high] = RANGE.exec(text) ?? [];
  return low === undefined ? undefined : [Number(low), Number(high)];
}

/** What to write where a value has another shape than its field: a map for a list, a range for a number. Undefined where that says itself. */
export function shapeHint(type: Shape, raw: unknown): string | undefined {
  if (type.fields) return forMap(raw, type.fields.map((each) => each.name));
  if (type.element) return Array.isArray(type.standIn) ? forList(type.element, raw) : forFreeMap(raw);
  return forScalar(type, raw);
}

function forMap(raw: unknown, names: readonly string[]): string | undefined {
  if (Array.isArray(raw)) {
    const [only] = raw as unknown[];
    if (raw.length === 1 && typeof only === 'object' && only !== null) return `it is a map, not a list: leave out the "- " before it`;
    return raw.length === 0 ? 'write {} or leave the field out' : `write a map, not a list; its fields are ${names.join(', ')}`;
  }
  const range = names.includes('min') && names.includes('max') ? rangeOf(raw) : undefined;
  if (range) return `write {min: ${range[0]}, max: ${range[1]}}`;
  if (typeof raw === 'boolean' && names.includes('enabled')) return `write {enabled: ${raw}}`;
  return names.length > 0 && names.length <= 12 ? `write a map; ${names.length === 1 ? 'its field is' : 'its fields are'} ${names.join(', ')}` : undefined;
}

function rangeOf(raw: unknown): readonly [number, number] | undefined {
  if (typeof raw === 'number' && Number.isInteger(raw)) return [raw, raw];
  return typeof raw === 'string' ? rangeIn(raw) : undefined;
}

function forList(element: FieldType, raw: unknown): string | undefined {
  if (typeof raw === 'object' && raw !== null) {
    return element.fields ? `write it as a list: put "- " before the first field of each entry` : 'write it as a list: each entry on its own line, after "- "';
  }
  if (element.fields) {
    const range = forMap(raw, element.fields.map((each) => each.name));
    return range?.startsWith('write {') ? `write it as a list: [${range.slice('write '.length)}]` : undefined;
  }
  return typeof raw === 'string' || typeof raw === 'number' ? `write it as a list: [${listItems(raw)}]` : undefined;
}

/** The entries that one text was meant to be: `80,443` is 80, 443. */
function listItems(raw: string | number): string {
  if (typeof raw === 'number' || !/^[^{}()'"]*$/.test(raw)) return String(raw);
  return raw.split(',').map((each) => each.trim()).filter((each) => each !== '').map(asEntry).join(', ');
}

/** A range stands in quotes: YAML could read it as a map. */
function asEntry(text: string): string {
  const range = rangeIn(text);
  return range ? `"${range[0]}:${range[1]}"` : text;
}

function forFreeMap(raw: unknown): string | undefined {
  const [first] = (Array.isArray(raw) ? raw : [raw]) as unknown[];
  const [, key, value] = (typeof first === 'string' && /^\s*([^\s=:]+)\s*[=:]\s*([^\s,]*)/.exec(first)) || [];
  if (key !== undefined) return `write a map: {${key}: ${value === '' ? '""' : String(value)}}`;
  if (Array.isArray(raw)) return raw.length === 0 ? 'write {} or leave the field out' : 'write a map, not a list: one line "name: value" for each entry, without "- "';
  return undefined;
}

function forScalar(type: Shape, raw: unknown): string | undefined {
  if (Array.isArray(raw)) {
    const [only] = raw as unknown[];
    if (raw.length === 1 && (typeof only === 'string' || typeof only === 'number')) return `only one value is allowed here: write ${String(only)}, without brackets or "- "`;
    return raw.length === 0 ? 'write the value itself, or leave the field out' : 'only one value is allowed here, not a list';
  }
  if (typeof raw === 'object' && raw !== null) {
    const selector = / selector$/.test(type.name) ? selectorOfLabels(raw) : undefined;
    return selector === undefined ? 'only one value is allowed here, not a map' : `write it as text: ${selector}`;
  }
  if (typeof raw === 'string' && typeof type.standIn === 'number' && rangeIn(raw)) return 'only one number is allowed here, not a range';
  return undefined;
}
