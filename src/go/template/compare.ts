import { compareBytes } from '../json.js';
import { isNil, numberOf, print, typeOf, type TemplateValue } from './value.js';

type Basic = 'boolean' | 'number' | 'string';

/** The kind of a value that can be compared, or undefined. */
function basicKind(value: TemplateValue): Basic | undefined {
  if (numberOf(value) !== undefined) return 'number';
  return typeof value === 'string' || typeof value === 'boolean' ? (typeof value as Basic) : undefined;
}

/**
 * Whether the first value equals any of the others. Numbers are equal by value whatever their Go type, and a nil
 * pointer equals only nil, where Go refuses both.
 * @throws Error with Go's message
 */
export function equalsAny(first: TemplateValue, others: readonly TemplateValue[]): boolean {
  if (others.length === 0) throw new Error('missing argument for comparison');
  return others.some((other) => {
    if (isNil(first) || isNil(other)) return isNil(first) && isNil(other);
    if (basicKind(first) !== basicKind(other)) throw incompatible(first, other);
    if (basicKind(first) === undefined) throw new Error(`non-comparable type ${print(first)}: ${typeOf(first)}`);
    return order(first, other) === 0;
  });
}

function incompatible(left: TemplateValue, right: TemplateValue): Error {
  return new Error(`incompatible types for comparison: ${typeOf(left)} and ${typeOf(right)}`);
}

/** How two numbers or texts are ordered: negative, zero or positive. Throws Error with Go's message. */
export function compare(left: TemplateValue, right: TemplateValue): number {
  const kind = basicKind(left);
  const otherKind = basicKind(right);
  if (kind === undefined || otherKind === undefined || kind === 'boolean') throw new Error('invalid type for comparison');
  if (kind !== otherKind) throw incompatible(left, right);
  return order(left, right);
}

function order(left: TemplateValue, right: TemplateValue): number {
  if (typeof left === 'string') return compareBytes(left, right as string);
  if (typeof left === 'boolean') return left === right ? 0 : 1;
  const [a, b] = [numberOf(left) as number, numberOf(right) as number];
  return a < b ? -1 : a > b ? 1 : 0;
}
