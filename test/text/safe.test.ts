import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { safe, safeText } from '../../src/text/safe.js';
import { columnsOf } from '../../src/text/width.js';
import { propertyRuns } from '../support/runs.js';

describe('safe', () => {
  for (const [text, shown] of [
    ['plain é 日本 😀', 'plain é 日本 😀'],
    ['\x1b[31mred', '\\x1b[31mred'],
    ['a\nb\tc\rd\0', 'a\\nb\\tc\\rd\\x00'],
    ['\x07\x7f\x85\x9b', '\\x07\\x7f\\x85\\x9b'],
    ['\u202eevil\u2066', '\\u{202e}evil\\u{2066}'],
    ['zero\u200bwidth\ufeff', 'zero\\u{200b}width\\u{feff}'],
    ['soft\u00adhyphen, vowel\u180eseparator, tag\u{e0041}', 'soft\\xadhyphen, vowel\\u{180e}separator, tag\\u{e0041}'],
    ['half \ud800 pair \udc00', 'half \\u{d800} pair \\u{dc00}'],
  ] as const) {
    it(`shows ${JSON.stringify(text)}`, () => expect(safe(text)).to.equal(shown));
  }

  it('leaves nothing that moves the cursor, hides or reorders text', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.nat(0x3000).map((code) => String.fromCharCode(code)) }));
    fc.assert(fc.property(text, (original) => {
      expect(safe(original)).to.match(/^[^\p{Cc}\p{Cs}\p{Bidi_Control}\u200b\u2028\u2029\ufeff\u00ad\u2060-\u2064\u180e\u{e0000}-\u{e007f}]*$/u);
    }), propertyRuns());
  }).timeout(900_000);
});

describe('safeText', () => {
  it('escapes what a terminal would act on, and nothing else', () => {
    expect(safeText('{\n  "é\u009b": "\x7f\u202e日本 😀\ufeff"\n}\n')).to.equal('{\n  "é\\u009b": "\\u007f\\u202e日本 😀\\ufeff"\n}\n');
    expect(safeText('a\tb\n\x1b[31m\r\u{e0041}\xad')).to.equal('a\tb\n\\u001b[31m\\u000d\\udb40\\udc41\\u00ad');
  });

  it('says the same in JSON', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (original) => {
      expect(JSON.parse(safeText(JSON.stringify({ [original]: original }, undefined, 2)))).to.deep.equal({ [original]: original });
    }), propertyRuns());
  }).timeout(900_000);
});

describe('columnsOf', () => {
  it('counts the columns of a terminal', () => {
    expect(['', 'abc', 'é', 'e\u0301', '日本語', '😀', 'ｱ', '한글'].map(columnsOf)).to.deep.equal([0, 3, 1, 1, 6, 2, 1, 4]);
  });
});
