import type { Expectation } from './expectation.js';
import type { Token } from './scanner.js';
import type { SelectorLanguage } from './selector.js';

/** Where parsing stopped: what should have come, what came, and the label just before an operator was due. */
export interface Stop {
  readonly expectation: Expectation;
  readonly found: Token;
  readonly label?: string | undefined;
}

const OPERATOR_WORDS = ['in', 'not', 'notin', 'contains', 'starts', 'startswith', 'ends', 'endswith'];
const V3_WORDS = OPERATOR_WORDS.slice(3);
const LONGEST_EXAMPLE = 40;
const CALLS = ['has', 'all', 'global'];
const TYPOGRAPHIC_QUOTES = '“”„‟‘’‚‛«»‹›´`';

/** What the writer of a selector probably meant; undefined when nothing is likely. */
export function hintFor(stop: Stop, language: SelectorLanguage): string | undefined {
  const { found } = stop;
  if (found.kind === 'unterminated') return undefined;
  if (found.kind === 'unknown' && stop.expectation !== 'set') return characterHint(found.value);
  switch (stop.expectation) {
    case 'condition':
      return conditionHint(found, language);
    case 'operator':
      return operatorHint(found, stop.label ?? '', language);
    case 'value':
    case 'member':
      return valueHint(found);
    case 'set':
      return found.kind === 'end' ? undefined : 'write a set in braces: {"a", "b"}';
    case 'separator':
      return found.kind === 'string' ? 'commas separate the values of a set' : valueHint(found);
    case 'group':
    case 'end':
      return connectiveHint(found);
    default:
      return undefined;
  }
}

function characterHint(character: string): string | undefined {
  if (character === '=') return 'the comparisons are "==" and "!="';
  if (character === '&' || character === '|') return `write "${character}${character}"`;
  if (TYPOGRAPHIC_QUOTES.includes(character)) return 'use plain quotes, " or \'';
  if (character === '\n' || character === '\r') {
    return 'a selector must be on one line; in YAML, ">-" folds several lines into one without a final line break';
  }
  return /\s/.test(character) ? 'use a plain space' : undefined;
}

function conditionHint(found: Token, language: SelectorLanguage): string | undefined {
  if (found.kind === 'string') return 'the label goes on the left, without quotes';
  if (found.kind === 'call' && language === 'classic') return v3Only('global()');
  if (found.kind !== 'operator' || (found.operator !== 'in' && found.operator !== 'notIn')) return undefined;
  return 'a label that begins like this operator can only be used inside has()';
}

function operatorHint(found: Token, label: string, language: SelectorLanguage): string | undefined {
  if (found.kind === 'label') {
    const word = found.value.toLowerCase();
    if (language === 'classic' && V3_WORDS.includes(word)) return v3Only(`"${word}"`);
    if (word !== found.value && OPERATOR_WORDS.includes(word)) return lowerCase(word);
  }
  const before = label.toLowerCase();
  if (found.kind === '(' && CALLS.includes(before)) {
    return before === label ? `write no space between ${label} and "("` : lowerCase(before);
  }
  if (label === 'all' || (label === 'global' && language === 'v3')) return `write ${label}()`;
  if (before === 'not') return '"not" is written "!"';
  if (found.kind === 'end' || found.kind === ')' || found.kind === '&&' || found.kind === '||') {
    return `has(${label}) tests whether the label exists`;
  }
  return undefined;
}

function valueHint(found: Token): string | undefined {
  if (found.kind !== 'label') return undefined;
  return found.value.length > LONGEST_EXAMPLE ? 'put the value in quotes' : `put the value in quotes: "${found.value}"`;
}

function connectiveHint(found: Token): string | undefined {
  if (found.kind === ',') return '"and" is written "&&"';
  if (found.kind !== 'label') return undefined;
  const word = found.value.toLowerCase();
  if (word === 'and') return '"and" is written "&&"';
  return word === 'or' ? '"or" is written "||"' : undefined;
}

function v3Only(what: string): string {
  return `${what} exists only in the v3 language`;
}

function lowerCase(word: string): string {
  return `keywords are written in lower case: ${word}`;
}
