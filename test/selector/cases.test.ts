import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { matches } from '../../src/selector/matches.js';
import { parseSelector } from '../../src/selector/parse.js';
import { printSelector } from '../../src/selector/print.js';
import { Scanner } from '../../src/selector/scanner.js';
import type { Token } from '../../src/selector/scanner.js';
import { OPERATOR_TEXT } from '../../src/selector/selector.js';
import type { SelectorLanguage } from '../../src/selector/selector.js';

type Labels = Record<string, string>;

interface ValidCase {
  id: string;
  expr: string;
  canonical: string;
  uid: string;
  match?: Labels[];
  noMatch?: Labels[];
}

interface ClassicCases {
  evaluation: ValidCase[];
  invalid: { id: string; expr: string }[];
  canonicalisation: ValidCase[];
  tokens: { id: string; input: string; tokens: string[][] }[];
  stringSet: { id: string; input: string[] | null; set: string[] }[];
}

type V3Case = { id: string; expr: string } & ({ valid: false } | ({ valid: true } & ValidCase));

const classic = readCases('selector-classic.json') as ClassicCases;
const v3 = readCases('selector-v3.json') as V3Case[];

function readCases(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../cases/${name}`, import.meta.url), 'utf8'));
}

/** The unique id of a selector, made from its canonical text (reference/classic 1.11). */
function idOf(canonical: string): string {
  return `s:${createHash('sha224').update(`s:${canonical}`).digest('base64url')}`;
}

/** What we say of a text, in the shape of a case file: its canonical form, its id and where it is true. */
function verdict(test: ValidCase, text: string, language: SelectorLanguage): unknown {
  const result = parseSelector(text, language);
  if (!result.ok) return result;
  const evaluate = (labels: Labels): boolean => matches(result.selector, labels);
  const canonical = printSelector(result.selector);
  return {
    canonical,
    uid: idOf(canonical),
    match: (test.match ?? []).map(evaluate),
    noMatch: (test.noMatch ?? []).map(evaluate),
  };
}

function expected(test: ValidCase): unknown {
  return {
    canonical: test.canonical,
    uid: test.uid,
    match: (test.match ?? []).map(() => true),
    noMatch: (test.noMatch ?? []).map(() => false),
  };
}

/** The tokens of a classic text as the case file writes them: kind, or kind and value. */
function tokens(text: string): string[][] {
  const scanner = new Scanner(text, 'classic');
  const list: string[][] = [];
  let token: Token;
  do {
    token = scanner.next(list.at(-1)?.[0] === 'label');
    if (token.kind === 'call') {
      const argument = scanner.nextInCall();
      list.push([token.name, argument.kind === 'label' ? argument.value : argument.kind]);
      scanner.nextInCall();
    } else if (token.kind === 'operator') list.push([OPERATOR_TEXT[token.operator]]);
    else if (token.kind === 'label' || token.kind === 'string') list.push([token.kind, token.value]);
    else list.push([token.kind === 'end' ? 'eof' : token.kind]);
  } while (token.kind !== 'end');
  return list;
}

describe('selector cases of the classic tool', () => {
  for (const test of [...classic.evaluation, ...classic.canonicalisation]) {
    it(`${test.id} ${test.expr}`, () => {
      expect(verdict(test, test.expr, 'classic')).to.deep.equal(expected(test));
      expect(verdict(test, test.canonical, 'classic')).to.deep.equal(expected(test));
    });
  }

  for (const { id, expr } of classic.invalid) {
    it(`${id} refuses ${expr}`, () => {
      expect(parseSelector(expr, 'classic').ok).to.equal(false);
    });
  }

  for (const test of classic.tokens) {
    it(`${test.id} cuts ${test.input}`, () => {
      expect(tokens(test.input)).to.deep.equal(test.tokens);
    });
  }

  for (const { id, input, set } of classic.stringSet) {
    it(`${id} makes a set of ${JSON.stringify(input)}`, () => {
      const text = `a in {${(input ?? []).map((value) => `"${value}"`).join(',')}}`;
      expect(parseSelector(text, 'classic')).to.deep.equal({ ok: true, selector: { kind: 'in', label: 'a', values: set } });
    });
  }
});

describe('selector cases of Calico 3.32', () => {
  it('are all here', () => {
    expect([v3.length, v3.filter((test) => test.valid).length]).to.deep.equal([545, 391]);
  });

  for (const test of v3) {
    it(`${test.id} ${test.valid ? 'reads' : 'refuses'} ${test.expr}`, () => {
      if (test.valid) expect(verdict(test, test.expr, 'v3')).to.deep.equal(expected(test));
      else expect(parseSelector(test.expr, 'v3').ok).to.equal(false);
    });
  }
});
