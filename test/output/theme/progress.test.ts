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

  it('says what is left at the pace until now, anew for other work', () => {
    const { line, written, clock } = lineAt();
    for (const [now, text, share] of [[5500, 'read: 1 of 10', 0.1], [9500, 'read: 5 of 10', 0.5], [13_500, 'read: 10 of 10', 1], [13_600, 'written: 0 of 4', 0], [14_800, 'written: 1 of 4', 0.25], [800_000, 'written: 2 of 4', 0.5], [800_100, 'counted: 7', undefined]] as const) {
      clock.now = now;
      line.show(text, share);
    }
    expect(written.map((text) => text.slice(4))).to.deep.equal([
      'read: 5 of 10, about 5 s left', 'read: 10 of 10', 'written: 0 of 4', 'written: 1 of 4, about 4 s left', 'written: 2 of 4, about 13 min left', 'counted: 7',
    ]);
  });

  it('does not count what came before the work', () => {
    const { line, written, clock } = lineAt();
    for (const [now, done] of [[65_000, 127], [65_500, 762], [66_000, 1270], [67_000, 3000]] as const) {
      clock.now = now;
      line.show(`written: ${done} of 6000`, done / 6000);
    }
    expect(written.map((text) => text.slice(4))).to.deep.equal(['written: 127 of 6000', 'written: 762 of 6000', 'written: 1270 of 6000, about 5 s left', 'written: 3000 of 6000, about 3 s left']);
  });

  it('is no wider than the terminal', () => {
    const written: string[] = [];
    let now = 0;
    const line = new ProgressLine((text) => written.push(text), () => now, () => 10);
    now = 2000;
    line.show('0123456789abc');
    expect(written).to.deep.equal(['\r\x1b[K012345678']);
  });

  it('is never wider than the terminal, also of wide characters', () => {
    for (const [columns, shown] of [[8, '東京東'], [7, '東京東'], [6, '東京'], [1, '']] as const) {
      const written: string[] = [];
      let now = 0;
      const line = new ProgressLine((text) => written.push(text), () => now, () => columns);
      now = 1000;
      line.show('東京東京');
      expect(written, String(columns)).to.deep.equal([`\r\x1b[K${shown}`]);
    }
  });
});
