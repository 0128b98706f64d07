import { compareBytes } from '../json.js';
import { goFloat } from '../number.js';

/**
 * What a template sees: text, numbers, booleans, lists (arrays), maps (objects without a prototype), structs,
 * `null` for a nil pointer, `undefined` for what is not there.
 */
export type TemplateValue = unknown;

/** A Go struct: the only value that has fields. */
export abstract class TemplateStruct {
  /** The type's name in messages: `api.PolicySpec`. */
  abstract readonly goType: string;
  /** The value of a field by its exported Go name, in `value`; undefined where the struct has no such field. */
  abstract fieldOf(name: string): { readonly value: TemplateValue } | undefined;
  /** The values of all fields, in the order of the struct, as `{{.}}` prints them. */
  abstract values(): Iterable<TemplateValue>;
}

/** A nil pointer to a struct. */
export class NilPointer {
  /** @param goType the pointer's type, for messages: `*api.NodeBGPSpec` */
  constructor(readonly goType: string) {}
}

/** A float64, which Go prints with an exponent from 1e+06 up, unlike an integer of the same value. */
export class Float {
  constructor(readonly value: number) {}
}

export type TemplateMap = Readonly<Record<string, TemplateValue>>;

const typeNames = new WeakMap<object, string>();

/** Gives a list or map the name of its Go type, for messages. Returns it. */
export function ofType<T extends object>(value: T, goType: string): T {
  typeNames.set(value, goType);
  return value;
}

/** Whether the value is nil, or not there at all. */
export function isNil(value: TemplateValue): boolean {
  return value === undefined || value === null || value instanceof NilPointer;
}

/** Whether a template ranges over it by keys: a struct and what is parsed from a document are not maps here. */
export function isTemplateMap(value: TemplateValue): value is TemplateMap {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;
}

/** The number a numeric value stands for, else undefined. */
export function numberOf(value: TemplateValue): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return value instanceof Float ? value.value : undefined;
}

/** The keys of a map in the order in which Go visits and prints them. */
export function mapKeys(map: TemplateMap): string[] {
  return Object.keys(map).sort(compareBytes);
}

/** The name of the value's Go type. */
export function typeOf(value: TemplateValue): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64';
  if (value instanceof Float) return 'float64';
  if (value instanceof TemplateStruct || value instanceof NilPointer) return value.goType;
  if (typeof value !== 'object' || value === null) return '<nil>';
  return typeNames.get(value) ?? (Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}');
}

/** Whether `if` takes the value for true: not zero, not empty, not nil. */
export function truth(value: TemplateValue): boolean {
  if (isNil(value)) return false;
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0;
  if (typeof value === 'boolean') return value;
  const number = numberOf(value);
  if (number !== undefined) return Number(number) !== 0;
  return isTemplateMap(value) ? Object.keys(value).length > 0 : true;
}

/** A value as Go's `%v` prints it; pointers as what they point to. */
export function print(value: TemplateValue): string {
  if (isNil(value)) return '<nil>';
  if (typeof value === 'string') return value;
  if (value instanceof Float) return goFloat(value.value);
  if (typeof value === 'number' && !Number.isInteger(value)) return goFloat(value);
  if (Array.isArray(value)) return `[${value.map(print).join(' ')}]`;
  if (value instanceof TemplateStruct) return `{${Array.from(value.values(), print).join(' ')}}`;
  if (isTemplateMap(value)) return `map[${mapKeys(value).map((key) => `${key}:${print(value[key])}`).join(' ')}]`;
  return String(value);
}

/** Values as Go's Sprint joins them: with a blank between two that are not text. */
export function printAll(values: readonly TemplateValue[]): string {
  let text = '';
  values.forEach((value, index) => {
    const afterText = index === 0 || typeof values[index - 1] === 'string' || typeof value === 'string';
    text += (afterText ? '' : ' ') + print(value);
  });
  return text;
}
