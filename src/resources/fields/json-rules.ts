import type { Data } from '../../base/data.js';
import { eitherCase } from './patterns.js';

/** Rules over several fields of a map in JSON Schema's words. Names are read in any letter case, and what is empty counts as absent. */

/** Fields that have to be there. One that is there in another letter case will do. */
export function demanded(...names: readonly string[]): Data {
  return { if: { propertyNames: { not: { pattern: names.map(spelledOtherwise).join('|') } } }, then: { required: names, properties: Object.fromEntries(names.map((name) => [name, { not: { enum: [null, ''] } }])) } };
}

/** A field that has to be there where another one is. */
export function demandedBy(other: string, name: string): Data {
  return { if: given(other), then: demanded(name) };
}

/** Two fields that cannot be given together. */
export function exclusive(one: string, other: string): Data {
  return { not: { allOf: [given(one), given(other)] } };
}

/** That a field is given, and not empty. */
function given(name: string): Data {
  return { required: [name], properties: { [name]: { not: { enum: [null, false, '', 0, [], {}] } } } };
}

/** Matches a name in any letter case but its own. */
export function spelledOtherwise(name: string): string {
  return `^(?!${name}$)${eitherCase(name)}$`;
}
