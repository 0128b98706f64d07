import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { after, before, describe, it } from 'mocha';
import type { Manifest } from '../../scripts/build/manifest.js';
import { Refusal } from '../../scripts/build/refusal.js';
import { brokenLinks, brokenMarkdownLinks } from '../../scripts/site/links.js';
import { namesOf } from '../../scripts/site/names.js';
import { renderedMarkdown } from '../../scripts/site/markdown.js';
import { writeSite } from '../../scripts/site/site.js';
import { ROOT } from '../../scripts/support/calicoctl.js';
import { explainPath, type Explained } from '../../src/objects/explain.js';
import { CLASSIC_KINDS, STORED_KINDS } from '../../src/resources/registry.js';
import { kindPath } from '../../scripts/site/kind-pages.js';

const { commands } = JSON.parse(readFileSync(join(ROOT, 'oclif.manifest.json'), 'utf8')) as Manifest;
const PAGES = ['README.md', 'CHANGELOG.md', ...(readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];

describe('the site', () => {
  let folder: string;
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-site-'));
    writeSite(ROOT, folder);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('has no link that leads nowhere, and loads nothing from elsewhere', () => {
    expect(brokenLinks(folder)).to.deep.equal([]);
  });

  it('has a page for each command, and for each field of each kind its place and what explain says', () => {
    for (const id of Object.keys(commands)) expect(read(`manual/calicoctl-${id.replaceAll(':', '-')}.1.html`)).to.include(`<h1>calicoctl ${id.replaceAll(':', ' ')}</h1>`);
    const placesOf = ({ path, fields = [] }: Explained): string[] => [path, ...fields.flatMap(placesOf)];
    for (const kind of [...CLASSIC_KINDS, ...STORED_KINDS]) {
      const page = read(kindPath(kind));
      expect(Array.from(page.matchAll(/<dt id="([^"]*)"/g), ([, id]) => id)).to.deep.equal(placesOf(explainPath(kind, [], Infinity)).slice(1));
    }
    expect(read('classic/policy.html')).to.include('<p>The protocol that the packet has to be of, by name or number. Default: every protocol. Allowed: 1 to 255. Example: <code>protocol: tcp</code></p>');
  });

  it('has an index of fields and flags', () => {
    const index = read('fields-and-flags.html');
    expect(index).to.include('<dt><code>doNotTrack</code></dt>\n<dd><a href="classic/policy.html#spec.doNotTrack">policy.spec.doNotTrack</a>, <a href="v3/GlobalNetworkPolicy.html#spec.doNotTrack">');
    expect(index).to.include('<dt><code>--plan-out</code></dt>\n<dd><a href="manual/calicoctl-apply.1.html">apply</a></dd>');
  });

  it('needs no script, and is the same twice', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(folder, name)).isFile());
    expect(files.filter((name) => name.endsWith('.html') && /<script|javascript:/i.test(read(name)))).to.deep.equal([]);
    const again = mkdtempSync(join(tmpdir(), 'calicoctl-site-'));
    try {
      writeSite(ROOT, again);
      for (const name of files) expect(readFileSync(join(again, name)).equals(readFileSync(join(folder, name))), name).to.equal(true);
    } finally {
      rmSync(again, { recursive: true });
    }
  });
});

describe('links between pages of Markdown', () => {
  it('lead to files and anchors that are there', () => {
    expect(brokenMarkdownLinks(ROOT, PAGES)).to.deep.equal([]);
  });

  it('that lead nowhere are found, in Markdown and in a site', () => {
    const folder = mkdtempSync(join(tmpdir(), 'calicoctl-links-'));
    try {
      writeFileSync(join(folder, 'a.md'), '# A page\n\n[b](b.md#two-words) [own](#a-page) [no](b.md#none) [gone](c.md) ![no](c.svg) [out](https://example.org/)\n');
      writeFileSync(join(folder, 'b.md'), '# `Two` words\n');
      expect(brokenMarkdownLinks(folder, ['a.md', 'b.md'])).to.deep.equal(['a.md: b.md#none leads to no anchor', 'a.md: c.md leads to no file', 'a.md: c.svg leads to no file']);
      mkdirSync(join(folder, 'in'));
      writeFileSync(join(folder, 'in/a.html'), '<a class="x" href="../b.html#b&amp;c">b</a><a href="../b.html#c">c</a><a href="b.html">d</a><img src="https://example.org/x.svg"><a href="https://example.org/">e</a>');
      writeFileSync(join(folder, 'b.html'), '<p id="b&amp;c"></p>');
      expect(brokenLinks(folder)).to.deep.equal(['in/a.html: ../b.html#c leads to no anchor', 'in/a.html: b.html leads to no file', 'in/a.html: https://example.org/x.svg is loaded from elsewhere']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a page of Markdown', () => {
  const rendered = (text: string): string => renderedMarkdown(text, { file: 'docs/commands.md', addressOf: (file) => `<${file}>`, titleOf: (file) => (file === 'docs/time.md' ? 'Back in time' : undefined), addressOfCode: (code) => namesOf({ commands, version: '' })(code, 'docs/commands.md') }).html;

  it('leads to files of the repository, from where it is', () => {
    expect(rendered('[a](../README.md#b) ![c](d.svg) [e](https://example.org)')).to.equal('<p><a href="&lt;README.md&gt;#b">a</a> <img src="&lt;docs/d.svg&gt;" alt="c"> <a href="https://example.org">e</a></p>\n');
  });

  it('calls pages by their titles where it named their files', () => {
    expect(rendered('[docs/time.md](time.md#a) [time](time.md) [docs/b.md](b.md)')).to.equal('<p><a href="&lt;docs/time.md&gt;#a">Back in time</a> <a href="&lt;docs/time.md&gt;">time</a> <a href="&lt;docs/b.md&gt;">docs/b.md</a></p>\n');
  });

  it('leads to the pages of commands that it names, by any of their words, but within no other link', () => {
    expect(rendered('`calicoctl ipam show --ip` `get -f` `datastore migrate lock|unlock` `-f` `constructor` [`get`](a.md)')).to.equal('<p><a href="manual/calicoctl-ipam-show.1.html"><code>calicoctl ipam show --ip</code></a> <a href="manual/calicoctl-get.1.html"><code>get -f</code></a> <a href="manual/calicoctl-datastore-migrate-lock.1.html"><code>datastore migrate lock|unlock</code></a> <code>-f</code> <code>constructor</code> <a href="&lt;docs/a.md&gt;"><code>get</code></a></p>\n');
  });

  it('keeps HTML as text', () => {
    expect(rendered('<script>alert(1)</script>\n\n```console\n$ a <b>\nc\n```')).to.equal('<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n<pre class="console"><code><b>$ a &lt;b&gt;</b>\nc\n</code></pre>\n');
  });
});

describe('making the site', () => {
  it('is refused, with what to do, where a page is in no section', () => {
    const root = mkdtempSync(join(tmpdir(), 'calicoctl-site-'));
    try {
      mkdirSync(join(root, 'docs'));
      writeFileSync(join(root, 'docs/new.md'), '# New\n');
      expect(() => writeSite(root, join(root, 'site'))).to.throw(Refusal, 'docs/new.md: say in scripts/site/contents.ts in which section of the site it is');
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
