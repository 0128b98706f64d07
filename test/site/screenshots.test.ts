import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { takeScreenshots } from '../../scripts/screenshots/take.js';
import { terminalPicture } from '../../scripts/screenshots/terminal.js';
import { ROOT } from '../../scripts/support/calicoctl.js';

const FOLDER = join(ROOT, 'docs/images');

describe('the pictures in docs/images', () => {
  it('are what a terminal shows today', async () => {
    const pictures = await takeScreenshots();
    expect(readdirSync(FOLDER).sort()).to.deep.equal([...pictures.keys()].map((name) => `${name}.svg`).sort());
    for (const [name, picture] of pictures) {
      const file = join(FOLDER, `${name}.svg`);
      const kept = existsSync(file) ? readFileSync(file, 'utf8') : '';
      if (process.env['RECORD'] === '1') writeFileSync(file, picture);
      expect(picture, `docs/images/${name}.svg; npm run screenshots makes it anew`).to.equal(kept);
    }
  });

  it('are each shown by a page', () => {
    const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).map((name) => readFileSync(join(ROOT, 'docs', name), 'utf8')).join('');
    for (const name of readdirSync(FOLDER)) expect(pages).to.include(`](images/${name})`);
  });
});

describe('the picture of a terminal', () => {
  const rows = (text: string, columns = 10): readonly string[] => Array.from(terminalPicture(text, columns).matchAll(/<text .*<\/text>/g), ([row]) => row.replaceAll(/ (?:xml:space|textLength|y)="[^"]*"/g, ''));

  it('has weight and colours, which go on until they are ended', () => {
    expect(rows('\x1b[1ma\x1b[22m \x1b[31;1mb\x1b[0mc\r\n\x1b[2md\x1b[22;39m<&')).to.deep.equal([
      '<text><tspan x="16" class="bold">a</tspan><tspan x="32.8" class="bold red">b</tspan><tspan x="41.2">c</tspan></text>',
      '<text><tspan x="16" class="dim">d</tspan><tspan x="24.4">&lt;&amp;</tspan></text>',
    ]);
  });

  it('goes on in the next row where a line is longer than the terminal, and keeps empty ones', () => {
    expect(rows('abc\x1b[32mdefg\r\n\r\nh', 4)).to.deep.equal(['<text><tspan x="16">abc</tspan><tspan x="41.2" class="green">d</tspan></text>', '<text><tspan x="16" class="green">efg</tspan></text>', '<text><tspan x="16" class="green">h</tspan></text>']);
    expect(terminalPicture('a\n\nb', 4)).to.include(' height="103"');
  });

  it('shows nothing that was taken back, and refuses what it does not know', () => {
    expect(rows('\r\x1b[Kreading 10 %\r\x1b[Kdone\r\n')).to.deep.equal(['<text><tspan x="16">done</tspan></text>']);
    expect(() => terminalPicture('a\x1b[5mb', 10)).to.throw('SGR 5 is not known');
    expect(() => terminalPicture('a\x1b[2Jb', 10)).to.throw('this is not known');
  });
});
