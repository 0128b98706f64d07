/** The words of a command line as a shell reads them, and how the last one, which is not complete, is written. */
export interface ShellLine {
  readonly words: readonly string[];
  /** The last word, up to the cursor. */
  readonly last: string;
  /** The quote that is open at the cursor. */
  readonly quote: '' | "'" | '"';
  /** How much of the last word the shell keeps: it replaces what is behind its last break or open quote. */
  readonly kept: string;
}

/** A word while it is read. */
interface Reading {
  text: string;
  begun: boolean;
  quote: ShellLine['quote'];
  kept: string;
  /** Whether a quote was closed in it: then nobody can say where the shell begins to replace. */
  closed: boolean;
}

const fresh = (): Reading => ({ text: '', begun: false, quote: '', kept: '', closed: false });

/**
 * Takes a line apart as bash does, up to the cursor. Variables and the like are left as they stand. `breaks` are the characters behind
 * which bash begins to replace (COMP_WORDBREAKS). Undefined where it cannot be completed rightly: in a redirection, or behind a closed quote.
 */
export function readShellLine(line: string, breaks = ''): ShellLine | undefined {
  const words: string[] = [];
  let at = 0;
  let word = fresh();
  for (; at < line.length; at++) {
    const character = line[at] as string;
    if (word.quote !== '') at += inQuotes(word, line, at);
    else if (/[|;&()]/.test(character)) [words.length, word] = [0, fresh()];
    else if (/[<>]/.test(character)) return undefined;
    else if (/\s/.test(character)) {
      if (word.begun) words.push(word.text);
      word = fresh();
    } else at += outside(word, line, at, breaks);
  }
  return word.closed && word.quote === '' ? undefined : { words, last: word.text, quote: word.quote, kept: word.kept };
}

/** Reads a character between quotes; returns how many more belong to it. */
function inQuotes(word: Reading, line: string, at: number): number {
  const character = line[at] as string;
  const next = line[at + 1];
  if (character === word.quote) {
    word.quote = '';
    word.closed = true;
    return 0;
  }
  if (word.quote === '"' && character === '\\' && next !== undefined && '"\\$`'.includes(next)) {
    word.text += next;
    return 1;
  }
  word.text += character;
  return 0;
}

/** The same outside of quotes. */
function outside(word: Reading, line: string, at: number, breaks: string): number {
  const character = line[at] as string;
  word.begun = true;
  if (character === "'" || character === '"') {
    word.quote = character;
    word.kept = word.text;
    return 0;
  }
  const escaped = character === '\\';
  word.text += escaped ? (line[at + 1] ?? '') : character;
  if (!escaped && breaks.includes(character)) word.kept = word.text;
  return escaped ? 1 : 0;
}

/** Text as bash wants it at a place with that quote open; undefined where it cannot be written there. */
export function bashText(text: string, quote: ShellLine['quote']): string | undefined {
  if (quote === "'") return text.replaceAll("'", `'\\''`);
  // In double quotes an exclamation mark may call the history, and a backslash before it would stay.
  if (quote === '"') return text.includes('!') ? undefined : text.replace(/["\\$`]/g, '\\$&');
  return text.replace(/[^\w@%+=:,./-]/gu, (character) => (character.charCodeAt(0) > 0x7f ? character : `\\${character}`));
}
