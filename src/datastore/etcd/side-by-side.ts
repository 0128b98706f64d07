/** How long the first may keep the others waiting, in milliseconds: longer than an answer takes as a rule. */
const HEAD_START_MS = 250;

/**
 * Asks the first, and all others as soon as it has failed or has had its head start: however many are silent, they cost no
 * more than one. `ask` returns whether it was answered, and gives up when its signal is aborted. Returns the first that
 * answered, after the others were given up, or undefined where none did. Rejects as soon as `ask` does.
 */
export async function firstToAnswer<T>([first, ...others]: readonly T[], ask: (one: T, signal: AbortSignal) => Promise<boolean>, headStartMs = HEAD_START_MS): Promise<T | undefined> {
  if (first === undefined) return undefined;
  const rest = new AbortController();
  return new Promise((resolve, reject) => {
    let waiting = 1 + others.length;
    const begin = (one: T): void => {
      void ask(one, rest.signal).then((answered) => {
        waiting--;
        if (!answered && waiting > 0) return all();
        resolve(answered ? one : undefined);
        rest.abort();
        clearTimeout(timer);
      }).catch((error: unknown) => {
        clearTimeout(timer);
        rest.abort();
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    };
    let started = false;
    const all = (): void => {
      if (started) return;
      started = true;
      clearTimeout(timer);
      others.forEach(begin);
    };
    const timer = setTimeout(all, headStartMs);
    begin(first);
  });
}
