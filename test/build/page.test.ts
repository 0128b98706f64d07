import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { PATCHES } from '../../scripts/build/patches.js';
import { ROOT } from '../../scripts/support/calicoctl.js';
import { BUNDLES } from '../../src/cli/build-facts.js';

/** The words in the first column of the tables under a heading of docs/build.md. */
function rowsUnder(heading: string): string[] {
  const page = readFileSync(join(ROOT, 'docs/build.md'), 'utf8');
  const section = page.slice(page.indexOf(`## ${heading}`) + 1).split('\n## ')[0] ?? '';
  return Array.from(section.matchAll(/^\| `([\w-]+)` \|/gm), ([, word = '']) => word);
}

describe('docs/build.md', () => {
  it('tells of every bundle', () => {
    expect(rowsUnder('2 Bundles')).to.deep.equal([...BUNDLES]);
  });

  it('tells of every patch', () => {
    expect(rowsUnder('4 Patches')).to.have.members(PATCHES.map(({ name }) => name));
  });
});
