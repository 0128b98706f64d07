import { stringValue } from '../template/literals.js';
import { JsonPathError } from './steps.js';

/** A place in the text of an expression that moves on. */
export class Scanner {
  at = 0;

  constructor(readonly text: string) {}

  get next(): string {
    return this.text.charAt(this.at);
  }

  get atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Moves behind a text that stands here; false where another does. */
  accept(text: string): boolean {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** Moves behind what matches here (a sticky expression) and returns it; undefined where nothing does. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  skipBlanks(): void {
    this.take(/\s*/y);
  }

  /** A text in quotes of either kind, with Go's escapes. Throws JsonPathError where it does not end, or an escape is none. */
  quoted(): string {
    const start = this.at;
    const quote = this.next;
    const literal = this.take(quote === '"' ? /"(?:[^"\\]|\\[^])*"/y : /'(?:[^'\\]|\\[^])*'/y);
    if (literal === undefined) throw new JsonPathError(start, `expected a closing ${quote} for the text that begins here`);
    // Go's literals may not escape the quote that does not end them.
    const body = literal.slice(1, -1).replace(/\\'|(\\[^])|"/g, (found: string, other: string | undefined) => (found === "\\'" ? "'" : found === '"' ? '\\"' : (other ?? found)));
    const value = stringValue(`"${body}"`);
    if (value === undefined) throw new JsonPathError(start, `${literal} holds an escape that there is not`, 'known are \\n, \\t, \\\\, \\" and \\u00e9');
    return value;
  }

  /** What stands here, for a message. */
  found(): string {
    if (this.atEnd) return 'the end';
    return `"${String.fromCodePoint(this.text.codePointAt(this.at) as number)}"`;
  }
}
