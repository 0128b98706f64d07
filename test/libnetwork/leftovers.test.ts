import { describe, it } from 'mocha';
import type { DriverContext } from '../../src/libnetwork/context.js';
import { keepTidy } from '../../src/libnetwork/leftovers.js';
import { Log } from '../../src/text/log.js';

describe('what containers left', () => {
  it('is looked for until the end, also where that comes while an answer is waited for', async () => {
    const ending = new AbortController();
    const { signal } = ending;
    const withStore = (): Promise<never> => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const done = keepTidy({ signal, withStore, node: 'n1', log: new Log(() => undefined, 'test', 1), sources: { now: () => new Date() } } as unknown as DriverContext);
    ending.abort();
    await done;
  });
});
