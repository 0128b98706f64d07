import { isMap } from '../../src/base/data.js';
import fc from 'fast-check';

/** Steps from a value to a place inside it. */
export type Steps = readonly (string | number)[];

/** Every place in a value, the value itself first. */
export function places(value: unknown, path: Steps = []): Steps[] {
  const inner = isMap(value) ? Object.keys(value) : Array.isArray(value) ? [...value.keys()] : [];
  return [path, ...inner.flatMap((step) => places((value as Record<string | number, unknown>)[step], [...path, step]))];
}

/** A copy of the value with something else at a place. */
export function replaced(value: unknown, [step, ...rest]: Steps, by: unknown): unknown {
  if (step === undefined) return by;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string | number, unknown>;
  copy[step] = replaced(copy[step], rest, by);
  return copy;
}

/** What somebody may have stored or written where something else belongs; `{ toString: null }` is an object that cannot be made a text. */
export const junk = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom<unknown>(null, '', '.', 0, -1, [null], { '': 1 }, { toString: null }, [{ toString: null }], 'Never', '10.0.0.1/33'));
