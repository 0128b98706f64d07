import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { TIME_IS_OVER, withTimeLimit } from '../../src/base/time-limit.js';

/** Waits until the signal is aborted, and returns its reason. */
function reasonOf(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    signal.addEventListener('abort', () => resolve(signal.reason));
  });
}

describe('a time limit', () => {
  it('ends the work, whatever the garbage collector does meanwhile', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const collecting = setInterval(collect, 10);
    expect(await withTimeLimit(200, new AbortController().signal, reasonOf)).to.equal(TIME_IS_OVER);
    clearInterval(collecting);
  });

  it('follows another signal, also one that was aborted before', async () => {
    const outer = new AbortController();
    const reason = withTimeLimit(1_000_000, outer.signal, reasonOf);
    outer.abort('enough');
    expect([await reason, await withTimeLimit(1_000_000, outer.signal, reasonOf)]).to.deep.equal(['enough', 'enough']);
  });

  it('is no more once the work is done', async () => {
    const outer = new AbortController();
    const signal = await withTimeLimit(1, outer.signal, (inner) => Promise.resolve(inner));
    outer.abort();
    expect([signal.aborted, await withTimeLimit(1_000_000, undefined, () => Promise.resolve('done'))]).to.deep.equal([false, 'done']);
  });
});
