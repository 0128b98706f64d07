import { expect } from 'chai';
import { describe, it } from 'mocha';
import { getEventListeners } from 'node:events';
import { Alarm } from '../../../src/libnetwork/networks/alarm.js';

describe('the alarm of the networks', () => {
  it('wakes by time, by being rung, before or meanwhile, and at the end, and leaves nothing behind', async () => {
    const ending = new AbortController();
    const alarm = new Alarm();
    const waits = async (ms: number): Promise<boolean> => {
      const began = performance.now();
      await alarm.within(ms, ending.signal);
      expect(getEventListeners(ending.signal, 'abort')).to.deep.equal([]);
      return performance.now() - began >= ms - 1;
    };
    expect(await waits(5)).to.equal(true);
    alarm.ring();
    expect(await waits(60_000)).to.equal(false);
    expect(await waits(5)).to.equal(true);
    setTimeout(() => alarm.ring(), 5);
    expect(await waits(60_000)).to.equal(false);
    setTimeout(() => ending.abort(), 5);
    expect(await waits(60_000)).to.equal(false);
    expect(await waits(60_000)).to.equal(false);
  });
});
