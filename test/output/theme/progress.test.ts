import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ProgressLine } from '../../../src/output/theme/progress.js';

/** A line, what was written to it, and a clock that is set by hand. */
function lineAt(): { line: ProgressLine; written: string[]; clock: { now: number } } {
  const written: string[] = [];
  const clock = { now: 5000 };
  return { line: new ProgressLine((text) => written.push(text), () => clock.now), written, clock };
}

describe('a line of progress', () => {
  it('shows nothing in the first second', () => {
    const { line, written, clock } = lineAt();
    line.show('one');
    clock.now = 5999;
    line.show('two');
    line.clear();
    expect(written).to.deep.equal([]);
  });

  it('shows a text in place of the one before, ten times a second at most', () => {
    const { line, written, clock } = lineAt();
    for (const [now, text] of [[6000, 'a'], [6001, 'b'], [6099, 'c'], [6100, 'd']] as const) {
      clock.now = now;
      line.show(text);
    }
    expect(written).to.deep.equal(['\r\x1b[Ka', '\r\x1b[Kd']);
  });

  it('goes when something else is to be written, once', () => {
    const { line, written, clock } = lineAt();
    clock.now = 7000;
    line.show('a');
    line.clear();
    line.clear();
    line.show('b');
    expect(written).to.deep.equal(['\r\x1b[Ka', '\r\x1b[K', '\r\x1b[Kb']);
  });
});
