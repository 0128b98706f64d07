import { expect } from 'chai';
import { describe, it } from 'mocha';
import { matches } from '../../src/selector/matches.js';
import { parseSelector } from '../../src/selector/parse.js';
import { printSelector } from '../../src/selector/print.js';
import { usesGlobal } from '../../src/selector/questions.js';
import type { Selector, SelectorLanguage } from '../../src/selector/selector.js';

function parsed(text: string, language: SelectorLanguage = 'v3'): Selector {
  const result = parseSelector(text, language);
  if (!result.ok) throw new Error(`${text}: ${result.message}`);
  return result.selector;
}

/** Text, and what it says in the classic language and in v3; undefined where it is refused. */
const BOTH: [string, string | undefined, string | undefined][] = [
  ['in == "x"', undefined, 'in == "x"'],
  ['notin == "x"', undefined, 'notin == "x"'],
  ['in-use == "x"', undefined, 'in-use == "x"'],
  ['in.x == "x"', undefined, 'in.x == "x"'],
  ['in/x == "x"', undefined, 'in/x == "x"'],
  ['has(in-use)', 'has(in-use)', 'has(in-use)'],
  ['in_x == "x"', 'in_x == "x"', 'in_x == "x"'],
  ['inside == "x"', 'inside == "x"', 'inside == "x"'],
  ['not == "x"', 'not == "x"', 'not == "x"'],
  ['not-in == "x"', 'not-in == "x"', 'not-in == "x"'],
  ['has == "x" && all == "x"', '(has == "x" && all == "x")', '(has == "x" && all == "x")'],
  ['not not in {"x"}', 'not not in {"x"}', 'not not in {"x"}'],
  ['not in {"x"}', undefined, 'not in {"x"}'],
  ['a notin{"x",}', 'a not in {"x"}', 'a not in {"x"}'],
  ['has(\n\f\ra\n)', 'has(a)', undefined],
  ['all(\n)', 'all()', undefined],
  ['a not\nin {}', 'a not in {}', undefined],
  ['a in\n{}', undefined, undefined],
  ['a == "x\ny"', 'a == "x\ny"', 'a == "x\ny"'],
  ['\n', undefined, undefined],
  ['\t ', 'all()', 'all()'],
  ['global()', undefined, 'global()'],
  ['a starts\twith "x"', undefined, 'a starts with "x"'],
  ['a endswith"x"', undefined, 'a ends with "x"'],
  [`${'x'.repeat(512)} == "y"`, `${'x'.repeat(512)} == "y"`, `${'x'.repeat(512)} == "y"`],
];

describe('the two selector languages', () => {
  for (const [text, classic, v3] of BOTH) {
    it(JSON.stringify(text).slice(0, 60), () => {
      const said = (['classic', 'v3'] as const).map((language) => {
        const result = parseSelector(text, language);
        return result.ok ? printSelector(result.selector) : undefined;
      });
      expect(said).to.deep.equal([classic, v3]);
    });
  }
});

describe('questions about global()', () => {
  const texts = ['global()', '(global())', '!!global()', '!global()', 'a == "global()"', 'global == "x"', 'has(a) && (all() || global())', '', 'all()', '!all()'];

  it('finds global() anywhere', () => {
    expect(texts.filter((text) => usesGlobal(parsed(text)))).to.deep.equal(['global()', '(global())', '!!global()', '!global()', 'has(a) && (all() || global())']);
  });
});

describe('matches', () => {
  it('sees only labels that are set, whatever the prototype', () => {
    const bare = Object.assign(Object.create(null) as Record<string, string>, { a: '' });
    const texts = ['has(a)', 'a == ""', 'has(constructor)', 'constructor != "x"', 'toString not in {}', 'a contains ""'];
    const answers = [true, true, false, true, true, true];
    expect(texts.map((text) => matches(parsed(text), bare))).to.deep.equal(answers);
    expect(texts.map((text) => matches(parsed(text), { a: '' }))).to.deep.equal(answers);
  });

  it('sorts sets by UTF-8 bytes', () => {
    expect(printSelector(parsed('a in {"\u{1f600}", "\ufffd", "\ud7ff", "ab", "a", "\u{1f601}", "\ue000"}'))).to.equal(
      'a in {"a", "ab", "\ud7ff", "\ue000", "\ufffd", "\u{1f600}", "\u{1f601}"}',
    );
  });
});
