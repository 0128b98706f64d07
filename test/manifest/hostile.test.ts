import { expect } from 'chai';
import { describe, it } from 'mocha';
import { toDiagnostics } from '../../src/manifest/manifests.js';
import { policy, read, shown } from './reading.js';

const HEAD = 'apiVersion: v1\nkind: policy\n';

/** Anchors that each repeat the one before ten times. */
function laughs(levels: number): string {
  const lines = Array.from({ length: levels }, (_, level) => `  a${level + 1}: &a${level + 1} [${Array.from({ length: 10 }, () => `*a${level}`).join(', ')}]`);
  return `${HEAD}spec:\n  a0: &a0 lol\n${lines.join('\n')}\n`;
}

function nested(open: string, close: string, levels: number): string {
  return `${HEAD}spec: ${open.repeat(levels)}1${close.repeat(levels)}\n`;
}

function block(levels: number): string {
  return `${HEAD}spec:\n${Array.from({ length: levels }, (_, level) => `${' '.repeat(level + 1)}a:\n`).join('')}`;
}

describe('hostile manifests', function () {
  this.timeout(120_000);

  const refused: [what: string, content: string | Buffer, problem: string][] = [
    ['a YAML bomb', laughs(9), '5:12 the aliases (*name) of the document expand to too much'],
    ['a bomb of long texts', `${HEAD}spec:\n  a: &a ${'x'.repeat(100_000)}\n  b: [${'*a, '.repeat(2_000)}]\n`, '5:7 the aliases (*name) of the document expand to too much'],
    ['10^5 aliases', `${HEAD}spec:\n  a: &a 1\n  b: [${'*a, '.repeat(100_000)}]\n`, '5:40008 the document repeats too many anchors (*name)'],
    ['nesting through aliases', `${HEAD}spec:\n  a0: &a0 x\n${Array.from({ length: 80 }, (_, level) => `  a${level + 1}: &a${level + 1} [*a${level}]\n`).join('')}`, '5:12 maps and lists are nested too deeply'],
    ['a cycle', `${HEAD}spec: &a {b: [*a]}\n`, '3:15 the document contains itself through an alias (*name)'],
    ['10^5 open brackets', nested('[', ']', 100_000), '3:70 maps and lists are nested too deeply'],
    ['10^5 open braces', nested('{a: ', '}', 100_000), '3:256 maps and lists are nested too deeply'],
    ['10^5 brackets of JSON', '['.repeat(100_000) + ']'.repeat(100_000), '1:64 maps and lists are nested too deeply'],
    ['64 levels of JSON', `${'['.repeat(64)}${']'.repeat(64)}`, '1:64 maps and lists are nested too deeply'],
    ['300 levels of blocks', block(300), '66:64 maps and lists are nested too deeply'],
    ['NUL', `${HEAD}spec: {a: b\0}\n`, '3:12 a NUL byte: this is not a text file | save it as UTF-8 text'],
    ['NUL in JSON', '{"apiVersion": "v1\0", "kind": "policy"}', '1:19 a NUL byte: this is not a text file | save it as UTF-8 text'],
    ['an escape character', `${HEAD}spec: {a: \u001b[31m}\n`, '3:11 a control character that YAML does not allow | in double quotes it can be written as "\\x07"'],
    ['a lone surrogate', `${HEAD}spec: {a: "\\ud83d"}\n`, '1:1 an escape is half a character (a lone surrogate)'],
    ['a lone surrogate in JSON', '{"apiVersion": "v1", "kind": "policy", "spec": {"\\uDE00": 1}}', '1:1 an escape is half a character (a lone surrogate)'],
    ['UTF-16 with a mark', Buffer.from(`\uFEFF${HEAD}`, 'utf16le'), '1:1 the file is UTF-16 (little endian), not UTF-8 | save the file as UTF-8'],
    ['UTF-16, big endian', Buffer.from(`\uFEFF${HEAD}`, 'utf16le').swap16(), '1:1 the file is UTF-16 (big endian), not UTF-8 | save the file as UTF-8'],
    ['UTF-16 without a mark', Buffer.from(HEAD, 'utf16le'), '1:1 the file is UTF-16 (little endian), not UTF-8 | save the file as UTF-8'],
    ['a NUL byte', `${HEAD}\0`, '3:1 a NUL byte: this is not a text file | save it as UTF-8 text'],
    ['Latin-1', Buffer.from(`${HEAD}spec: {a: caf\u00e9}\n`, 'latin1'), '3:14 the file is not UTF-8: byte 41 (0xe9) is invalid | save the file as UTF-8'],
    ['Latin-1 behind a mark and a real U+FFFD', Buffer.concat([Buffer.from(`\uFEFF# \u00e9\uFFFD\n`), Buffer.from([0x61, 0xff])]), '2:2 the file is not UTF-8: byte 12 (0xff) is invalid | save the file as UTF-8'],
    ['a character cut off', Buffer.from('# \u20ac').subarray(0, 4), '1:3 the file is not UTF-8: byte 2 (0xe2) is invalid | save the file as UTF-8'],
    ['a document above the limit', `${HEAD}spec: ${'x'.repeat(32 * 1024 * 1024)}\n`, "1:1 the document is too large: one may have 32 MiB, and a million commas, colons and line ends in all | split it into several documents with lines '---', or write it as JSON"],
    ['ten million commas', `[${'a,'.repeat(10_000_000)}]`, "1:1 the document is too large: one may have 32 MiB, and a million commas, colons and line ends in all | split it into several documents with lines '---', or write it as JSON"],
  ];
  for (const [what, content, problem] of refused) {
    it(`refuses ${what}`, () => {
      const { resources, diagnostics } = read(content);
      expect(shown(diagnostics)).to.deep.equal([problem]);
      expect(resources).to.deep.equal([]);
    });
  }

  const accepted: [what: string, content: string][] = [
    ['63 levels of JSON', `{"apiVersion": "v1", "kind": "policy", "spec": ${'['.repeat(62)}${']'.repeat(62)}}`],
    ['63 levels of YAML', nested('[', ']', 61)],
    ['a thousand aliases of a small map', `${HEAD}spec:\n  a: &a {x: 1, y: 2}\n  b: [${'*a, '.repeat(1_000)}]\n`],
    ['a map merged a thousand times', `${HEAD}spec:\n  a: &a {x: 1, y: 2}\n  b:\n${'  - <<: *a\n'.repeat(1_000)}`],
    ['an escaped emoji', `${HEAD}spec: {a: "\\ud83d\\ude00"}\n`],
    ['U+2028, DEL and astral characters', `${HEAD}spec: {a: "\u2028\u007f\u{1F600}"}\n`],
  ];
  for (const [what, content] of accepted) {
    it(`reads ${what}`, () => {
      const { resources, diagnostics } = read(content);
      expect(shown(diagnostics)).to.deep.equal([]);
      expect(resources.length).to.equal(1);
      expect(JSON.stringify(resources[0]?.raw).length).to.be.lessThan(100_000);
    });
  }

  it('stops after a thousand problems of one file', () => {
    const { diagnostics } = read('---\na: 1\n'.repeat(100_000));
    expect(shown(diagnostics.slice(0, 2))).to.deep.equal(['1:1 the resource has no apiVersion and no kind', '3:1 the resource has no apiVersion and no kind'].map((text, index) => text.replace(/^\d+/, String(index * 2 + 2))));
    expect(diagnostics.length).to.equal(1_001);
    expect(shown(diagnostics.slice(-1))).to.deep.equal(['2001:1 too many problems: the rest of the file was not read']);
  });

  it('reads a line of a million dashes, quotes or backslashes', () => {
    for (const character of ['-', '"', "'", '\\', '[', '#', ' ', '\t', '*', '&', '!', '%', '? ', '- ', ': ', '"\\']) {
      const { resources, diagnostics } = read(character.repeat(1_000_000));
      expect(resources).to.deep.equal([]);
      expect(diagnostics.length).to.be.lessThan(2);
    }
  });

  it('explains an error below a million blank lines', () => {
    expect(shown(read(`a: 1${'\n'.repeat(1_000_000)}  b: 2\n`).diagnostics)).to.deep.equal(['1000001:3 the field above already has a value: nothing can be indented below it']);
  });

  it('gives up on a document with too many lines out of their brackets', () => {
    const { diagnostics } = read(`${HEAD}spec: [\n${'1,\n'.repeat(1_000)}]\n`);
    expect(shown(diagnostics)).to.deep.equal(['204:1 this line must be indented further, or a quote or bracket above is not closed']);
  });

  it('locates a problem in every resource of a long file', () => {
    const file = read(Array.from({ length: 2_000 }, (_, index) => policy(`p${index}`)).join('---\n'));
    const problem = { code: 'value', severity: 'error', path: ['metadata', 'name'], message: 'bad' } as const;
    const diagnostics = toDiagnostics({ files: ['a.yaml'], diagnostics: [] }, file.resources.map(({ origin }) => ({ origin, problem })));
    expect(diagnostics.map(({ line, column }) => `${line}:${column}`)).to.deep.equal(file.resources.map((_, index) => `${index * 5 + 4}:9`));
  });
});
