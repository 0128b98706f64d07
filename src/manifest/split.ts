/** The start and end of one document's text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

const DASH = 45;
/** Left inside a text where files were joined. */
const BYTE_ORDER_MARK = 0xfeff;

/**
 * Finds the documents of a text: each starts at a line `---` (v1-resources.md 3.2). YAML forbids such a line inside a
 * document, so that every document can be read alone. A line of more dashes separates too, as the peer has it. Lines
 * before the first separator are a document only if they hold more than comments and directives.
 */
export function splitDocuments(text: string): Range[] {
  const starts = separators(text);
  if (starts[0] !== 0) starts.unshift(0);
  const ranges = starts.map((start, index) => ({ start, end: starts[index + 1] ?? text.length }));
  const [first, second] = ranges;
  if (first && first.start === first.end) return [];
  if (!first || !second || startsDocument(text)) return ranges;
  const head = leadingContent(text.slice(first.start, first.end));
  if (head === 'content') return ranges;
  return head === 'blank' ? ranges.slice(1) : [{ start: 0, end: second.end }, ...ranges.slice(2)];
}

/** How many characters of a document to pass over because they are a separator YAML does not know: `-----`. */
export function separatorLength(document: string): number {
  return /^-{4,}[ \t]*(?:\r\n?|\n|$)/.exec(document)?.[0].length ?? 0;
}

function leadingContent(text: string): 'blank' | 'directives' | 'content' {
  let found: 'blank' | 'directives' = 'blank';
  for (const match of text.matchAll(/^\uFEFF?[ \t]*([^\s])/gm)) {
    if (match[1] === '#') continue;
    if (match[1] !== '%') return 'content';
    found = 'directives';
  }
  return found;
}

function separators(text: string): number[] {
  const found: number[] = [];
  let at = text.indexOf('---');
  while (at !== -1) {
    let after = at + 3;
    while (text.charCodeAt(after) === DASH) after++;
    const start = text.charCodeAt(at - 1) === BYTE_ORDER_MARK ? at - 1 : at;
    if (startsLine(text, start) && endsSeparator(text, after, after - at)) found.push(start);
    at = text.indexOf('---', after);
  }
  return found;
}

function startsDocument(text: string): boolean {
  return text.startsWith('---') && endsSeparator(text, 3, 3);
}

function startsLine(text: string, at: number): boolean {
  if (at === 0) return true;
  const before = text.charCodeAt(at - 1);
  return before === 10 || before === 13;
}

/** Three dashes need a blank or the end of the line after them; more dashes must be alone on their line. */
function endsSeparator(text: string, after: number, dashes: number): boolean {
  const next = text.charCodeAt(after);
  if (Number.isNaN(next) || next === 10 || next === 13) return true;
  if (next !== 32 && next !== 9) return false;
  if (dashes === 3) return true;
  let at = after;
  while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at++;
  const end = text.charCodeAt(at);
  return Number.isNaN(end) || end === 10 || end === 13;
}
