/** Asks again until the answer is neither undefined nor false; fails loudly once the deadline has passed. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined | false> | T | undefined | false, withinMs = 60_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not so after ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
