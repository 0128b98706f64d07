import { retry } from '../base/back-off.js';
import { CalicoError } from '../base/errors.js';
import { isPassing } from './datastore.js';
import type { AgentContext } from './part.js';

/** Somebody else was faster: what was read is not so any more, and all that follows from it has to be found out again. */
export class Overtaken extends Error {}

/** How often something is found out anew because somebody else was faster. */
const OVERTAKEN = { tries: 20, firstMs: 20, longestMs: 1000 };

/** Does something until nobody is faster. Throws what it throws, Overtaken in the end. */
export async function repeated({ log }: Pick<AgentContext, 'log'>, work: () => Promise<void>): Promise<void> {
  await retry(OVERTAKEN, async (isLast) => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof Overtaken) || isLast) throw error;
      log.info(`looking again: ${error.message}`);
      return undefined;
    }
  });
}

/** Does something; what goes wrong is told in the log, unless the datastore is away or it is a bug of ours: that is thrown. */
export async function told({ log }: Pick<AgentContext, 'log'>, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isPassing(error) || !(error instanceof CalicoError || error instanceof Overtaken)) throw error;
    log.error(error.message);
  }
}
