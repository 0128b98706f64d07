import { isMap, type Data } from '../../base/data.js';
import { compareBytes } from '../../go/json.js';
import type { Path } from '../problem.js';
import { wrongType, type AsRead, type Decoding, type FieldType } from './field.js';
import { decodeInside } from './object.js';

export interface ListOptions<T> {
  /** Rules over the whole list. */
  readonly check?: (value: readonly AsRead<T>[], path: Path, to: Decoding) => void;
  /** What JSON Schema can say of `check`. */
  readonly json?: Data;
  /** Articles do not follow from the element's name. */
  readonly name?: string;
}

/** A list. A null element stands for its type's zero value, as in Go. Elements that were wrong are left out. */
export function listOf<T>(element: FieldType<T>, options: ListOptions<T> = {}): FieldType<readonly T[]> {
  const type: FieldType<readonly T[]> = {
    name: options.name ?? 'a list',
    element: element,
    standIn: [],
    ...(options.json === undefined ? {} : { json: options.json }),
    isZero: (value) => value.length === 0,
    decode(raw, path, to) {
      if (!Array.isArray(raw)) return wrongType(type, raw, path, to);
      const value: T[] = [];
      for (let index = 0; index < raw.length; index++) {
        const item: unknown = raw[index];
        const decoded = item == null ? decodeEmpty(element, path, index, to) : decodeInside(element, item, path, index, to);
        if (decoded !== undefined) value.push(decoded);
      }
      options.check?.(value as readonly AsRead<T>[], path, to);
      return value;
    },
  };
  return type;
}

/** An empty element is read as its type's zero value; where that is not allowed, it is the emptiness that is told. */
function decodeEmpty<T>(element: FieldType<T>, path: Path, index: number, to: Decoding): T | undefined {
  const { list } = to.problems;
  const before = list.length;
  const decoded = decodeInside(element, element.standIn, path, index, to);
  const [first] = list.splice(before);
  if (first !== undefined) to.problems.add(first.code, [...path, index], `expected ${element.name}, found nothing`, { hint: 'remove the empty entry, or give its value' });
  return decoded;
}

/** A rule for lists: no element occurs twice. `what` is what an element is called: "type". */
export function eachOnce(what: string): (value: readonly string[], path: Path, to: Decoding) => void {
  return (value, path, to) => {
    const twice = value.find((each, index) => value.indexOf(each) !== index);
    if (twice !== undefined) to.problems.add('rule', path, `the ${what} ${twice} is given twice`);
  };
}

export interface MapOptions<T> {
  readonly name: string;
  /** What JSON Schema can say of `keyProblem`. */
  readonly keyJson?: Data;
  /** Says what is wrong with a key, or undefined. */
  readonly keyProblem?: (key: string) => string | undefined;
  readonly check?: (value: Readonly<Record<string, T>>, path: Path, to: Decoding) => void;
}

/** A map with free keys. The decoded value has no prototype, so that any key is just a key; its keys are sorted as Go sorts them. */
export function mapOf<T>(element: FieldType<T>, options: MapOptions<T>): FieldType<Record<string, T>> {
  const type: FieldType<Record<string, T>> = {
    name: options.name,
    element,
    ...(options.keyJson === undefined ? {} : { json: { propertyNames: options.keyJson } }),
    standIn: {},
    isZero: (value) => Object.keys(value).length === 0,
    decode(raw, path, to) {
      if (!isMap(raw)) return wrongType(type, raw, path, to);
      const value = Object.create(null) as Record<string, T>;
      for (const key of Object.keys(raw).sort(compareBytes)) {
        const problem = options.keyProblem?.(key);
        if (problem !== undefined) to.problems.add('value', [...path, key], problem, { onKey: true });
        const item = raw[key];
        const decoded = decodeInside(element, item ?? element.standIn, path, key, to);
        if (decoded !== undefined) value[key] = decoded;
      }
      options.check?.(value, path, to);
      return value;
    },
  };
  return type;
}
