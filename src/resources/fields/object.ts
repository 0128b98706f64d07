import { isMap, type Data } from '../../base/data.js';
import type { Path } from '../problem.js';
import { wrongType, type AsRead, type Decoding, type Field, type FieldType, type ObjectOf } from './field.js';

export interface ObjectType<T extends object = Data> extends FieldType<T> {
  readonly fields: readonly Field[];
}

export interface ObjectOptions<T extends object> {
  /** Rules over several fields. Runs on the decoded value, also when single fields were wrong (those are then absent). */
  readonly check?: (value: AsRead<T>, path: Path, to: Decoding, raw: Data) => void;
  /** What JSON Schema can say of rules over several fields (json-rules.ts), `check` or the kind's own. */
  readonly json?: Data;
  /** Hints for keys that people write here although they belong elsewhere. */
  readonly misplaced?: Readonly<Record<string, string>>;
}

/**
 * A map with known fields. Field names match regardless of letter case (reference/storage 2.1); unknown and doubled
 * ones are reported; what to write for an unknown one is said later (hints/explain.ts). Decoded values hold their fields in declared order, which is the order of the stored JSON.
 */
export function objectOf<const Fields extends readonly Field[]>(name: string, fields: Fields, options: ObjectOptions<ObjectOf<Fields>> = {}): ObjectType<ObjectOf<Fields>> {
  type T = ObjectOf<Fields>;
  const exact = new Map(fields.map((each, index) => [each.name, index]));
  const folded = new Map(fields.map((each, index) => [each.name.toLowerCase(), index]));
  const indexOf = (key: string): number | undefined => exact.get(key) ?? folded.get(key.toLowerCase());
  const type: ObjectType<T> = {
    name,
    fields,
    standIn: {},
    isZero: () => false,
    ...(options.json === undefined ? {} : { json: options.json }),
    decode(raw, path, to) {
      if (!isMap(raw)) return wrongType(type, raw, path, to);
      const given = sortIntoFields(raw, indexOf, path, to, options.misplaced);
      const value = decodeFields(raw, given, fields, path, to);
      if (to.unknown !== undefined) keepUnknown(raw, value, indexOf);
      options.check?.(value as AsRead<T>, path, to, raw);
      return value as T;
    },
  };
  return type;
}

/** The key under which each field was given, in the order of the fields. */
function sortIntoFields(raw: Data, indexOf: (key: string) => number | undefined, path: Path, to: Decoding, misplaced?: Readonly<Record<string, string>>): (string | undefined)[] {
  const given: (string | undefined)[] = [];
  for (const key of Object.keys(raw)) {
    const index = indexOf(key);
    const before = index === undefined ? undefined : given[index];
    if (index === undefined) {
      (to.unknown ?? to.problems).add('unknown-field', [...path, key], `unknown field "${key}"`, { onKey: true, hint: ownValue(misplaced, key) });
    } else if (before !== undefined && !isEmpty(raw[key]) && !isEmpty(raw[before])) {
      to.problems.add('unknown-field', [...path, key], `"${key}" and "${before}" are the same field, given twice`, { onKey: true });
    } else if (before === undefined || isEmpty(raw[before])) {
      given[index] = key;
    }
  }
  return given;
}

/** Adds the fields that nobody knows, after all others. */
function keepUnknown(raw: Data, value: Data, indexOf: (key: string) => number | undefined): void {
  for (const key of Object.keys(raw)) if (indexOf(key) === undefined && key !== '__proto__') value[key] = raw[key];
}

/** Whether a value says nothing, so that Go's decoder would lose nothing by reading it before or after another. */
function isEmpty(raw: unknown): boolean {
  return raw === null || raw === undefined || (isMap(raw) && Object.keys(raw).length === 0);
}

function ownValue(map: Readonly<Record<string, string>> | undefined, key: string): string | undefined {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}

function decodeFields(raw: Data, given: readonly (string | undefined)[], fields: readonly Field[], path: Path, to: Decoding): Data {
  const value: Data = {};
  for (let index = 0; index < fields.length; index++) {
    const declared = fields[index] as Field;
    const key = given[index];
    const found = key === undefined ? undefined : raw[key];
    if (key === undefined || found === undefined || found === null) {
      if (declared.required !== undefined) to.problems.add('required', [...path, declared.name], declared.required);
      if (declared.write === 'always') value[declared.name] = zeroOf(declared.type, [...path, declared.name], to);
      continue;
    }
    const decoded = decodeInside(declared.type, found, path, key, to);
    if (decoded === undefined) continue;
    // In Go a text that is required is one that is not empty.
    if (decoded === '' && declared.required !== undefined) to.problems.add('required', [...path, key], declared.required);
    if (declared.write === 'nonzero' && declared.type.isZero(decoded)) continue;
    value[declared.name] = decoded;
  }
  return value;
}

/** Decodes a part of a document, one step further down. The path is one list that grows and shrinks: whoever reports a problem copies it. */
export function decodeInside<T>(type: FieldType<T>, raw: unknown, path: Path, step: string | number, to: Decoding): T | undefined {
  const steps = path as (string | number)[];
  steps.push(step);
  const decoded = type.decode(raw, path, to);
  steps.pop();
  return decoded;
}

function zeroOf(type: FieldType, path: Path, to: Decoding): unknown {
  return type.fields ? type.decode({}, path, to) : type.standIn;
}
