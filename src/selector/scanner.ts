import type { SelectorLanguage, SetOperator, ValueOperator } from './selector.js';

type Operator = ValueOperator | SetOperator;

/** A piece of a selector; `start` and `end` are offsets in UTF-16 code units. */
export type Token = Place &
  (
    | { readonly kind: 'operator'; readonly operator: Operator }
    | { readonly kind: 'label' | 'string'; readonly value: string }
    /** The name and its parenthesis: `has(`. */
    | { readonly kind: 'call'; readonly name: CallName }
    /** A character no token begins with. */
    | { readonly kind: 'unknown'; readonly value: string }
    /** A string whose closing quote is missing. */
    | { readonly kind: 'unterminated'; readonly quote: string }
    | { readonly kind: Punctuation | 'end' }
  );

interface Place {
  readonly start: number;
  readonly end: number;
}

export type CallName = 'has' | 'all' | 'global';
type Punctuation = '(' | ')' | '{' | '}' | ',' | '!' | '&&' | '||';

const BLANKS = ' \t';
const WHITE_SPACE = ' \t\n\f\r';

/** Operators made of words. The classic language sees them anywhere, v3 only behind a label. */
const WORDS: Readonly<Record<SelectorLanguage, readonly (readonly [Operator, RegExp])[]>> = {
  classic: [
    ['notIn', /not[ \t\n\f\r]*in\b/y],
    ['in', /in\b/y],
  ],
  v3: [
    ['contains', /contains(?![\w./-])/y],
    ['startsWith', /starts[ \t]*with(?![\w./-])/y],
    ['endsWith', /ends[ \t]*with(?![\w./-])/y],
    ['notIn', /not[ \t]*in(?![\w./-])/y],
    ['in', /in(?![\w./-])/y],
  ],
};

const LABEL = /[\w./-]+/y;

/** Cuts the text of a selector into tokens, one at a time. It never fails: what it does not know is a token too. */
export class Scanner {
  private position = 0;

  constructor(
    private readonly text: string,
    private readonly language: SelectorLanguage,
  ) {}

  /** Takes the next token; `afterLabel` says that the one before was a label, where v3 reads words as operators. */
  next(afterLabel: boolean): Token {
    const start = this.skip(BLANKS);
    return this.take(this.read(start, afterLabel));
  }

  /** Takes the next token between the parentheses of a call, where every word is a label. */
  nextInCall(): Token {
    const start = this.skip(this.language === 'classic' ? WHITE_SPACE : BLANKS);
    return this.take(this.label(start) ?? this.read(start, false));
  }

  private take(token: Token): Token {
    this.position = token.end;
    return token;
  }

  private skip(characters: string): number {
    let position = this.position;
    while (position < this.text.length && characters.includes(this.text.charAt(position))) position++;
    return position;
  }

  private read(start: number, afterLabel: boolean): Token {
    const character = this.text.charAt(start);
    switch (character) {
      case '':
        return { kind: 'end', start, end: start };
      case '(':
      case ')':
      case '{':
      case '}':
      case ',':
        return { kind: character, start, end: start + 1 };
      case '"':
      case "'":
        return this.quoted(start, character);
      case '=':
      case '!':
      case '&':
      case '|':
        return this.sign(start, character);
      default:
        return this.word(start, afterLabel);
    }
  }

  private quoted(start: number, quote: string): Token {
    const close = this.text.indexOf(quote, start + 1);
    if (close < 0) return { kind: 'unterminated', quote, start, end: this.text.length };
    return { kind: 'string', value: this.text.slice(start + 1, close), start, end: close + 1 };
  }

  private sign(start: number, character: string): Token {
    const pair = this.text.slice(start, start + 2);
    const end = start + 2;
    if (pair === '==') return { kind: 'operator', operator: 'equals', start, end };
    if (pair === '!=') return { kind: 'operator', operator: 'notEquals', start, end };
    if (pair === '&&' || pair === '||') return { kind: pair, start, end };
    if (character === '!') return { kind: '!', start, end: start + 1 };
    return { kind: 'unknown', value: character, start, end: start + 1 };
  }

  private word(start: number, afterLabel: boolean): Token {
    if (afterLabel || this.language === 'classic') {
      for (const [operator, pattern] of WORDS[this.language]) {
        const end = matchEnd(pattern, this.text, start);
        if (end > 0) return { kind: 'operator', operator, start, end };
      }
    }
    const label = this.label(start);
    if (label === undefined) {
      const value = String.fromCodePoint(this.text.codePointAt(start) ?? 0);
      return { kind: 'unknown', value, start, end: start + value.length };
    }
    const name = label.value;
    // No space may come before the parenthesis: "has (a)" is a label and a group.
    if (isCallName(name) && this.text.charAt(label.end) === '(') return { kind: 'call', name, start, end: label.end + 1 };
    return label;
  }

  private label(start: number): (Token & { kind: 'label' | 'string' }) | undefined {
    const end = matchEnd(LABEL, this.text, start);
    return end > 0 ? { kind: 'label', value: this.text.slice(start, end), start, end } : undefined;
  }
}

/** Where the pattern's match at this offset ends; 0 when there is none. */
function matchEnd(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : 0;
}

function isCallName(name: string): name is CallName {
  return name === 'has' || name === 'all' || name === 'global';
}
