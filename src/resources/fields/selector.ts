import type { Data } from '../../base/data.js';
import { failureSentence, selectorFailure } from '../../selector/problem.js';
import type { SelectorLanguage } from '../../selector/selector.js';
import { wrongValue, type FieldType } from './field.js';
import { text } from './scalars.js';

export interface SelectorOptions {
  /** What JSON Schema can say of `problem`. */
  readonly json?: Data;
  /** Says what is wrong with a selector that can be read, or undefined. */
  readonly problem?: (selector: string) => string | undefined;
}

/** A selector, kept as it was written. Where it is empty it counts as absent. */
export function selectorText(language: SelectorLanguage, options: SelectorOptions = {}): FieldType<string> {
  const plain = text({ name: 'a selector', ...(options.json === undefined ? {} : { json: options.json }) });
  return {
    ...plain,
    decode(raw, path, to) {
      const value = plain.decode(raw, path, to);
      if (value === undefined || value === '') return value;
      const failure = selectorFailure(value, language);
      if (failure !== undefined) return wrongValue(`this is not a selector: ${failureSentence(failure)}`, path, to, failure.hint);
      const problem = options.problem?.(value);
      return problem === undefined ? value : wrongValue(problem, path, to);
    },
  };
}
