import { compare, equalsAny } from './compare.js';
import { htmlEscape, javaScriptEscape, queryEscape } from './escape.js';
import { format } from './printf.js';
import { isTemplateMap, isNil, numberOf, print, printAll, truth, typeOf, type TemplateValue } from './value.js';

export interface TemplateFunction {
  /** The least and the greatest number of arguments. */
  readonly arguments: readonly [least: number, most: number];
  /** Throws Error with Go's message. */
  call(values: readonly TemplateValue[]): TemplateValue;
  /** Set for `and` and `or`: the truth that decides, so that later arguments are not evaluated. */
  readonly stopsAt?: boolean;
}

const fixed = (count: number, call: TemplateFunction['call']): TemplateFunction => ({ arguments: [count, count], call });
const variadic = (least: number, call: TemplateFunction['call']): TemplateFunction => ({ arguments: [least, Infinity], call });

/**
 * The functions of Go's text/template, and the two that calicoctl adds (reference/classic 5.3).
 * @param config the value of a global setting by its lower-case name; throws Error where there is none
 */
export function templateFunctions(config: (name: string) => string): Map<string, TemplateFunction> {
  return new Map<string, TemplateFunction>([
    ['and', { ...variadic(1, (values) => values.at(-1)), stopsAt: false }],
    ['or', { ...variadic(1, (values) => values.at(-1)), stopsAt: true }],
    ['not', fixed(1, ([value]) => !truth(value))],
    ['eq', variadic(1, ([first, ...others]) => equalsAny(first, others))],
    ['ne', fixed(2, ([left, right]) => !equalsAny(left, [right]))],
    ['lt', fixed(2, ([left, right]) => compare(left, right) < 0)],
    ['le', fixed(2, ([left, right]) => compare(left, right) <= 0)],
    ['gt', fixed(2, ([left, right]) => compare(left, right) > 0)],
    ['ge', fixed(2, ([left, right]) => compare(left, right) >= 0)],
    ['len', fixed(1, ([value]) => length(value))],
    ['index', variadic(1, ([value, ...keys]) => keys.reduce(index, value))],
    ['slice', variadic(1, ([value, ...bounds]) => slice(value, bounds))],
    ['print', variadic(0, printAll)],
    ['println', variadic(0, (values) => `${values.map(print).join(' ')}\n`)],
    ['printf', variadic(1, ([pattern, ...values]) => format(text(pattern), values))],
    ['html', variadic(0, (values) => htmlEscape(printAll(values)))],
    ['js', variadic(0, (values) => javaScriptEscape(printAll(values)))],
    ['urlquery', variadic(0, (values) => queryEscape(printAll(values)))],
    ['join', fixed(2, ([list, separator]) => (Array.isArray(list) ? list.map(print).join(text(separator)) : print(list)))],
    ['config', fixed(1, ([name]) => config(text(name).toLowerCase()))],
  ]);
}

function text(value: TemplateValue): string {
  if (typeof value !== 'string') throw new Error(`wrong type for value; expected string; got ${typeOf(value)}`);
  return value;
}

function length(value: TemplateValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.length;
  if (isTemplateMap(value)) return Object.keys(value).length;
  throw new Error(isNil(value) ? 'len of nil pointer' : `len of type ${typeOf(value)}`);
}

function index(value: TemplateValue, key: TemplateValue): TemplateValue {
  if (isNil(value)) throw new Error('index of untyped nil');
  if (isTemplateMap(value)) return mapElement(value, key);
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    return bytes[position(key, bytes.length - 1)];
  }
  if (Array.isArray(value)) return value[position(key, value.length - 1)];
  throw new Error(`can't index item of type ${typeOf(value)}`);
}

function mapElement(map: Readonly<Record<string, TemplateValue>>, key: TemplateValue): TemplateValue {
  if (typeof key !== 'string') throw new Error(`value has type ${typeOf(key)}; should be string`);
  // An absent key has the zero value, which is the empty text in maps of texts.
  return map[key] ?? (Object.values(map).every((value) => typeof value === 'string') ? '' : undefined);
}

function position(value: TemplateValue, most: number): number {
  const number = numberOf(value);
  if (number === undefined || !Number.isInteger(Number(number))) throw new Error(`cannot index slice/array with type ${typeOf(value)}`);
  if (number < 0 || number > most) throw new Error(`index out of range: ${number}`);
  return Number(number);
}

function slice(value: TemplateValue, bounds: readonly TemplateValue[]): TemplateValue {
  if (bounds.length > 3) throw new Error(`too many slice indexes: ${bounds.length}`);
  if (isNil(value)) throw new Error('slice of untyped nil');
  if (typeof value === 'string') {
    if (bounds.length === 3) throw new Error('cannot 3-index slice a string');
    const bytes = Buffer.from(value);
    return bytes.subarray(...within(bytes.length, bounds)).toString();
  }
  if (!Array.isArray(value)) throw new Error(`can't slice item of type ${typeOf(value)}`);
  return value.slice(...within(value.length, bounds));
}

/** Start and end of a slice of so many items. */
function within(length: number, bounds: readonly TemplateValue[]): [start: number, end: number] {
  const [start = 0, end = length] = bounds.map((bound) => position(bound, length));
  if (start > end) throw new Error(`invalid slice index: ${start} > ${end}`);
  return [start, end];
}
