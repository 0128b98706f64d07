import type { Hint, NameOption } from '../../base/errors.js';

/** Options that people know by a letter. */
const LETTERS: Readonly<Record<string, string>> = { recursive: '-R' };

/** An option as it is given on the command line: `--force`, `--node-image=NAME`. */
export const optionAsFlag: NameOption = (option, value) => (LETTERS[option] ?? `--${option}`) + (value === undefined ? '' : `=${value}`);

/** A hint in the words of the command line; undefined where there is none. */
export function hintText(hint: Hint | undefined): string | undefined {
  return typeof hint === 'function' ? hint(optionAsFlag) : hint;
}
