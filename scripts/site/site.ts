import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandNames, type Manifest } from '../build/manifest.js';
import { Refusal } from '../build/refusal.js';
import { manualPages, type ProjectFacts } from '../manual/index.js';
import { CONTENTS, FOLDERS, SHORT, type Section } from './contents.js';
import { block } from './html.js';
import { indexPage } from './index-page.js';
import { kindPages } from './kind-pages.js';
import { laidOut, type Group } from './layout.js';
import { manualSitePages } from './manual-pages.js';
import { renderedMarkdown } from './markdown.js';
import { namesOf } from './names.js';
import { wayTo, type SitePage } from './page.js';

/**
 * Writes the site into a folder: the pages of docs/, and those that are made of what --help, explain and the manual are made of.
 * Returns how many. `root` is the folder of the project, which is built. Throws Refusal where a page of docs/ is in no section, and where a link leads to no file.
 */
export function writeSite(root: string, folder: string): number {
  const groups = groupsOf(root, folder);
  const pages = groups.flatMap((group) => group.pages);
  for (const page of pages) write(join(folder, page.path), laidOut(page, groups));
  write(join(folder, 'style.css'), readFileSync(join(import.meta.dirname, 'style.css'), 'utf8'));
  return pages.length;
}

/** Where a page of the repository is in the site. */
export function placeOf(file: string): string {
  if (file === 'README.md') return 'index.html';
  return `${file.replace(/^docs\//, '').replace(/README\.md$/, 'index.md').replace(/\.md$/, '').toLowerCase()}.html`;
}

function groupsOf(root: string, folder: string): readonly Group[] {
  const listed = new Set(CONTENTS.flatMap(({ pages }) => pages));
  const unlisted = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md') && !listed.has(`docs/${name}`));
  if (unlisted.length > 0) throw new Refusal(`docs/${unlisted.join(', docs/')}: say in scripts/site/contents.ts in which section of the site it is`);
  const sections: readonly Section[] = [...CONTENTS, ...FOLDERS.map(({ title, folder: each }) => ({ title, pages: filesIn(root, each) }))];
  const manifest = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')) as Manifest;
  const manual = manualPages(manifest, JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as ProjectFacts, root);
  const made = { manual: manualSitePages(manual, Object.values(commandNames(manifest))), v1: kindPages('v1'), v3: kindPages('v3'), index: [indexPage(manifest)] };
  const names = namesOf(manifest);
  const files = new Map(sections.flatMap(({ pages }) => pages).map((file) => [file, placeOf(file)]));
  const pageOf = (file: string): SitePage => docPage(file, { root, folder, files, names });
  return sections.map((section) => ({ title: section.title, pages: [...section.pages.map(pageOf), ...(section.made === undefined ? [] : made[section.made])] }));
}

/** The pages of a folder, its overview first. */
function filesIn(root: string, folder: string): readonly string[] {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.md'));
  return names.sort((a, b) => Number(b === 'README.md') - Number(a === 'README.md') || (a < b ? -1 : 1)).map((name) => `${folder}/${name}`);
}

interface Site {
  readonly root: string;
  readonly folder: string;
  /** Files of the repository that are pages, and where. */
  readonly files: ReadonlyMap<string, string>;
  /** The page of what a piece of code names, in a file. */
  readonly names: (code: string, file: string) => string | undefined;
}

function docPage(file: string, { root, folder, files, names }: Site): SitePage {
  const path = placeOf(file);
  const text = readFileSync(join(root, file), 'utf8');
  const short = SHORT[file];
  const named = short === undefined ? {} : { short };
  if (!file.endsWith('.md')) return { path, title: file, ...named, body: `<h1>${file}</h1>\n${block(text)}` };
  const { title, html } = renderedMarkdown(text, {
    file,
    titleOf: (other) => (files.has(other) ? /^# (.*)$/m.exec(readFileSync(join(root, other), 'utf8'))?.[1]?.replaceAll('`', '') : undefined),
    addressOf: (other) => wayTo(path, files.get(other) ?? copied(other)),
    addressOfCode: (code) => {
      const page = names(code, file);
      return page === undefined ? undefined : wayTo(path, page);
    },
  });
  return { path, title, ...named, body: html };

  /** What is linked and is no page, such as a picture, goes into the site as it is. */
  function copied(other: string): string {
    const target = other.replace(/^docs\//, '');
    mkdirSync(dirname(join(folder, target)), { recursive: true });
    try {
      copyFileSync(join(root, other), join(folder, target));
    } catch {
      throw new Refusal(`${file} links to ${other}, which is not there`);
    }
    return target;
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
