import { setTimeout } from 'node:timers/promises';
import { InvalidRequest } from '../base/errors.js';
import { parseDuration } from '../go/duration.js';

/** Beyond 24 days a timer would not wait at all. */
const LONGEST = 24n * 24n * 3_600_000_000_000n;

/** The pause between two looks in milliseconds; undefined for one look: of none, and of 0. Throws InvalidRequest for what is no duration. */
export function pollMs(text: string | undefined): number | undefined {
  const nanoseconds = text === undefined ? 0n : parseDuration(text);
  if (nanoseconds === undefined || nanoseconds < 0n || nanoseconds > LONGEST) throw new InvalidRequest(`invalid poll duration specified: ${String(text)}`, 'write for example 10s, 5m or 1h30m');
  return nanoseconds === 0n ? undefined : Math.max(1, Number(nanoseconds / 1_000_000n));
}

/** Looks once, or again and again with a pause of `everyMs` until the signal, which is the end that was wanted, also in the middle of a look; the look is told which. */
export async function repeated(everyMs: number | undefined, signal: AbortSignal, look: (again: boolean) => Promise<void>): Promise<void> {
  if (everyMs === undefined) return look(false);
  try {
    do await look(true);
    while (await paused(everyMs, signal));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Whether a pause came to its end. */
async function paused(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await setTimeout(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
