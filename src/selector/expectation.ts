import type { Token } from './scanner.js';
import { OPERATOR_TEXT } from './selector.js';
import type { SelectorLanguage } from './selector.js';

/** The places in a selector where parsing can stop, by what should have come there. */
export type Expectation = 'condition' | 'operator' | 'value' | 'set' | 'member' | 'separator' | 'label' | 'close' | 'group' | 'end';

const CLIP = 40;

/** What may stand at a place, in words. */
export function expectationText(expectation: Expectation, language: SelectorLanguage): string {
  switch (expectation) {
    case 'condition':
      return language === 'classic' ? 'a label, has(), all(), "!" or "("' : 'a label, has(), all(), global(), "!" or "("';
    case 'operator':
      return language === 'classic'
        ? '"==", "!=", "in" or "not in"'
        : '"==", "!=", "in", "not in", "contains", "starts with" or "ends with"';
    case 'value':
      return 'a string in quotes';
    case 'set':
      return '"{"';
    case 'member':
      return 'a string in quotes or "}"';
    case 'separator':
      return '"," or "}"';
    case 'label':
      return 'a label';
    case 'close':
      return '")"';
    case 'group':
      return '"&&", "||" or ")"';
    case 'end':
      return '"&&", "||" or the end of the selector';
  }
}

/** A token as a message names it. */
export function tokenText(token: Token): string {
  switch (token.kind) {
    case 'end':
    case 'unterminated':
      return 'the end of the selector';
    case 'label':
      return `the label ${clip(token.value)}`;
    case 'string':
      return `the string ${token.value.includes('"') ? `'${clip(token.value)}'` : `"${clip(token.value)}"`}`;
    case 'operator':
      return `the operator "${OPERATOR_TEXT[token.operator]}"`;
    case 'call':
      return `"${token.name}("`;
    case 'unknown':
      return characterText(token.value);
    default:
      return `"${token.kind}"`;
  }
}

function characterText(character: string): string {
  if (character === '\n' || character === '\r') return 'a line break';
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  if (/^[!-~]$/.test(character)) return `"${character}"`;
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character) ? `"${character}" (${code})` : `the character ${code}`;
}

function clip(text: string): string {
  const shown = text.replaceAll(/\s/g, ' ');
  return shown.length > CLIP ? `${shown.slice(0, CLIP)}...` : shown;
}
