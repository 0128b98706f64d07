import { posix } from 'node:path';
import GithubSlugger from 'github-slugger';
import MarkdownIt, { type Token } from 'markdown-it';
import { anchorLink, block, code, escaped } from './html.js';

/** What a page of Markdown needs to know of the rest. */
export interface Surroundings {
  /** Where the page is in the repository. */
  readonly file: string;
  /** The address, seen from the page, of a file of the repository. */
  addressOf(file: string): string;
  /** What the page of a file is called; undefined where the file is no page. */
  titleOf(file: string): string | undefined;
  /** The address of what a piece of code names, such as a command; undefined where it names none. */
  addressOfCode(text: string): string | undefined;
}

const parser = new MarkdownIt({ html: false });
// What is wider than the page is pushed aside, not the page.
parser.renderer.rules.table_open = () => '<div class="wide"><table>\n';
parser.renderer.rules.table_close = () => '</table></div>\n';
parser.renderer.rules.heading_close = (tokens, at) => {
  const { tag, meta } = tokens[at] as Token;
  return ` ${anchorLink((meta as { anchor: string }).anchor)}</${tag}>\n`;
};
parser.renderer.rules.fence = (tokens, at) => {
  const { info, content } = tokens[at] as Token;
  return info === 'console' ? `<pre class="console"><code>${escaped(content).replaceAll(/^\$ .*$/gm, '<b>$&</b>')}</code></pre>\n` : block(content);
};

/** What a page of Markdown is called, and its HTML. Anchors of headings are those that GitHub gives them. */
export function renderedMarkdown(text: string, surroundings: Surroundings): { readonly title: string; readonly html: string } {
  const tokens = parser.parse(text, {});
  const titles = headingsOf(tokens);
  for (const { open, close, anchor } of titles) {
    open.attrSet('id', anchor);
    close.meta = { anchor };
  }
  for (const { children } of tokens) relink(children ?? [], surroundings);
  return { title: titles[0]?.title ?? '', html: parser.renderer.render(tokens, parser.options, {}) };
}

/** The headings of a page with their anchors. */
function headingsOf(tokens: readonly Token[]): readonly { readonly open: Token; readonly close: Token; readonly title: string; readonly anchor: string }[] {
  const slugger = new GithubSlugger();
  return tokens.flatMap((open, at) => {
    if (open.type !== 'heading_open') return [];
    const title = (tokens[at + 1]?.children ?? []).map(({ type, content }) => (type === 'text' || type === 'code_inline' ? content : type === 'softbreak' ? ' ' : '')).join('');
    return [{ open, close: tokens[at + 2] as Token, title, anchor: slugger.slug(title) }];
  });
}

/** The anchors of a page of Markdown, and where its links and pictures lead. */
export function linksOf(text: string): { readonly anchors: ReadonlySet<string>; readonly links: readonly string[] } {
  const tokens = parser.parse(text, {});
  const links = tokens.flatMap(({ children }) => children ?? []).flatMap((token) => addressIn(token) ?? []);
  return { anchors: new Set(headingsOf(tokens).map(({ anchor }) => anchor)), links };
}

function addressIn(token: Token): string | undefined {
  if (token.type !== 'link_open' && token.type !== 'image') return undefined;
  const address = token.attrGet(ADDRESS[token.type]);
  return address === null ? undefined : String(address);
}

const ADDRESS = { link_open: 'href', image: 'src' } as const;

/** Whether a link leads out of the repository. */
export function leadsOut(link: string): boolean {
  return /^[a-z]+:/i.test(link);
}

/** The file and the anchor that a link in a file means. */
export function meant(file: string, link: string): { readonly file: string; readonly anchor: string } {
  const [path = '', anchor = ''] = link.split('#');
  return { file: path === '' ? file : posix.normalize(posix.join(posix.dirname(file), decodeURI(path))), anchor };
}

/** Links lead to pages of the site and are called what those are, and code that names a command or a kind to its page. */
function relink(children: readonly Token[], { file, addressOf, addressOfCode, titleOf }: Surroundings): void {
  let inLink = false;
  for (const [at, token] of children.entries()) {
    const link = addressIn(token);
    if (link !== undefined && !leadsOut(link)) {
      const to = meant(file, link);
      const words = children[at + 1];
      // A link whose words are the name of a file is one to a page here.
      if (words !== undefined && /^[\w./-]+\.md$/.test(words.content)) words.content = titleOf(to.file) ?? words.content;
      token.attrSet(ADDRESS[token.type as keyof typeof ADDRESS], `${addressOf(to.file)}${to.anchor === '' ? '' : `#${to.anchor}`}`);
    }
    if (token.type === 'link_open') inLink = true;
    if (token.type === 'link_close') inLink = false;
    const address = token.type === 'code_inline' && !inLink ? addressOfCode(token.content) : undefined;
    if (address !== undefined) Object.assign(token, { type: 'html_inline', content: `<a href="${address}">${code(token.content)}</a>` });
  }
}
