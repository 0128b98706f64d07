const NANOSECONDS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  // The micro sign has a twin in Unicode, the Greek letter, and Go reads both. Patterns below are ASCII because the bundle is read as such.
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const LONGEST = 2n ** 63n - 1n;

/** Nanoseconds of a duration as Go reads it ("1h30m", "1.5s", "0"), or undefined (reference/storage 3.0). */
export function parseDuration(text: string): bigint | undefined {
  const unsigned = text.replace(/^[-+]/, '');
  if (unsigned === '0') return 0n;
  if (!/^((\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h))+$/.test(unsigned)) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of unsigned.matchAll(/(\d*)\.?(\d*)([a-z\u00b5\u03bc]+)/g)) {
    const size = NANOSECONDS[unit] as bigint;
    total += BigInt(whole === '' ? '0' : whole) * size + (BigInt(fraction === '' ? '0' : fraction) * size) / 10n ** BigInt(fraction.length);
  }
  if (total > LONGEST) return undefined;
  return text.startsWith('-') ? -total : total;
}

/** A duration as Go prints it, and as Calico stores it: 90 s is `1m30s`, an hour `1h0m0s`, nothing `0s`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds < 0n) return `-${formatDuration(-nanoseconds)}`;
  if (nanoseconds === 0n) return '0s';
  for (const unit of ['ns', 'µs', 'ms'] as const) {
    const size = NANOSECONDS[unit] as bigint;
    if (nanoseconds < size * 1000n) return `${decimal(nanoseconds, size)}${unit}`;
  }
  const minute = 60_000_000_000n;
  const minutes = nanoseconds / minute;
  const seconds = `${decimal(nanoseconds % minute, 1_000_000_000n)}s`;
  if (minutes === 0n) return seconds;
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

function decimal(value: bigint, unit: bigint): string {
  const rest = value % unit;
  if (rest === 0n) return String(value / unit);
  const digits = String(unit + rest).slice(1);
  return `${value / unit}.${digits.replace(/0+$/, '')}`;
}
