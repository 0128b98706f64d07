import { findInvisible } from '../text/invisible.js';
import { plainValue } from './schema.js';

/** A key or a value as it stands in its file. */
export interface Written {
  readonly text: string;
  /** Without quotes and without a tag: YAML decides what it is. */
  readonly plain: boolean;
}

/** What the eye does not see of a key or value in which something is wrong. `columnOf` gives the column of an offset into its text. */
export function invisibleHint({ text }: Written, columnOf: (offset: number) => number): string | undefined {
  const found = findInvisible(text);
  return found && `${found.name} is at column ${columnOf(found.index)}`;
}

/**
 * What YAML made of a value without quotes: `Off` is false, `010` is 8. Undefined where it is what it looks like.
 * @param takes whether a text would be right there: quotes are advised only where they help
 */
export function turnedHint({ text, plain }: Written, takes: (text: string) => boolean): string | undefined {
  if (!plain || text === '') return undefined;
  const value = plainValue(text);
  if (typeof value === 'string' || value === null || value === undefined || String(value) === text || (typeof value === 'number' && !Number.isFinite(value))) return undefined;
  const made = `YAML reads ${text} as ${typeof value === 'boolean' ? String(value) : `the number ${String(value)}`}`;
  return takes(text) ? `${made}; in quotes it stays "${text}"` : made;
}
