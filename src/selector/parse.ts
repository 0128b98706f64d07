import { expectationText, tokenText } from './expectation.js';
import type { Expectation } from './expectation.js';
import { hintFor } from './hint.js';
import { Scanner } from './scanner.js';
import type { CallName, Token } from './scanner.js';
import type { Selector, SelectorLanguage } from './selector.js';

/** Why and where a text is not a selector. Lines and columns count from 1, columns in characters. */
export interface SelectorFailure {
  readonly ok: false;
  readonly line: number;
  readonly column: number;
  /** What was expected and what was found. */
  readonly message: string;
  readonly hint?: string;
}

export type SelectorResult = { readonly ok: true; readonly selector: Selector } | SelectorFailure;

const LONGEST_LABEL = 512;

/** Deeper nesting is refused, so that nothing that walks a selector can exhaust the stack. */
const DEEPEST_NESTING = 200;

/**
 * Parses a selector (reference/classic 1.11 for the classic language, reference/storage 3.0 for v3); blank text is all().
 * Takes time linear in the length of the text, and never throws.
 */
export function parseSelector(text: string, language: SelectorLanguage): SelectorResult {
  try {
    return { ok: true, selector: new Parser(text, language).selector() };
  } catch (error) {
    if (!(error instanceof SelectorSyntaxError)) throw error;
    const { message, hint } = error;
    return { ok: false, ...lineAndColumn(text, error.offset), message, ...(hint === undefined ? {} : { hint }) };
  }
}

class SelectorSyntaxError extends Error {
  constructor(
    readonly offset: number,
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

class Parser {
  private readonly scanner: Scanner;
  private token: Token;
  private depth = 0;

  constructor(
    text: string,
    private readonly language: SelectorLanguage,
  ) {
    this.scanner = new Scanner(text, language);
    this.token = this.scanner.next(false);
  }

  selector(): Selector {
    if (this.token.kind === 'end') return { kind: 'all' };
    const selector = this.alternatives();
    if (!this.at('end')) this.fail('end');
    return selector;
  }

  private alternatives(): Selector {
    const first = this.conjunction();
    if (this.token.kind !== '||') return first;
    const operands = [first];
    while (this.accept('||')) operands.push(this.conjunction());
    return { kind: 'or', operands };
  }

  private conjunction(): Selector {
    const first = this.negation();
    if (this.token.kind !== '&&') return first;
    const operands = [first];
    while (this.accept('&&')) operands.push(this.negation());
    return { kind: 'and', operands };
  }

  private negation(): Selector {
    let negated = false;
    while (this.accept('!')) negated = !negated;
    const operand = this.condition();
    return negated ? { kind: 'not', operand } : operand;
  }

  private condition(): Selector {
    const { token } = this;
    if (token.kind === '(') return this.group();
    if (token.kind === 'call' && (token.name !== 'global' || this.language === 'v3')) return this.call(token.name);
    if (token.kind === 'label') return this.comparison(token.value);
    this.fail('condition');
  }

  private group(): Selector {
    if (this.depth === DEEPEST_NESTING) {
      throw new SelectorSyntaxError(this.token.start, `expected at most ${DEEPEST_NESTING} nested parentheses, found more`);
    }
    this.depth++;
    this.advance();
    const selector = this.alternatives();
    if (!this.accept(')')) this.fail('group');
    this.depth--;
    return selector;
  }

  private call(name: CallName): Selector {
    let selector: Selector;
    if (name === 'has') {
      this.token = this.scanner.nextInCall();
      if (this.token.kind !== 'label') this.fail('label');
      selector = { kind: 'has', label: this.checkedLabel(this.token.value) };
    } else {
      selector = { kind: name };
    }
    this.token = this.scanner.nextInCall();
    if (!this.accept(')')) this.fail('close');
    return selector;
  }

  private comparison(text: string): Selector {
    const label = this.checkedLabel(text);
    this.token = this.scanner.next(true);
    if (this.token.kind !== 'operator') this.fail('operator', label);
    const kind = this.token.operator;
    this.advance();
    if (kind === 'in' || kind === 'notIn') return { kind, label, values: this.set() };
    return { kind, label, value: this.string('value') };
  }

  private set(): readonly string[] {
    if (!this.accept('{')) this.fail('set');
    const values = new Set<string>();
    while (!this.accept('}')) {
      values.add(this.string('member'));
      if (!this.accept(',') && !this.at('}')) this.fail('separator');
    }
    return [...values].sort(compareCodePoints);
  }

  private string(expectation: Expectation): string {
    if (this.token.kind !== 'string') this.fail(expectation);
    const { value } = this.token;
    this.advance();
    return value;
  }

  private checkedLabel(label: string): string {
    if (label.length <= LONGEST_LABEL) return label;
    throw new SelectorSyntaxError(this.token.start, `expected a label of at most ${LONGEST_LABEL} characters, found one of ${label.length}`);
  }

  private at(kind: Token['kind']): boolean {
    return this.token.kind === kind;
  }

  private accept(kind: Token['kind']): boolean {
    if (!this.at(kind)) return false;
    this.advance();
    return true;
  }

  private advance(): void {
    this.token = this.scanner.next(false);
  }

  private fail(expectation: Expectation, label?: string): never {
    const found = this.token;
    const expected =
      found.kind === 'unterminated' ? `a closing ${found.quote} for the string that begins here` : expectationText(expectation, this.language);
    const hint = hintFor({ expectation, found, label }, this.language);
    throw new SelectorSyntaxError(found.start, `expected ${expected}, found ${tokenText(found)}`, hint);
  }
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1 };
}

/** Orders texts as their UTF-8 bytes would be ordered: JavaScript's own order puts U+FFFD behind U+1F600. */
function compareCodePoints(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    const difference = utf8Rank(left.charCodeAt(index)) - utf8Rank(right.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Moves the surrogates, which stand for the highest characters, behind all other code units. */
function utf8Rank(codeUnit: number): number {
  if (codeUnit < 0xd800) return codeUnit;
  return codeUnit < 0xe000 ? codeUnit + 0x2000 : codeUnit - 0x800;
}
