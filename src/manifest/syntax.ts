import { negated } from '../resources/hints/old-names.js';
import { findInvisible } from '../text/invisible.js';
import { lineStart } from './events.js';
import { closesNothing, flowProblem } from './flow.js';

/** What is wrong with a document's text, in our words, at an offset of the document. */
export interface SyntaxProblem {
  readonly offset: number;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Reasons of js-yaml that only say that the layout makes no sense; the lines around tell more. */
const LAYOUT = /^(?:bad indentation|can not read a block mapping|expected ':' after|end of the stream or a document)/;
const TAB = 'tab characters must not be used in indentation';
/** A field name with its value right behind the colon. Addresses such as http://a and times are left alone. */
const NO_BLANK = /^(\s*(?:- +)*[A-Za-z][\w-]*:)(?!\/\/)[^\s:]+\s*$/;
/** `!protocol: tcp`, in a line of its own. */
const TAGGED_NAME = /^([ \t]*(?:- +)*)!([A-Za-z]\w*):(?=\s|$)/m;
const QUOTE_IT = 'put the whole value in quotes';

/** Reasons of js-yaml by how they start, and what they mean to somebody who writes manifests. */
const REASONS: readonly (readonly [start: string, message: string, hint?: string])[] = [
  ['null byte', 'a NUL byte: this is not a text file', 'save it as UTF-8 text'],
  ['the stream contains non-printable', 'a control character that YAML does not allow', 'in double quotes it can be written as "\\x07"'],
  ['expected valid JSON character', 'a control character inside quotes', 'in double quotes it can be written as "\\x07"'],
  ['nesting exceeded', 'maps and lists are nested too deeply'],
  ['missed comma', "a ',' is missing between two entries inside brackets"],
  ['expected the node content', 'a value is missing here'],
  ['unidentified alias', 'there is no such anchor: *name repeats what was marked &name before', 'put the value in quotes if it is meant to start with *'],
  ['aliases exceeded', 'the document repeats too many anchors (*name)'],
  ['merge keys exceeded', 'the document merges too many keys (<<)'],
  ['abnormal merge', 'the document merges too many keys (<<)'],
  ['cannot merge', "'<<' can only merge maps"],
  ['object-based map', 'a map or a list cannot be the name of a field', 'put {{ ... }} in quotes if it is meant as text'],
  ['duplicated mapping key', 'a name is given twice'],
  ['null key', 'a field has no name'],
  ['cannot resolve a node', 'the value does not fit the tag (!name) before it', 'put a value that starts with ! in quotes'],
  ['undeclared tag handle', 'a tag (!name!) that is not declared', 'put a value that starts with ! in quotes'],
  ['tag ', 'a tag (!name) with characters that it cannot have', 'put a value that starts with ! in quotes'],
  ['named tag', 'a tag (!name) with characters that it cannot have', 'put a value that starts with ! in quotes'],
  ['unknown escape', 'an unknown escape after \\ in double quotes', 'write \\\\ for the character itself, or use single quotes'],
  ['expected hexadecimal', 'an escape in double quotes with too few hexadecimal digits'],
  ['directives end mark', "a line starting with '%' must be followed by a line '---'"],
  ['a line break is expected', 'the text after | or > must start on the next line'],
  ['a whitespace character is expected', "a space is missing after ':'"],
  ['name of an a', 'a name is missing after & or *', QUOTE_IT],
  ['the document is too large', 'the document is too large: one may have 32 MiB, and a million commas, colons and line ends in all', "split it into several documents with lines '---', or write it as JSON"],
  ['text after the end', "text after the document's end (...)", "start the next document with a line '---'"],
  ['deficient indentation', 'this line must be indented further, or a quote or bracket above is not closed'],
];

/** Explains what js-yaml found wrong at an offset of a document. */
export function explainSyntax(text: string, reason: string, offset: number): SyntaxProblem {
  if (reason === TAB || LAYOUT.test(reason)) return invisibleProblem(text, offset) ?? taggedName(text, offset) ?? flowProblem(text) ?? layoutProblem(text, reason, offset);
  if (reason.startsWith('unexpected end of the')) return unclosed(text, reason);
  const known = REASONS.find(([start]) => reason.startsWith(start));
  // Where it quotes the file, that may be a secret.
  return known ? { offset, message: known[1], hint: known[2] } : { offset, message: reason.split(/ ?(?:"|: |!<)/)[0] ?? reason };
}

/** A name that starts with ! as those of old rules do: YAML takes it for a tag, and then finds no name. The first one up to the line of the offset. */
function taggedName(text: string, offset: number): SyntaxProblem | undefined {
  const [whole, before = '', name = ''] = TAGGED_NAME.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const at = text.indexOf(whole) + before.length;
  return at > offset + lineAt(text, offset).length ? undefined : { offset: at, message: `YAML takes !${name}: for a tag, not for a name`, hint: negatedHint(name) };
}

/** What to write for a name with ! before it, where a value stands behind such a one: `text` is all before the value. */
export function tagHint(text: string): string | undefined {
  const name = /!([A-Za-z]\w*):\s*$/.exec(text)?.[1];
  return name === undefined ? undefined : `YAML takes !${name}: for a tag; ${negatedHint(name)}`;
}

function negatedHint(name: string): string {
  return `write ${negated(name)}: instead`;
}

/** A character that looks like a blank, on the line or the one above, makes no sense of what looks right. */
function invisibleProblem(text: string, offset: number): SyntaxProblem | undefined {
  const start = lineStart(text, offset);
  for (const at of [start, lineAbove(text, start)]) {
    const line = lineAt(text, at);
    const found = findInvisible(line);
    if (!found) continue;
    const inIndentation = line.slice(0, found.index).trim() === '';
    return { offset: at + found.index, message: `${found.name}${inIndentation ? ' in the indentation' : ' where a space belongs'}`, hint: 'replace it with an ordinary space' };
  }
  return undefined;
}

function layoutProblem(text: string, reason: string, offset: number): SyntaxProblem {
  const start = lineStart(text, offset);
  const line = lineAt(text, start);
  const tab = /^ *\t/.exec(line);
  if (tab) return { offset: start + tab[0].length - 1, message: 'a tab in the indentation', hint: 'indent with spaces' };
  const aboveStart = lineAbove(text, start);
  const above = lineAt(text, aboveStart);
  for (const [candidate, at] of [[line, start], [above, aboveStart]] as const) {
    const joined = NO_BLANK.exec(candidate)?.[1];
    if (joined !== undefined) return { offset: at + joined.length, message: "a space is missing after ':'" };
  }
  if (reason.startsWith("expected ':'")) return noColon(line, start);
  if (!reason.startsWith('bad') && !/:(\s|$)|^\s*(?:- |$)/.test(above)) return noColon(above, aboveStart);
  return unexpectedText(text, offset, line.slice(0, offset - start));
}

function noColon(line: string, start: number): SyntaxProblem {
  const indentation = /^\s*/.exec(line)?.[0].length ?? 0;
  const first = line.charAt(indentation);
  if (isClosing(first)) return closesNothing(start + indentation, first);
  return { offset: start + indentation, message: "expected 'name: value'" };
}

function isClosing(character: string): boolean {
  return character === '}' || character === ']';
}

/** Text where none can be; `before` is what stands before it on its line. */
function unexpectedText(text: string, offset: number, before: string): SyntaxProblem {
  const first = text[offset] ?? '';
  if (isClosing(first)) return closesNothing(offset, first);
  if (before.trim() === '') return { offset, message: 'the indentation fits no line above' };
  if (/["']\s*$/.test(before)) return { offset, message: 'text after the closing quote', hint: QUOTE_IT };
  if (first === ':' && !/:\s/.test(before)) return { offset: offset - before.trimStart().length, message: 'the field above already has a value: nothing can be indented below it' };
  if (first === ':') return { offset, message: "a second ': ' on one line", hint: QUOTE_IT };
  if ('@`%'.includes(first)) return { offset, message: `a value cannot start with ${first}`, hint: QUOTE_IT };
  if (/^-(?:\s|$)/.test(text.slice(offset, offset + 2))) return { offset, message: 'a list must start on a line of its own' };
  return { offset, message: 'unexpected text' };
}

/** The document ends inside quotes or brackets: shows where they open. */
function unclosed(text: string, reason: string): SyntaxProblem {
  if (reason.includes('double quoted')) return { offset: openingQuote(text, '"'), message: 'this " is not closed' };
  if (reason.includes('single quoted')) return { offset: openingQuote(text, "'"), message: "this ' is not closed" };
  const offset = openingBracket(text);
  return { offset, message: `this ${text[offset] ?? ''} is not closed` };
}

/** An unclosed quote is the last one that is not escaped: by a backslash, or single quotes by another. */
function openingQuote(text: string, quote: '"' | "'"): number {
  const escape = quote === '"' ? '\\' : quote;
  for (let at = text.lastIndexOf(quote); at !== -1; ) {
    let run = at;
    while (text[run - 1] === escape) run--;
    if ((at - run) % 2 === 0) return quote === '"' ? at : run;
    at = text.lastIndexOf(quote, run - 1);
  }
  return 0;
}

function openingBracket(text: string): number {
  let open = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    const character = text.charAt(at);
    if (character === ']' || character === '}') open++;
    else if ((character === '[' || character === '{') && open-- === 0) return at;
  }
  return 0;
}

function lineAt(text: string, start: number): string {
  return /^[^\r\n]*/.exec(text.slice(start, start + 1_000))?.[0] ?? '';
}

/** Where the nearest line above that is not blank starts, or the line itself. */
function lineAbove(text: string, start: number): number {
  for (let at = start; at > 0; ) {
    at = lineStart(text, text[at - 1] === '\n' && text[at - 2] === '\r' ? at - 2 : at - 1);
    if (lineAt(text, at).trim() !== '') return at;
  }
  return start;
}
