/** How many cases a property is tried on: FAST_CHECK_RUNS if set, 100,000 under CI, else 2,000. */
export function propertyRuns(): { numRuns: number } {
  const { FAST_CHECK_RUNS: runs, CI: ci } = process.env;
  if (runs) return { numRuns: Number(runs) };
  return { numRuns: ci ? 100_000 : 2_000 };
}
