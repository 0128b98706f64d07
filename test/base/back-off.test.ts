import { expect } from 'chai';
import { pauseMs, retry } from '../../src/base/back-off.js';

describe('pauses between tries', () => {
  it('are random, and at most twice as long each time, up to a limit', () => {
    for (let tried = 0; tried < 8; tried++) {
      const longest = Math.min(10 * 2 ** tried, 200);
      expect(pauseMs({ firstMs: 10, longestMs: 200 }, tried)).to.be.within(0, longest);
      expect(pauseMs({ firstMs: 10, longestMs: 200, fixed: 0.5 }, tried)).to.be.within(longest / 2, longest);
    }
  });

  it('come until there is an answer', async () => {
    const told: boolean[] = [];
    const answer = await retry({ tries: 4, firstMs: 0, longestMs: 0 }, async (isLast) => {
      told.push(isLast);
      return Promise.resolve(told.length === 2 ? 'done' : undefined);
    });
    expect([answer, told]).to.deep.equal(['done', [false, false]]);
  });

  it('come to an end without one', async () => {
    const told: boolean[] = [];
    const answer = await retry({ tries: 3, firstMs: 0, longestMs: 0 }, async (isLast) => {
      told.push(isLast);
      return Promise.resolve(undefined);
    });
    expect([answer, told]).to.deep.equal([undefined, [false, false, true]]);
  });
});
