import { expect } from 'chai';
import { describe, it } from 'mocha';
import { goRegexpProblem } from '../../src/go/regexp.js';

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
});
