import { expect } from 'chai';
import { describe, it } from 'mocha';
import { parseSelector } from '../../src/selector/parse.js';
import { failureSentence, selectorFailure } from '../../src/selector/problem.js';
import type { SelectorLanguage } from '../../src/selector/selector.js';

const CONDITION = { classic: 'a label, has(), all(), "!" or "("', v3: 'a label, has(), all(), global(), "!" or "("' };
const OPERATOR = {
  classic: '"==", "!=", "in" or "not in"',
  v3: '"==", "!=", "in", "not in", "contains", "starts with" or "ends with"',
};
const END = '"&&", "||" or the end of the selector';
const VALUE = 'a string in quotes';
const ONE_LINE = 'a selector must be on one line; in YAML, ">-" folds several lines into one without a final line break';
const LONG = 'x'.repeat(513);

/** Language, text, column (or line and column), what was expected, what was found, hint. */
type Row = [SelectorLanguage, string, number | [number, number], string, string, string?];

const ROWS: Row[] = [
  // Comparisons.
  ['v3', 'a = "b"', 3, OPERATOR.v3, '"="', 'the comparisons are "==" and "!="'],
  ['classic', 'a = "b"', 3, OPERATOR.classic, '"="', 'the comparisons are "==" and "!="'],
  ['v3', 'a === "b"', 5, VALUE, '"="', 'the comparisons are "==" and "!="'],
  ['v3', 'a == b', 6, VALUE, 'the label b', 'put the value in quotes: "b"'],
  ['classic', 'port == 80', 9, VALUE, 'the label 80', 'put the value in quotes: "80"'],
  ['v3', `a == ${'b'.repeat(50)}`, 6, VALUE, `the label ${'b'.repeat(40)}...`, 'put the value in quotes'],
  ['v3', 'a == ', 6, VALUE, 'the end of the selector'],
  ['v3', 'a == == "b"', 6, VALUE, 'the operator "=="'],
  ['v3', '"a" == "b"', 1, CONDITION.v3, 'the string "a"', 'the label goes on the left, without quotes'],
  ['v3', '\'say "a"\' == "b"', 1, CONDITION.v3, "the string 'say \"a\"'", 'the label goes on the left, without quotes'],
  ['v3', 'a "b"', 3, OPERATOR.v3, 'the string "b"'],
  ['v3', 'a == “b”', 6, VALUE, '"“" (U+201C)', 'use plain quotes, " or \''],
  ['classic', '‘a’ == "b"', 1, CONDITION.classic, '"‘" (U+2018)', 'use plain quotes, " or \''],
  ['v3', 'a == "b', 6, 'a closing " for the string that begins here', 'the end of the selector'],
  ['v3', "a in {'b}", 7, "a closing ' for the string that begins here", 'the end of the selector'],
  ['v3', 'a', 2, OPERATOR.v3, 'the end of the selector', 'has(a) tests whether the label exists'],
  ['classic', '!a && b == "c"', 4, OPERATOR.classic, '"&&"', 'has(a) tests whether the label exists'],
  ['v3', `${LONG} == "a"`, 1, 'a label of at most 512 characters', 'one of 513'],
  ['classic', `all() && has( ${LONG} )`, 15, 'a label of at most 512 characters', 'one of 513'],
  // Sets.
  ['v3', 'a in ("b", "c")', 6, '"{"', '"("', 'write a set in braces: {"a", "b"}'],
  ['v3', 'a in ["b"]', 6, '"{"', '"["', 'write a set in braces: {"a", "b"}'],
  ['v3', 'a not in', 9, '"{"', 'the end of the selector'],
  ['v3', 'a in {b}', 7, `${VALUE} or "}"`, 'the label b', 'put the value in quotes: "b"'],
  ['v3', 'a in {"b" "c"}', 11, '"," or "}"', 'the string "c"', 'commas separate the values of a set'],
  ['v3', 'a in {"b", c}', 12, `${VALUE} or "}"`, 'the label c', 'put the value in quotes: "c"'],
  ['v3', 'a in {"b"; "c"}', 10, '"," or "}"', '";"'],
  ['v3', 'a in {,}', 7, `${VALUE} or "}"`, '","'],
  // Connectives.
  ['v3', 'all() & all()', 7, END, '"&"', 'write "&&"'],
  ['v3', '(all() | all())', 8, '"&&", "||" or ")"', '"|"', 'write "||"'],
  ['v3', 'all() and all()', 7, END, 'the label and', '"and" is written "&&"'],
  ['classic', 'all() OR all()', 7, END, 'the label OR', '"or" is written "||"'],
  ['v3', 'a == "b", c == "d"', 9, END, '","', '"and" is written "&&"'],
  ['v3', 'not a == "b"', 5, OPERATOR.v3, 'the label a', '"not" is written "!"'],
  ['classic', 'NOT has(a)', 5, OPERATOR.classic, '"has("', '"not" is written "!"'],
  ['v3', 'all() &&', 9, CONDITION.v3, 'the end of the selector'],
  ['v3', 'has(a) has(b)', 8, END, '"has("'],
  ['v3', 'a == "b" xyz', 10, END, 'the label xyz'],
  ['v3', '()', 2, CONDITION.v3, '")"'],
  ['v3', '(all()', 7, '"&&", "||" or ")"', 'the end of the selector'],
  ['v3', 'all())', 6, END, '")"'],
  // Calls and keywords.
  ['v3', 'HAS(a)', 4, OPERATOR.v3, '"("', 'keywords are written in lower case: has'],
  ['v3', 'has (a)', 5, OPERATOR.v3, '"("', 'write no space between has and "("'],
  ['v3', 'all', 4, OPERATOR.v3, 'the end of the selector', 'write all()'],
  ['v3', 'all(a)', 5, '")"', 'the label a'],
  ['v3', 'has("a")', 5, 'a label', 'the string "a"'],
  ['v3', 'has(a', 6, '")"', 'the end of the selector'],
  ['v3', 'foo(a)', 4, OPERATOR.v3, '"("'],
  ['v3', 'a IN {"b"}', 3, OPERATOR.v3, 'the label IN', 'keywords are written in lower case: in'],
  ['v3', 'a Contains "b"', 3, OPERATOR.v3, 'the label Contains', 'keywords are written in lower case: contains'],
  ['v3', 'a like "b"', 3, OPERATOR.v3, 'the label like'],
  // What only v3 has.
  ['classic', 'a contains "b"', 3, OPERATOR.classic, 'the label contains', '"contains" exists only in the v3 language'],
  ['classic', 'a starts with "b"', 3, OPERATOR.classic, 'the label starts', '"starts" exists only in the v3 language'],
  ['classic', 'a endswith "b"', 3, OPERATOR.classic, 'the label endswith', '"endswith" exists only in the v3 language'],
  ['classic', 'global()', 1, CONDITION.classic, '"global("', 'global() exists only in the v3 language'],
  ['classic', 'in == "b"', 1, CONDITION.classic, 'the operator "in"', 'a label that begins like this operator can only be used inside has()'],
  ['classic', 'notin/x == "b"', 1, CONDITION.classic, 'the operator "not in"', 'a label that begins like this operator can only be used inside has()'],
  // Characters.
  ['v3', 'a\u00a0== "b"', 2, OPERATOR.v3, 'the character U+00A0', 'use a plain space'],
  ['v3', '%', 1, CONDITION.v3, '"%"'],
  ['v3', 'a == "\u{1f600}" && \u{1f600}', 13, CONDITION.v3, '"\u{1f600}" (U+1F600)'],
  ['v3', 'a == "b"\n', 9, END, 'a line break', ONE_LINE],
  ['v3', 'has(\na)', 5, 'a label', 'a line break', ONE_LINE],
  ['classic', 'a == "b\n" && has(\nc) b', [3, 4], END, 'the label b'],
  ['v3', `has(${'a'.repeat(50)}) ${'b'.repeat(50)}`, 57, END, `the label ${'b'.repeat(40)}...`],
];

describe('selector errors', () => {
  for (const [language, text, place, wanted, found, hint] of ROWS) {
    it(`${language}: ${JSON.stringify(text).slice(0, 60)}`, () => {
      const [line, column] = typeof place === 'number' ? [1, place] : place;
      expect(parseSelector(text, language)).to.deep.equal({
        ok: false,
        line,
        column,
        message: `expected ${wanted}, found ${found}`,
        ...(hint === undefined ? {} : { hint }),
      });
    });
  }

  it('refuses nesting that could exhaust the stack', () => {
    const message = 'expected at most 200 nested parentheses, found more';
    expect(parseSelector('('.repeat(100_000), 'v3')).to.deep.equal({ ok: false, line: 1, column: 201, message });
    expect(parseSelector(`${'!('.repeat(100_000)}all()${')'.repeat(100_000)}`, 'classic')).to.deep.equal({ ok: false, line: 1, column: 402, message });
    expect(parseSelector(`${'('.repeat(200)}all()${')'.repeat(200)}`, 'v3')).to.deep.equal({ ok: true, selector: { kind: 'all' } });
  });

  it('reads long texts that are not deep', () => {
    expect(parseSelector(`${'!'.repeat(100_001)}all()`, 'v3')).to.deep.equal({ ok: true, selector: { kind: 'not', operand: { kind: 'all' } } });
    const many = parseSelector(Array.from({ length: 20_000 }, () => '(all())').join(' || '), 'v3');
    expect(many.ok && many.selector.kind === 'or' && many.selector.operands.length).to.equal(20_000);
  });
});

describe('selectorFailure', () => {
  it('says in one sentence where and what', () => {
    const sentences = ['a == b', 'a == "\n" b', 'a == "b"'].map((text) => selectorFailure(text, 'v3')).map((failure) => failure && failureSentence(failure));
    expect(sentences).to.deep.equal(['column 6: expected a string in quotes, found the label b', `line 2, column 3: expected ${END}, found the label b`, undefined]);
  });

  it('remembers the answer for each language apart', () => {
    const first = selectorFailure('a contains "b"', 'classic');
    expect(selectorFailure('a contains "b"', 'classic')).to.equal(first);
    expect(first?.column).to.equal(3);
    expect(selectorFailure('a contains "b"', 'v3')).to.equal(undefined);
    expect(selectorFailure('a contains "b"', 'v3')).to.equal(undefined);
  });

  it('answers the same when it has had to forget', () => {
    const answer = selectorFailure('a ~ "b"', 'v3');
    for (let index = 0; index < 2500; index++) selectorFailure(`a == ${index}`, 'v3');
    expect(selectorFailure('a ~ "b"', 'v3')).to.deep.equal(answer);
    expect(selectorFailure(`a == "${'b'.repeat(2000)}" c`, 'v3')?.column).to.equal(2009);
  });
});
