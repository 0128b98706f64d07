import { isMap } from '../../base/data.js';
import type { FieldType } from './field.js';

/** A parsed value in which whole numbers that stand in floating point fields are what Go reads there: the nearest double. All others stay exact. */
export function withFloats(type: FieldType, value: unknown): unknown {
  if (typeof value === 'bigint') return type.isFloat === true ? Number(value) : value;
  const { element, fields } = type;
  if (element !== undefined && Array.isArray(value)) return value.map((each) => withFloats(element, each));
  if (!isMap(value) || (element === undefined && fields === undefined)) return value;
  const types = new Map(fields?.map((field) => [field.name, field.type]));
  const member = (name: string, each: unknown): unknown => {
    const inner = element ?? types.get(name);
    return inner === undefined ? each : withFloats(inner, each);
  };
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, member(name, each)]));
}
