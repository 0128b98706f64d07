/** Transactions under way at once: etcd writes those of a moment to its disk together. */
const AT_ONCE = 8;

/** Does the work for each, some at the same time; results in the order of the elements. The first failure ends it: what is under way is awaited, nothing new begun. */
export async function inParallel<Element, Result>(elements: readonly Element[], work: (element: Element) => Promise<Result>): Promise<Result[]> {
  const results = new Array<Result>(elements.length);
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < elements.length && !failed) {
      const index = next++;
      try {
        results[index] = await work(elements[index] as Element);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, elements.length) }, worker));
  const failure = ended.find((each) => each.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return results;
}

/**
 * The same for elements that come one after another: the next is taken once there is room for it. The first failure ends it,
 * of the work or of what the elements come from.
 */
export async function inParallelFrom<Element>(elements: AsyncIterable<Element>, work: (element: Element) => Promise<void>): Promise<void> {
  const running = new Set<Promise<void>>();
  let failure: { readonly reason: unknown } | undefined;
  try {
    for await (const element of elements) {
      const one: Promise<void> = work(element).catch((reason: unknown) => void (failure ??= { reason })).finally(() => running.delete(one));
      running.add(one);
      if (running.size >= AT_ONCE) await Promise.race(running);
      if (failure !== undefined) break;
    }
  } finally {
    await Promise.all(running);
  }
  if (failure !== undefined) throw failure.reason;
}
