import { expect } from 'chai';
import { describe, it } from 'mocha';
import { goRegexp, goRegexpProblem } from '../../src/go/regexp.js';

describe('regular expressions of Go', () => {
  for (const value of ['', 'eth.*', '^(?i)eth[[:digit:]]+$', '(?P<name>a)|b', '\\bens\\d+\\z', 'a{2,3}', '\\.', '(?i:ETH)', '\\Qa.b\\E']) {
    it(`accepts ${value}`, () => expect(goRegexpProblem(value)).to.equal(undefined));
  }
  const refused: [string, string][] = [
    ['*', '/*/: Nothing to repeat'],
    ['(', '/(/: Unterminated group'],
    ['[', '/[/: Unterminated character class'],
    ['(?<!a)b', 'look-around is not supported'],
    ['(a)\\1', '\\1 is not supported'],
    ['\\c', '\\c is not supported'],
  ];
  for (const [value, problem] of refused) {
    it(`refuses ${value}`, () => expect(goRegexpProblem(value)).to.equal(problem));
  }

  it('finds what Go would find', () => {
    const finds = (expression: string, text: string): boolean | undefined => goRegexp(expression)?.test(text);
    expect([finds('eth', 'veth0'), finds('^eth', 'veth0'), finds('(?i)ETH0', 'eth0'), finds('\\Aeth0\\z', 'eth0'), finds('\\Aeth0\\z', 'eth01')]).to.deep.equal([true, false, true, true, false]);
    expect([finds('^[[:alpha:]_]+$', 'a_b'), finds('^[[:alpha:]]+$', 'a1'), finds('(?P<a>en)s[[:digit:]]', 'ens3'), finds('a\\[:alpha:]', 'a[:')]).to.deep.equal([true, false, true, false]);
  });

  it('has none of those that only Go can read', () => {
    for (const expression of ['(?U)eth.*', '(?i:ETH)', '[[:^alpha:]]', '\\pL', '\\Qa.b\\E', '(?m)\\Aeth', '(']) expect(goRegexp(expression), expression).to.equal(undefined);
  });
});
