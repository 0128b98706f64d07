import { InvalidRequest } from '../base/errors.js';
import { storedSelector } from '../resources/v1/names.js';
import type { Dialect } from '../resources/kind.js';
import { parseSelector } from '../selector/parse.js';
import { failureSentence } from '../selector/problem.js';
import type { Selector } from '../selector/selector.js';
import { LOG_LEVELS } from './flags.js';

/**
 * Reads the selector of a flag, in the v3 language; labels of the classic dialect have their classic names there.
 * Throws InvalidRequest with the column where it stops being one.
 */
export function readSelector(text: string, dialect: Dialect): Selector {
  const result = parseSelector(text, 'v3');
  if (!result.ok) throw new InvalidRequest(`--selector ${JSON.stringify(text)}: ${failureSentence(result)}`, hintFor(text, result.hint));
  const stored = dialect === 'v1' ? parseSelector(storedSelector(text), 'v3') : result;
  return stored.ok ? stored.selector : result.selector;
}

/** The same of a selector that is an argument, as text with the names that labels have in v3. Throws InvalidRequest with the column where it stops being one. */
export function storedSelectorOf(text: string, dialect: Dialect): string {
  const result = parseSelector(text, 'v3');
  if (!result.ok) throw new InvalidRequest(`${JSON.stringify(text)} is not a selector: ${failureSentence(result)}`, result.hint);
  return dialect === 'v1' ? storedSelector(text) : text;
}

/** A single word behind -l may be meant as a log level. */
function hintFor(text: string, hint: string | undefined): string | undefined {
  return /^[a-z]+$/i.test(text) ? `${hint ?? ''}; the log levels are ${LOG_LEVELS.join(', ')}` : hint;
}
