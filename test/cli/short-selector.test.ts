import { expect } from 'chai';
import { describe, it } from 'mocha';
import { withSelectors } from '../../src/cli/short-selector.js';
import type { FlagShape } from '../../src/cli/switches.js';

const FLAGS: Readonly<Record<string, FlagShape>> = {
  selector: { type: 'option' },
  'log-level': { type: 'option', char: 'l' },
  output: { type: 'option', char: 'o' },
  'all-namespaces': { type: 'boolean', char: 'A' },
};

const CASES: readonly (readonly [given: string, want: string])[] = [
  ['-l debug', '-l debug'],
  ['-ldebug', '-ldebug'],
  ['-l=debug', '-l=debug'],
  ['-l app', '--selector=app'],
  ['-lapp', '--selector=app'],
  ['-l=app', '--selector=app'],
  ['-Al app node', '-A --selector=app node'],
  ['-A -l debug -l app', '-A -l debug --selector=app'],
  ['-o -l app', '-o -l app'],
  ['--output -l app', '--output -l app'],
  ['--output=x -l app', '--output=x --selector=app'],
  ['-oyaml -l app', '-oyaml --selector=app'],
  ['-- -l app', '-- -l app'],
  ['--log-level app', '--log-level app'],
  ['-l', '-l'],
  ['-x app', '-x app'],
];

describe('withSelectors', () => {
  for (const [given, want] of CASES) it(`${given} is ${want}`, () => expect(withSelectors(given.split(' '), FLAGS)).to.deep.equal(want.split(' ')));

  it('leaves a command without selectors alone', () => {
    const { selector: _, ...others } = FLAGS;
    expect(withSelectors(['-l', 'app'], others)).to.deep.equal(['-l', 'app']);
  });
});
