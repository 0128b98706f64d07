import { isMap, type Data } from '../base/data.js';
import type { Field, FieldType } from './fields/field.js';
import type { StoredKind } from './kind.js';

/**
 * Whether two stored values of a type say the same to Calico. A field that Go leaves out when it is empty says the same empty or
 * left out (`ports: []`); one behind a pointer does not (`http: {}`, `order: 0`), and what a type does not know counts as it
 * stands. Takes whatever is stored, also what no tool should have written.
 */
export function sameValue(type: FieldType, left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (type.fields !== undefined && isMap(left) && isMap(right)) return sameObjects(type.fields, left, right);
  const { element } = type;
  if (element === undefined) return type.isFloat === true && isNumber(left) && isNumber(right) ? Number(left) === Number(right) : sameData(left, right);
  if (Array.isArray(left) && Array.isArray(right)) return left.length === right.length && left.every((each, index) => sameValue(element, each ?? element.standIn, right[index] ?? element.standIn));
  if (!isMap(left) || !isMap(right)) return false;
  return Object.keys(left).length === Object.keys(right).length && Object.keys(left).every((key) => Object.hasOwn(right, key) && sameValue(element, left[key] ?? element.standIn, right[key] ?? element.standIn));
}

function sameObjects(fields: readonly Field[], left: Data, right: Data): boolean {
  let known = 0;
  let others = 0;
  for (const field of fields) {
    const { name, type } = field;
    if (Object.hasOwn(left, name)) known++;
    if (Object.hasOwn(right, name)) others++;
    if (left[name] === right[name]) continue;
    const [a, b] = [said(field, left[name]), said(field, right[name])];
    if (a === undefined || b === undefined ? a !== b : !sameValue(type, a, b)) return false;
  }
  if (known === Object.keys(left).length && others === Object.keys(right).length) return true;
  const names = new Set(fields.map(({ name }) => name));
  return sameData(without(left, names), without(right, names));
}

/** What the value of a field says; undefined where it says nothing. */
function said({ type, write }: Field, value: unknown): unknown {
  if (value === undefined || value === null) return write === 'always' ? (type.fields === undefined ? type.standIn : {}) : undefined;
  return write === 'nonzero' && isEmpty(type, value) ? undefined : value;
}

function isEmpty(type: FieldType, value: unknown): boolean {
  const empty = value === '' || value === false || value === 0 || (Array.isArray(value) && value.length === 0) || (type.fields === undefined && isMap(value) && Object.keys(value).length === 0);
  return empty && type.isZero(value);
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function without(map: Data, names: ReadonlySet<string>): Data {
  return Object.fromEntries(Object.entries(map).filter(([name, value]) => !names.has(name) && value !== undefined));
}

/** Whether two values are the same data, whatever the order of their keys. */
export function sameData(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) || Array.isArray(right)) return Array.isArray(left) && Array.isArray(right) && left.length === right.length && left.every((each, index) => sameData(each, right[index]));
  if (!isMap(left) || !isMap(right)) return Object.is(left, right);
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && sameData(left[key], right[key]));
}

/** Whether two objects, in the form in which they are stored, say the same. */
export function sameStored(kind: StoredKind, left: Data, right: Data): boolean {
  const status = kind.status ?? kind.optionalStatus;
  return (
    sameValue(kind.spec, left['spec'] ?? {}, right['spec'] ?? {}) &&
    sameMetadata(left['metadata'], right['metadata']) &&
    (status === undefined ? sameData(left['status'], right['status']) : sameValue(status, left['status'] ?? {}, right['status'] ?? {})) &&
    sameData(without(left, COMPARED), without(right, COMPARED))
  );
}

const COMPARED = new Set(['metadata', 'spec', 'status']);
const MAPS = new Set(['labels', 'annotations']);

function sameMetadata(left: unknown, right: unknown): boolean {
  if (!isMap(left) || !isMap(right)) return sameData(left, right);
  for (const name of MAPS) if (!sameData(left[name] ?? {}, right[name] ?? {})) return false;
  return sameData(without(left, MAPS), without(right, MAPS));
}
