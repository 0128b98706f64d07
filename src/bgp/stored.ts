import { isMap, type Data } from '../base/data.js';
import { asNumberOf } from '../net/as-number.js';

/** A text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** An AS number in any of the forms that are stored; 0 stands for none. */
export function storedAsNumber(value: unknown): number | undefined {
  return positive(typeof value === 'string' ? asNumberOf(value) : value);
}

/** A whole number; 0 stands for none. */
export function positive(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
}

/** The maps of a stored list. */
export function mapsIn(value: unknown): readonly Data[] {
  return Array.isArray(value) ? value.filter(isMap) : [];
}

/** The texts of a stored list. */
export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
