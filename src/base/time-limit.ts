/** Why a signal was aborted whose time was over. */
export const TIME_IS_OVER = new Error('the time is over');

/**
 * Works with a signal that is aborted after some milliseconds (its reason is then TIME_IS_OVER), or when another signal is.
 * Made by hand: Node's garbage collector takes what AbortSignal.any makes of AbortSignal.timeout, and then nothing ends.
 */
export async function withTimeLimit<T>(ms: number, outer: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const follow = (): void => controller.abort(outer?.reason);
  const timer = setTimeout(() => controller.abort(TIME_IS_OVER), ms);
  if (outer?.aborted === true) follow();
  outer?.addEventListener('abort', follow);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', follow);
  }
}
