import type { Data } from '../../base/data.js';
import { spelledOtherwise } from '../../resources/fields/json-rules.js';

/**
 * The same fields in another letter case, which Calico reads too: they follow the rules of the fields in the schema at `self`, unless they
 * are empty and hide no other.
 * Editors propose the names as they are declared, which stand under `properties`.
 */
export function otherSpelling(names: readonly string[], self: string): Data {
  if (names.length === 0) return {};
  return { patternProperties: Object.fromEntries(names.map((name) => [spelledOtherwise(name), { anyOf: [{ enum: [null, {}] }, { $ref: `${self}/properties/${name}` }] }])) };
}
