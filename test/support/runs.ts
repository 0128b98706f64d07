/**
 * How many cases a property is tried on: FAST_CHECK_RUNS if set; under CI the number given, 5,000 unless the property is one of
 * those that are promised more; else 2,000. Every run of the gate draws others.
 */
export function propertyRuns(inCi = 5_000): { numRuns: number } {
  const { FAST_CHECK_RUNS: runs, CI: ci } = process.env;
  if (runs) return { numRuns: Number(runs) };
  return { numRuns: ci ? inCi : Math.min(inCi, 2_000) };
}
