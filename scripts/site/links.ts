import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { leadsOut, linksOf, meant } from './markdown.js';

/** What is wrong with the links of a site in a folder: a sentence for each that leads to no file or to no anchor, or that loads something from elsewhere. */
export function brokenLinks(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile());
  const texts = new Map(files.filter((name) => name.endsWith('.html')).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  const anchors = new Map(Array.from(texts, ([name, text]) => [name, new Set(Array.from(text.matchAll(/ id="([^"]*)"/g), ([, id]) => unescaped(id as string)))]));
  return Array.from(texts).flatMap(([name, text]) => Array.from(text.matchAll(/<(\w+)[^>]* (href|src)="([^"]*)"/g)).flatMap(([, element, , address = '']) => {
    const link = unescaped(address);
    if (leadsOut(link)) return element === 'a' ? [] : [`${name}: ${link} is loaded from elsewhere`];
    return problemOf(name, link, { has: (file) => files.includes(file), anchors: (file) => anchors.get(file) });
  }));
}

/** The same of the Markdown of the repository, where a page may also link to a folder. */
export function brokenMarkdownLinks(root: string, pages: readonly string[]): readonly string[] {
  const read = new Map(pages.map((page) => [page, linksOf(readFileSync(join(root, page), 'utf8'))]));
  return Array.from(read).flatMap(([page, { links }]) => links.filter((link) => !leadsOut(link)).flatMap((link) => problemOf(page, link, { has: (file) => existsSync(join(root, file)), anchors: (file) => read.get(file)?.anchors })));
}

interface Files {
  has(file: string): boolean;
  /** The anchors of a page; undefined where it is none. */
  anchors(file: string): ReadonlySet<string> | undefined;
}

function problemOf(page: string, link: string, files: Files): readonly string[] {
  const { file, anchor } = meant(page, link);
  if (posix.isAbsolute(file) || !files.has(file)) return [`${page}: ${link} leads to no file`];
  return anchor === '' || files.anchors(file)?.has(decodeURIComponent(anchor)) === true ? [] : [`${page}: ${link} leads to no anchor`];
}

function unescaped(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
