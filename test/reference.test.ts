import { expect } from 'chai';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ROOT } from '../scripts/support/calicoctl.js';

const PLACES = ['src', 'test', 'scripts', 'bin', 'image', 'docs', 'eslint.config.js', 'README.md', 'CHANGELOG.md'];
const REFERENCE = 'docs/reference/';

/** A name in docs/reference, with the numbers that follow it: `reference/storage 3.5, 3.6`. A path or link ends with `.md`. */
const CITATION = /(?<![\w/.-])reference\/([a-z][a-z-]*)(?![\w./-]*\.md)(?: (\d+(?:\.\d+)*(?:, \d+(?:\.\d+)*)*))?/g;
/** Within a file of docs/reference: its own sections. */
const OWN_SECTION = /\bsections? (\d+(?:\.\d+)*)/g;
const HEADING = /^#+ (\d+(?:\.\d+)*) /gm;
/** Names of files outside the repository that were cited once, and the folder they are in. */
const ELSEWHERE = /\b(?:v1-resources|v3-storage|node-dataplane|policy-engine|reliability-libs|performance|demand|style-models)\.md\b|\.\.\/shared\b/g;

const THIS_FILE = 'test/reference.test.ts';

/** Every file of the repository that may cite, by its path, with its text; a comment that goes on in the next line is one line. */
function* textsOf(places: readonly string[]): Generator<readonly [path: string, text: string]> {
  for (const place of places) {
    if (statSync(join(ROOT, place)).isDirectory()) yield* textsOf(readdirSync(join(ROOT, place)).map((name) => `${place}/${name}`));
    else if (place !== THIS_FILE) yield [place, readFileSync(join(ROOT, place), 'utf8').replace(/\n[ \t]*(?:\*|\/\/|#)?[ \t]*/g, ' ')];
  }
}

/** The numbers of all headings of a file of docs/reference, in order; none where there is no such file. */
function numbersIn(name: string): readonly string[] {
  const file = `${name}.md`;
  if (!readdirSync(join(ROOT, REFERENCE)).includes(file)) return [];
  return Array.from(readFileSync(join(ROOT, REFERENCE, file), 'utf8').matchAll(HEADING), ([, number]) => number as string);
}

const NAMES = readdirSync(join(ROOT, REFERENCE)).map((file) => file.replace(/\.md$/, ''));
const SECTIONS = new Map(NAMES.map((name) => [name, numbersIn(name)]));

/** What a text cites of docs/reference, as `name number`; `name` alone where no number follows. */
function citationsIn(text: string): readonly string[] {
  return Array.from(text.matchAll(CITATION), ([, name = '', numbers]) => (numbers === undefined ? [name] : numbers.split(', ').map((number) => `${name} ${number}`))).flat();
}

function isThere(citation: string): boolean {
  const [name = '', number = ''] = citation.split(' ');
  return SECTIONS.get(name)?.includes(number) === true;
}

describe('docs/reference', () => {
  it('has every section that is cited', () => {
    const all = [...textsOf(PLACES)].flatMap(([path, text]) => citationsIn(text).map((citation) => ({ path, citation })));
    expect(all.filter(({ citation }) => !isThere(citation)).map(({ path, citation }) => `${path}: reference/${citation}`)).to.deep.equal([]);
    expect(new Set(all.map(({ citation }) => citation.split(' ')[0])), 'files that somebody cites').to.deep.equal(new Set(NAMES));
  });

  it('has the sections that it refers to itself', () => {
    const missing = [...textsOf([REFERENCE.slice(0, -1)])].flatMap(([path, text]) => {
      const own = numbersIn(path.slice(REFERENCE.length, -'.md'.length));
      return Array.from(text.matchAll(OWN_SECTION), ([, number]) => number as string).filter((number) => !own.includes(number)).map((number) => `${path}: section ${number}`);
    });
    expect(missing).to.deep.equal([]);
  });

  it('has each number once', () => {
    const twice = [...SECTIONS].flatMap(([name, numbers]) => numbers.filter((number, index) => numbers.indexOf(number) !== index).map((number) => `${name} ${number}`));
    expect(twice).to.deep.equal([]);
    expect([...SECTIONS].filter(([, numbers]) => numbers.length === 0), 'files without numbers').to.deep.equal([]);
  });

  it('is all that is cited: nothing outside the repository is', () => {
    const cited = [...textsOf(PLACES)].flatMap(([path, text]) => Array.from(text.matchAll(ELSEWHERE), ([words]) => `${path}: ${words}`));
    expect(cited).to.deep.equal([]);
  });

  it('is searched as people write citations', () => {
    expect(citationsIn('(reference/storage 3.5, 3.6), as in reference/ipam 1; reference/speed')).to.deep.equal(['storage 3.5', 'storage 3.6', 'ipam 1', 'speed']);
    expect(citationsIn('[storage](reference/storage.md), docs/reference/, a/reference/storage 9')).to.deep.equal([]);
  });
});
