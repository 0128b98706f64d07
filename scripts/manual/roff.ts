import type { ManualPage, Part } from './manual-page.js';

/** Of which release a page is; its date where there is one, so that two builds are the same. */
export interface Edition {
  readonly version: string;
  readonly date: string;
}

/** A manual page in the language of man(7), for groff and mandoc. */
export function roffOf({ name, section, summary, synopsis, sections }: ManualPage, { version, date }: Edition): string {
  const title = [name.toUpperCase(), String(section), date, `calicoctl ${version}`, 'Manual of calicoctl'].map(quoted).join(' ');
  return [
    `.TH ${title}`,
    // Neither justified nor hyphenated: what is typed stays as it is.
    '.nh',
    '.ad l',
    '.SH NAME',
    `${escaped(name)} \\- ${escaped(summary.replace(/\.$/, ''))}`,
    ...(synopsis.length === 0 ? [] : ['.SH SYNOPSIS', ...synopsis.flatMap((each, at) => [...(at === 0 ? [] : ['.br']), term(each)])]),
    ...sections.flatMap((each) => [`.SH ${quoted(each.title)}`, ...each.parts.flatMap((part, at) => partLines(part, at === 0))]),
    '',
  ].join('\n');
}

function partLines(part: Part, isFirst: boolean): readonly string[] {
  switch (part.kind) {
    case 'prose':
      return part.paragraphs.flatMap((each, at) => [...(isFirst && at === 0 ? [] : ['.PP']), line(marked(each))]);
    case 'rows':
      return part.rows.flatMap(({ term: name, text }) => ['.TP', term(name), line(marked(text === '' ? '\u00a0' : text))]);
    case 'lines':
      return [...(isFirst ? [] : ['.PP']), '.nf', ...part.lines.map((each) => line(escaped(each))), '.fi'];
  }
}

/** A term of a list, or a call: what is typed is bold, what stands for something else is slanted. */
function term(text: string): string {
  return line(text.split(/([\s,|[\]]+|\.\.\.)/).map((word) => (/^[A-Z][A-Z0-9_/.:=]*$/.test(word) && !word.includes('_') ? `\\fI${escaped(word)}\\fR` : /^[\w./-]/.test(word) && word !== '...' ? `\\fB${escaped(word)}\\fR` : escaped(word))).join(''));
}

/** A text in which what is typed and names of other pages are bold. */
function marked(text: string): string {
  return text.split(/(`[^`]+`|\bcalicoctl[\w.-]*\(\d\))/).map((piece) => {
    const page = /^(calicoctl[\w.-]*)(\(\d\))$/.exec(piece);
    if (page !== null) return `\\fB${escaped(page[1] as string)}\\fR${page[2] as string}`;
    return piece.startsWith('`') ? `\\fB${escaped(piece.slice(1, -1))}\\fR` : escaped(piece);
  }).join('');
}

/** Text as it is to be seen: a hyphen is one that can be copied, and quotes are what a shell reads. */
function escaped(text: string): string {
  return text.replace(/[\\\-'`^~\u00a0]|[^\x00-\x7f]/g, (char) => ESCAPES[char] ?? `\\[u${(char.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}]`);
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\e', '-': '\\-', "'": '\\(aq', '`': '\\(ga', '^': '\\(ha', '~': '\\(ti', '\u00a0': '\\~' };

/** A line of text: what begins with a point would be a request. */
function line(text: string): string {
  return /^[.']/.test(text) ? `\\&${text}` : text;
}

/** An argument of a macro. */
function quoted(text: string): string {
  return `"${escaped(text).replaceAll('"', '\\(dq')}"`;
}
