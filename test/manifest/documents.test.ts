import { expect } from 'chai';
import { describe, it } from 'mocha';
import { splitDocuments } from '../../src/manifest/split.js';
import { names, policy, read, shown } from './reading.js';

/** The contents of each document, without separator lines. */
function split(text: string): string[] {
  return [...splitDocuments(text)].map(({ start, end }) => text.slice(start, end).replace(/^---[^\n]*\n?/, '').trim());
}

describe('documents of a manifest', () => {
  // Those of v1-values.json `split` that see the end of the data.
  const peer: [id: string, data: string, documents: string[]][] = [
    ['D01', 'foo', ['foo']],
    ['D03', '---', ['']],
    ['D04', '---\n', ['']],
    ['D07', '\n---\n', ['']],
    ['D08', 'abc\n---\ndef', ['abc', 'def']],
    ['D09', 'def', ['def']],
    ['D10', '', []],
  ];
  for (const [id, data, documents] of peer) {
    it(`splits as the classic tool's test ${id}`, () => expect(split(data)).to.deep.equal(documents));
  }

  const files: [what: string, text: string, found: string[]][] = [
    ['a separator between', `${policy('a')}---\n${policy('b')}`, ['a', 'b']],
    ['a separator first and last', `---\n${policy('a')}---\n${policy('b')}---`, ['a', 'b']],
    ['two separators in a row', `${policy('a')}---\n---\n${policy('b')}`, ['a', 'b']],
    ['a comment after the separator', `${policy('a')}--- # next\n${policy('b')}--- `, ['a', 'b']],
    ['a line of many dashes', `${policy('a')}--------\n${policy('b')}---- \n${policy('c')}`, ['a', 'b', 'c']],
    ['a document on the separator line', `${policy('a')}--- {apiVersion: v1, kind: policy, metadata: {name: b}}\n`, ['a', 'b']],
    ['CRLF', `${policy('a')}---\n${policy('b')}`.replaceAll('\n', '\r\n'), ['a', 'b']],
    ['CR alone', `${policy('a')}---\n${policy('b')}`.replaceAll('\n', '\r'), ['a', 'b']],
    ['a byte order mark', `\uFEFF${policy('a')}`, ['a']],
    ['joined files with byte order marks', `\uFEFF---\n${policy('a')}\uFEFF---\n${policy('b')}`, ['a', 'b']],
    ['blank, comment-only and null documents', `# nothing\n---\n\n---\n# here\n---\nnull\n---\n~\n---\n${policy('a')}---\n# end`, ['a']],
    ['directives', `%YAML 1.2\n---\n${policy('a')}---\n${policy('b')}`, ['a', 'b']],
    ['the end marker', `${policy('a')}...\n---\n${policy('b')}...\n# end\n`, ['a', 'b']],
    ['dashes inside a block text', `${policy('a')}spec:\n  x: |\n    ---\n    -----\n  y: a---b # ---\n---\n${policy('b')}`, ['a', 'b']],
    ['JSON documents', '{"apiVersion":"v1","kind":"policy","metadata":{"name":"a"}}\n---\n[{"apiVersion":"v1","kind":"policy","metadata":{"name":"b"}}]', ['a', 'b']],
    ['an empty file', '', []],
    ['only comments', '# a\n\n#b', []],
  ];
  for (const [what, text, found] of files) {
    it(`reads ${what}`, () => {
      const { resources, diagnostics } = read(text);
      expect({ problems: shown(diagnostics), names: names(resources) }).to.deep.equal({ problems: [], names: found });
    });
  }

  it('numbers documents as they are separated, blank ones too', () => {
    const { resources } = read(`# head\n---\n${policy('a')}---\n\n---\n${policy('b')}`);
    expect(resources.map(({ origin }) => origin.source.number)).to.deep.equal([1, 3]);
  });

  it('reads on after a document that is wrong', () => {
    const { resources, diagnostics } = read(`${policy('a')}---\na: [\n---\n${policy('b')}---\nb: {{x}}\n---\n${policy('c')}`);
    expect(names(resources)).to.deep.equal(['a', 'b', 'c']);
    expect(shown(diagnostics)).to.deep.equal([
      '6:4 this [ is not closed',
      "13:5 a map or a list cannot be the name of a field | put {{ ... }} in quotes if it is meant as text",
    ]);
  });

  it('refuses text after the end marker', () => {
    const { resources, diagnostics } = read(`${policy('a')}...\n${policy('b')}`);
    expect(resources).to.deep.equal([]);
    expect(shown(diagnostics)).to.deep.equal(["6:1 text after the document's end (...) | start the next document with a line '---'"]);
  });

  it('reads a million characters of small documents in order', () => {
    const wanted = Array.from({ length: 10_000 }, (_, index) => `p${index}`);
    const { resources, diagnostics } = read(wanted.map(policy).join('---\n'));
    expect(diagnostics).to.deep.equal([]);
    expect(names(resources)).to.deep.equal(wanted);
  });
});
