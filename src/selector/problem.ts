import { parseSelector } from './parse.js';
import type { SelectorFailure } from './parse.js';
import type { SelectorLanguage } from './selector.js';

/** Thousands of resources share few selectors; both limits only bound the memory the answers keep. */
const MOST_REMEMBERED = 1000;
const LONGEST_REMEMBERED = 1000;

const remembered: Readonly<Record<SelectorLanguage, Map<string, SelectorFailure | undefined>>> = {
  classic: new Map(),
  v3: new Map(),
};

/** What is wrong with the text of a selector, with its position and hint; undefined when nothing is. Remembers answers. */
export function selectorFailure(text: string, language: SelectorLanguage): SelectorFailure | undefined {
  const answers = remembered[language];
  const known = answers.get(text);
  if (known !== undefined || answers.has(text)) return known;
  const result = parseSelector(text, language);
  const failure = result.ok ? undefined : result;
  if (text.length <= LONGEST_REMEMBERED) {
    if (answers.size === MOST_REMEMBERED) answers.clear();
    answers.set(text, failure);
  }
  return failure;
}

/** The same in one sentence: `column 6: expected a string in quotes, found the label b`. */
export function failureSentence({ line, column, message }: SelectorFailure): string {
  return `${line > 1 ? `line ${line}, ` : ''}column ${column}: ${message}`;
}
