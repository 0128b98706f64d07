import { tokenize, type Token, type TokenKind } from './lexer.js';

/** What messages call the template. */
export const TEMPLATE_NAME = 'get';

/** A template that cannot be read. */
export class TemplateSyntaxError extends Error {
  constructor(message: string, readonly line: number) {
    super(message);
    this.name = 'TemplateSyntaxError';
  }
}

/** The tokens of a template, taken one by one. */
export class Cursor {
  private readonly tokens: readonly Token[];
  protected index = 0;
  /** The line of the action being read. */
  protected actionLine: number | undefined;

  constructor(protected readonly source: string) {
    this.tokens = tokenize(source);
  }

  protected peek(): Token {
    return this.tokens[Math.min(this.index, this.tokens.length - 1)] as Token;
  }

  protected take(): Token {
    const token = this.peek();
    this.index += 1;
    return token;
  }

  protected takeSpace(): void {
    while (this.peek().kind === 'space') this.index += 1;
  }

  protected takeAfterSpace(): Token {
    this.takeSpace();
    return this.take();
  }

  protected nextIsKeyword(word: string): boolean {
    this.takeSpace();
    return this.peek().kind === 'keyword' && this.peek().text === word;
  }

  protected expect(kind: TokenKind, context: string): void {
    const token = this.takeAfterSpace();
    if (token.kind !== kind) this.unexpected(token, context);
  }

  protected unexpected(token: Token, context: string): never {
    if (token.kind !== 'error') this.fail(`unexpected ${tokenText(token)} in ${context}`);
    const started = this.actionLine === undefined || this.actionLine === token.line ? '' : ` started at ${TEMPLATE_NAME}:${this.actionLine}`;
    return this.fail(token.text + (started === '' || token.text.endsWith(' action') ? started : ` in action${started}`));
  }

  protected fail(message: string): never {
    const last = this.tokens[Math.min(Math.max(this.index - 1, 0), this.tokens.length - 1)] as Token;
    throw new TemplateSyntaxError(message, last.line);
  }
}

function tokenText({ kind, text }: Token): string {
  if (kind === 'end of text') return 'EOF';
  if (kind === 'keyword' || kind === 'dot' || kind === 'nil') return `<${text}>`;
  return text.length > 10 ? `${JSON.stringify(text.slice(0, 10))}...` : JSON.stringify(text);
}
