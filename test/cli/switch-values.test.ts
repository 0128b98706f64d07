import { expect } from 'chai';
import { describe, it } from 'mocha';
import { switchProblem, switchValues, type FlagShape } from '../../src/cli/switches.js';

const FLAGS: Readonly<Record<string, FlagShape>> = {
  yes: { type: 'boolean', char: 'y' },
  skip: { type: 'boolean', char: 's' },
  all: { type: 'boolean', char: 'A', aliases: ['every'], charAliases: ['a'] },
  filename: { type: 'option', char: 'f' },
  strict: { type: 'option' },
};

/** Command lines and the switches in them that have a value. */
const CASES: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  ['--yes', []],
  ['--yes=false', [['--yes', 'false']]],
  ['a --yes= b', [['--yes', '']]],
  ['--yes=a=b', [['--yes', 'a=b']]],
  ['-y=0', [['-y', '0']]],
  ['-sy=true', [['-y', 'true']]],
  ['-s=1 --yes=x', [['-s', '1'], ['--yes', 'x']]],
  ['--every=t -a=t -A=t', [['--every', 't'], ['-a', 't'], ['-A', 't']]],
  ['--filename --yes=false', [['--yes', 'false']]],
  ['-fs=1', []],
  ['-sfs=1', []],
  ['-f=true --strict=true', []],
  ['--strict true -f false', []],
  ['--unknown=true -x=1 -', []],
  ['--constructor=true', []],
  ['-- --yes=false', []],
];

/** The same where a word behind a switch may be its value. */
const APART: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  ['--yes false', [['--yes', 'false']]],
  ['-sy TRUE', [['-y', 'TRUE']]],
  ['false --yes', []],
  ['--yes web', []],
  ['--strict --yes -- true', []],
];

describe('a switch', () => {
  const values = (line: string, apart: boolean): readonly (readonly string[])[] => switchValues(line.split(' '), FLAGS, apart).map(({ flag, value }) => [flag, value]);
  for (const [line, expected] of CASES) it(`has what value in ${line}`, () => expect(values(line, false)).to.deep.equal(expected));
  for (const [line, expected] of APART) {
    it(`has what value in ${line}, apart`, () => {
      expect(values(line, true)).to.deep.equal(expected);
      expect(values(line, false)).to.deep.equal([]);
    });
  }

  it('with a value comes with what to write instead', () => {
    expect(switchProblem(switchValues(['--yes=T', '-s=F', '--all=client', "--every='"], FLAGS, true))).to.deep.equal({
      message: '--yes takes no value, -s takes no value, --all takes no value, --every takes no value',
      hint: "write --yes; leave out -s=F; write --all, or leave out --all=client; write --every, or leave out '--every='\\'''",
    });
    expect(switchProblem(switchValues(['--yes', 'false'], FLAGS, true)).hint).to.equal('leave out --yes false');
  });
});
