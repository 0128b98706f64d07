const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds of a length of time as people write it: `90d`, `2h30m`, `1.5h`; undefined for what is none. */
export function lengthOfTime(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number, unit = ''] of text.matchAll(/([\d.]+)(ms|[smhdw])/g)) total += Number(number) * (MILLISECONDS[unit] ?? 0);
  return total;
}
