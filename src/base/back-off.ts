import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The pauses between tries. Each may be twice as long as the one before, and is of a random length, so that those who collided do
 * not collide again (reference/etcd-client 5).
 */
export interface BackOff {
  /** The longest that the pause after the first try may be. */
  readonly firstMs: number;
  /** The longest that any pause may be. */
  readonly longestMs: number;
  /** The part of a pause that is not left to chance, from 0 (full jitter) to 1. */
  readonly fixed?: number;
}

/** How long to pause after a try, in milliseconds; the first try has number 0. */
export function pauseMs({ firstMs, longestMs, fixed = 0 }: BackOff, tried: number): number {
  return Math.min(firstMs * 2 ** tried, longestMs) * (fixed + Math.random() * (1 - fixed));
}

/**
 * Tries until there is an answer, with pauses between the tries. Returns undefined where the last try had none either.
 * @param attempt answers undefined where it is to be tried again; is told whether this was the last time
 */
export async function retry<T>({ tries, ...backOff }: BackOff & { readonly tries: number }, attempt: (isLast: boolean) => Promise<T | undefined>): Promise<T | undefined> {
  for (let tried = 0; tried < tries; tried++) {
    const answer = await attempt(tried === tries - 1);
    if (answer !== undefined) return answer;
    if (tried < tries - 1) await sleep(pauseMs(backOff, tried));
  }
  return undefined;
}
