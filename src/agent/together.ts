import { setTimeout as sleep } from 'node:timers/promises';
import { pauseMs, type BackOff } from '../base/back-off.js';
import type { AgentContext, Part } from './part.js';

/** Felix's exit code where settings have changed and it is to be started again at once. */
export const SETTINGS_CHANGED = 129;

const BACK_OFF: BackOff = { firstMs: 1000, longestMs: 30_000, fixed: 0.5 };
/** A part that has run for so long was well: the next pause after it is the shortest again. */
const STEADY_MS = 60_000;
/** For parts to end in once they were asked to, before they are left behind. */
const ENDING_MS = 1500;

/** One part behind the other, as long as each ends with 0. */
export function inTurn(...parts: readonly Part[]): Part {
  return async (context) => {
    for (const part of parts) {
      if (isAsked(context.signal)) return 0;
      const code = await part(context);
      if (code !== 0) return code;
    }
    return 0;
  };
}

/**
 * Parts beside each other in one process, until it is asked to end. One that ends with 0 has nothing to do on this host; one that
 * ends otherwise, or fails, is started again by itself, and the others go on.
 */
export function together(parts: Readonly<Record<string, Part>>): Part {
  return async (context) => {
    const ended = Promise.all(Object.entries(parts).map(([name, part]) => keepRunning(part, { ...context, args: [], log: context.log.for(name) })));
    // A signal that came before tells nobody who listens only now.
    if (!isAsked(context.signal)) await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve()));
    await Promise.race([ended, sleep(ENDING_MS)]);
    return 0;
  };
}

async function keepRunning(part: Part, context: AgentContext): Promise<void> {
  const { log, signal } = context;
  for (let tried = 0; !signal.aborted; tried++) {
    const began = performance.now();
    const end = await part(context).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
    if (end === 0 || isAsked(signal)) return;
    if (performance.now() - began > STEADY_MS) tried = 0;
    const restMs = end === SETTINGS_CHANGED ? 0 : pauseMs(BACK_OFF, tried);
    const how = typeof end === 'number' ? `ended with ${end}` : `failed, which is a bug of the agent, please report it: ${end.stack ?? end.message}`;
    if (restMs > 0) log.error(`${how}; it is started again in ${(restMs / 1000).toFixed(1)} s`);
    else log.info('started again with the new settings');
    await sleep(restMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Asked anew after every wait. */
function isAsked(signal: AbortSignal): boolean {
  return signal.aborted;
}
