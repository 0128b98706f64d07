/** The start and end of one document's text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

const DASH = 45;
/** Left inside a text where files were joined. */
const BYTE_ORDER_MARK = 0xfeff;

/**
 * Finds the documents of a text: each starts at a line `---` (reference/classic 3.2). YAML forbids such a line inside a
 * document, so that every document can be read alone. A line of more dashes separates too, as in the classic tool. Lines
 * before the first separator are a document only if they hold more than comments and directives.
 */
export function* splitDocuments(text: string): Generator<Range> {
  if (text === '') return;
  let start = 0;
  let head: 'blank' | 'directives' | 'content' | 'unread' = startsDocument(text) ? 'content' : 'unread';
  for (const separator of separators(text)) {
    if (separator === 0) continue;
    if (head === 'unread') head = leadingContent(text.slice(0, separator));
    if (head === 'content') yield { start, end: separator };
    if (head !== 'directives') start = separator;
    head = 'content';
  }
  yield { start, end: text.length };
}

/** Whether a document says nothing: a separator, spaces and remarks. */
export function isBlank(text: string, { start, end }: Range): boolean {
  BLANK.lastIndex = start;
  return end - start <= LONGEST_BLANK && BLANK.exec(text) !== null && BLANK.lastIndex >= end;
}

/** As far as spaces and whole-line remarks go; what is longer is left to the parser. */
const BLANK = /(?:---)?(?:[ \t\r\n]|(?<=[ \t\r\n])#[^\r\n]*)*/y;
const LONGEST_BLANK = 1_000;

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

function* separators(text: string): Generator<number> {
  let at = text.indexOf('---');
  while (at !== -1) {
    let after = at + 3;
    while (text.charCodeAt(after) === DASH) after++;
    const start = text.charCodeAt(at - 1) === BYTE_ORDER_MARK ? at - 1 : at;
    if (startsLine(text, start) && endsSeparator(text, after, after - at)) yield start;
    at = text.indexOf('---', after);
  }
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
