import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ROOT } from '../scripts/support/calicoctl.js';

/** Where files of the repository are named. What a change log names may be gone since. */
const PLACES = ['src', 'scripts', 'test', 'docs', 'README.md', 'eslint.config.js', 'eslint.rooms.js'];
/** A source file in a sentence: `objects/view.ts`, `(meaning.ts)`. A pattern such as `*.test.ts` names none. */
const NAMED = /(?<![\w./*{}$'-])(?:[\w-]+\/)*[\w-]+(?:\.test)?\.ts\b/g;
const RECORDED = 'test/cases';

function* filesIn(places: readonly string[]): Generator<string> {
  for (const place of places) {
    if (place === RECORDED) continue;
    if (statSync(join(ROOT, place)).isDirectory()) yield* filesIn(readdirSync(join(ROOT, place)).map((name) => `${place}/${name}`));
    else yield place;
  }
}

describe('files that comments, tests and docs name', () => {
  it('are there', () => {
    const files = [...filesIn(PLACES)];
    const known = new Set(files.flatMap((path) => path.split('/').map((_, at, parts) => parts.slice(at).join('/'))));
    const own = 'test/named-files.test.ts';
    const missing = files.filter((path) => path !== own).flatMap((path) => Array.from(readFileSync(join(ROOT, path), 'utf8').matchAll(NAMED), ([name]) => name).filter((name) => !known.has(name)).map((name) => `${path}: ${name}`));
    expect(missing).to.deep.equal([]);
  });
});

describe('files that git keeps', () => {
  const kept = (...words: string[]): readonly string[] => execFileSync('git', ['ls-files', ...words], { cwd: ROOT, encoding: 'utf8' }).split('\n').filter((line) => line !== '');

  it('are none that are ignored, and no links: one from a folder of somebody else replaced node_modules in every clone', () => {
    expect(kept('--stage').length).to.be.greaterThan(0);
    expect(kept('--cached', '--ignored', '--exclude-standard')).to.deep.equal([]);
    expect(kept('--stage').filter((line) => line.startsWith('120000'))).to.deep.equal([]);
  });
});
