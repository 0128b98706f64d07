import { isMap, type Data } from '../base/data.js';
import type { FieldType } from './fields/field.js';
import type { Path } from './problem.js';
import { sameData, sameValue } from './same-value.js';

/**
 * Whether a value holds, at a path of another document of the same kind, just this: fields of other writers and of a newer
 * Calico are taken as they stand. Elements of lists may have moved, so an index stands for any.
 */
export function holds(value: unknown, path: Path, wanted: unknown): boolean {
  const [step, ...rest] = path;
  if (step === undefined) return sameData(value, wanted);
  if (typeof step === 'number') return Array.isArray(value) && value.some((each) => holds(each, rest, wanted));
  return isMap(value) && Object.hasOwn(value, step) && holds(value[step], rest, wanted);
}

/** What stands at a path of a document; undefined where nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => (typeof at === 'object' && at !== null ? (at as Data)[step] : undefined), value);
}

/**
 * A value that is to be written, with the fields that its type does not know and that stand in what is stored: nobody could
 * have said with this tool that they are to go. An element of a list has those of the stored one that says the same otherwise.
 */
export function withUnknown(type: FieldType, value: unknown, stored: unknown): unknown {
  const { element, fields } = type;
  if (!hasUnknown(type, stored)) return value;
  if (fields !== undefined && isMap(value) && isMap(stored)) return objectWithUnknown(type, value, stored);
  if (element === undefined) return value;
  if (Array.isArray(value) && Array.isArray(stored)) return listWithUnknown(element, value, stored);
  if (!isMap(value) || !isMap(stored)) return value;
  return withMembers(value, Object.keys(value), (key) => withUnknown(element, value[key], stored[key]));
}

function objectWithUnknown({ fields = [] }: FieldType, value: Data, stored: Data): Data {
  const types = new Map(fields.map(({ name, type }) => [name, type]));
  const joined = withMembers(value, Object.keys(value), (key) => {
    const type = types.get(key);
    return type === undefined ? value[key] : withUnknown(type, value[key], stored[key]);
  });
  return withMembers(joined, Object.keys(stored).filter((key) => !types.has(key) && !Object.hasOwn(value, key)), (key) => stored[key]);
}

function withMembers(value: Data, keys: readonly string[], member: (key: string) => unknown): Data {
  const joined = Object.assign(Object.create(Object.getPrototypeOf(value) as object | null) as Data, value);
  for (const key of keys) if (key !== '__proto__') joined[key] = member(key);
  return joined;
}

function listWithUnknown(element: FieldType, value: readonly unknown[], stored: readonly unknown[]): unknown[] {
  const left = new Set(stored.keys());
  return value.map((each, index) => {
    const says = (at: number): boolean => left.has(at) && sameValue(element, known(element, each), known(element, stored[at]));
    const at = says(index) ? index : [...left].find(says);
    if (at === undefined) return each;
    left.delete(at);
    return withUnknown(element, each, stored[at]);
  });
}

/** Whether a stored value has a field that its type does not know, however deep. */
export function hasUnknown(type: FieldType, stored: unknown): boolean {
  const { element, fields } = type;
  if (element !== undefined && (Array.isArray(stored) || isMap(stored))) return Object.values(stored).some((each) => hasUnknown(element, each));
  if (fields === undefined || !isMap(stored)) return false;
  let found = 0;
  for (const { name, type: inner } of fields) {
    if (!Object.hasOwn(stored, name)) continue;
    found++;
    if (hasUnknown(inner, stored[name])) return true;
  }
  return found < Object.keys(stored).length;
}

/** A value without the fields that its type does not know. */
export function known(type: FieldType, value: unknown): unknown {
  const { element, fields } = type;
  if (!hasUnknown(type, value)) return value;
  if (element !== undefined && Array.isArray(value)) return value.map((each) => known(element, each));
  if (!isMap(value)) return value;
  if (fields === undefined) return element === undefined ? value : withMembers(value, Object.keys(value), (key) => known(element, value[key]));
  return Object.fromEntries(fields.filter(({ name }) => Object.hasOwn(value, name)).map(({ name, type: inner }) => [name, known(inner, value[name])]));
}
