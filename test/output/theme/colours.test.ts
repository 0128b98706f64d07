import { expect } from 'chai';
import { describe, it } from 'mocha';
import { colourLevel, coloursFor, noColours } from '../../../src/output/theme/colours.js';

describe('colourLevel', () => {
  const cases: readonly (readonly [isTerminal: boolean, env: Record<string, string>, level: number])[] = [
    [true, { TERM: 'xterm' }, 1],
    [true, { TERM: 'xterm-256color' }, 2],
    [true, { TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 3],
    [true, {}, 1],
    [true, { TERM: 'dumb', COLORTERM: 'truecolor' }, 0],
    [true, { TERM: 'xterm', NO_COLOR: '1' }, 0],
    [true, { TERM: 'xterm', NO_COLOR: '' }, 1],
    [true, { TERM: 'xterm', NO_COLOR: '1', FORCE_COLOR: '3' }, 0],
    [false, { TERM: 'xterm' }, 0],
    [false, { FORCE_COLOR: '2' }, 2],
    [false, { FORCE_COLOR: 'true' }, 1],
    [true, { TERM: 'xterm', FORCE_COLOR: '0' }, 0],
    [true, { TERM: 'xterm', FORCE_COLOR: 'false' }, 0],
  ];
  for (const [isTerminal, env, level] of cases) {
    it(`is ${level} ${isTerminal ? 'on a terminal' : 'in a pipe'} with ${JSON.stringify(env)}`, () => {
      expect(colourLevel({ isTerminal, env })).to.equal(level);
    });
  }
});

describe('coloursFor', () => {
  it('colours by role on a terminal', async () => {
    const { name, kind, error, warning, hint, good, bad } = await coloursFor({ isTerminal: true, env: { TERM: 'xterm' } });
    expect([name('a'), kind('a'), error('a'), warning('a'), hint('a'), good('a'), bad('a')]).to.deep.equal([
      '\x1b[1ma\x1b[22m', '\x1b[36ma\x1b[39m', '\x1b[31m\x1b[1ma\x1b[22m\x1b[39m', '\x1b[33ma\x1b[39m', '\x1b[2ma\x1b[22m', '\x1b[32ma\x1b[39m', '\x1b[31ma\x1b[39m',
    ]);
  });

  it('leaves text alone in a pipe', async () => {
    expect(await coloursFor({ isTerminal: false, env: {} })).to.equal(noColours);
    expect(Object.values(noColours).map((colour: (text: string) => string) => colour('a'))).to.deep.equal(['a', 'a', 'a', 'a', 'a', 'a', 'a']);
  });
});
