export type TokenKind =
  | 'text' | 'open' | 'close' | 'space' | 'end of text' | 'error'
  | 'keyword' | 'identifier' | 'field' | 'variable' | 'dot' | 'nil' | 'boolean' | 'number' | 'character' | 'string' | 'raw string'
  | 'declare' | 'assign' | 'pipe' | '(' | ')' | 'sign';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offset in the template. */
  readonly position: number;
  /** Counted from 1. */
  readonly line: number;
}

const KEYWORDS = new Set(['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'template', 'with']);
const TERMINATOR = /[ \t\r\n.,|:()]|\}\}|$/y;

/** Signs alone pass for a number here; the parser refuses them. */
const NUMBER = /[+-]?(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?[\d_]+)?)|[+-]/y;

/** The patterns of what may stand in an action, tried in this order. */
const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['declare', /:=/y],
  ['assign', /=/y],
  ['pipe', /\|/y],
  ['string', /"(?:[^"\\\n]|\\[^\n])*"/y],
  ['raw string', /`[^`]*`/y],
  ['character', /'(?:[^'\\\n]|\\[^\n])*'/y],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['number', NUMBER],
  ['field', /\.[\p{L}\p{Nd}_]+/uy],
  ['dot', /\./y],
  ['identifier', /[\p{L}\p{Nd}_]+/uy],
  ['(', /\(/y],
  [')', /\)/y],
];

/** Splits a template into tokens. What cannot be read becomes an `error` token, the last one, whose text is the message. */
export function tokenize(source: string): Token[] {
  return new Lexer(source).run();
}

class Lexer {
  private readonly tokens: Token[] = [];
  private position = 0;
  private line = 1;
  private parentheses = 0;

  constructor(private readonly source: string) {}

  run(): Token[] {
    while (this.textBefore()) {
      if (!this.comment() && !this.action()) return this.tokens;
    }
    if (this.tokens.at(-1)?.kind !== 'error') this.add('end of text', '');
    return this.tokens;
  }

  /** Takes the text before the next action or comment. Returns false at the end of the template. */
  private textBefore(): boolean {
    const found = this.source.indexOf('{{', this.position);
    const end = found < 0 ? this.source.length : found;
    const text = this.source.slice(this.position, end);
    const kept = found >= 0 && this.trimsLeft(found) ? text.replace(/[ \t\r\n]+$/, '') : text;
    if (kept !== '') this.add('text', kept);
    this.skip(text.length - kept.length);
    return found >= 0;
  }

  private trimsLeft(open: number): boolean {
    return /^-[ \t\r\n]/.test(this.source.slice(open + 2, open + 4));
  }

  /** Skips a comment. Returns false where there is none. */
  private comment(): boolean {
    const start = this.trimsLeft(this.position) ? 4 : 2;
    if (!this.source.startsWith('/*', this.position + start)) return false;
    const end = this.source.indexOf('*/', this.position + start);
    if (end < 0) return !this.fail('unclosed comment');
    const close = /^(?:[ \t\r\n]-\}\}[ \t\r\n]*|\}\})/.exec(this.source.slice(end + 2));
    if (close === null) return !this.fail('comment ends before closing delimiter');
    this.skip(end + 2 + close[0].length - this.position);
    return true;
  }

  /** Takes an action with its delimiters. Returns false after an error. */
  private action(): boolean {
    const trims = this.trimsLeft(this.position);
    this.add('open', '{{');
    if (trims) this.skip(1);
    this.parentheses = 0;
    while (this.position < this.source.length) {
      const close = this.match(/[ \t\r\n]-\}\}|\}\}/y);
      if (close !== undefined && this.parentheses === 0) return this.close(close);
      if (close !== undefined) return this.fail('unclosed left paren');
      if (!this.token()) return false;
    }
    return this.fail('unclosed action');
  }

  private close(text: string): boolean {
    if (text.length === 2) {
      this.add('close', text);
      return true;
    }
    this.skip(2);
    this.add('close', '}}');
    this.skip((this.match(/[ \t\r\n]*/y) ?? '').length);
    return true;
  }

  private token(): boolean {
    const space = this.match(/[ \t\r\n]+/y);
    if (space !== undefined) {
      // The last blank before -}} belongs to the delimiter.
      const length = this.source.startsWith('-}}', this.position + space.length) ? space.length - 1 : space.length;
      this.add('space', space.slice(0, length));
      return true;
    }
    for (const [kind, pattern] of PATTERNS) {
      const text = this.match(pattern);
      if (text !== undefined) return this.word(kind, text);
    }
    return this.unreadable();
  }

  private word(kind: TokenKind, text: string): boolean {
    const next = this.position + text.length;
    const following = this.characterAt(next);
    if (kind === 'number' && /[\p{L}\p{Nd}_+-]/u.test(following)) {
      NUMBER.lastIndex = next;
      return this.fail(`bad number syntax: ${JSON.stringify(text + (NUMBER.exec(this.source)?.[0] ?? following))}`);
    }
    if (kind === 'identifier' || kind === 'field' || kind === 'variable') {
      TERMINATOR.lastIndex = next;
      if (!TERMINATOR.test(this.source)) return this.fail(`bad character ${codePoint(following)}`);
    }
    if (kind === '(') this.parentheses += 1;
    if (kind === ')') this.parentheses -= 1;
    if (this.parentheses < 0) return this.fail('unexpected right paren');
    this.add(kind === 'identifier' ? wordKind(text) : kind, text);
    return true;
  }

  private unreadable(): boolean {
    const character = this.characterAt(this.position);
    const messages: Readonly<Record<string, string>> = {
      ':': 'expected :=', '"': 'unterminated quoted string', '`': 'unterminated raw quoted string', "'": 'unterminated character constant',
    };
    const message = messages[character];
    if (message !== undefined) return this.fail(message);
    if (!/[!-~]/.test(character)) return this.fail(`unrecognized character in action: ${codePoint(character)}`);
    this.add('sign', character);
    return true;
  }

  private characterAt(position: number): string {
    const code = this.source.codePointAt(position);
    return code === undefined ? '' : String.fromCodePoint(code);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    return pattern.exec(this.source)?.[0];
  }

  private add(kind: TokenKind, text: string): void {
    this.tokens.push({ kind, text, position: this.position, line: this.line });
    this.skip(text.length);
  }

  private skip(length: number): void {
    for (let index = 0; index < length; index += 1) if (this.source[this.position + index] === '\n') this.line += 1;
    this.position += length;
  }

  /** Ends the tokens with an error. */
  private fail(message: string): false {
    this.add('error', message);
    this.position = this.source.length;
    return false;
  }
}

function wordKind(word: string): TokenKind {
  if (KEYWORDS.has(word)) return 'keyword';
  if (word === 'nil') return 'nil';
  return word === 'true' || word === 'false' ? 'boolean' : 'identifier';
}

/** A character as Go's `%#U` shows it. */
function codePoint(character: string): string {
  const code = character.codePointAt(0) as number;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return /[\p{C}\p{Z}]/u.test(character) ? name : `${name} '${character}'`;
}
