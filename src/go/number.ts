/**
 * A number as Go's encoding/json writes it: the shortest decimal, with an exponent from 1e21 up and below 1e-6.
 * JavaScript prints numbers by the same rule but for negative zero. Infinite numbers and NaN have no JSON form: `null`.
 */
export function goJsonNumber(value: number | bigint): string {
  if (typeof value === 'bigint') return String(value);
  if (!Number.isFinite(value)) return 'null';
  return Object.is(value, -0) ? '-0' : String(value);
}

/**
 * A float64 as Go's `%v` prints it: the shortest decimal that reads back the same, with a signed exponent of at least
 * two digits from 1e+06 up and below 1e-04 (reference/classic 5.1).
 */
export function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e6)) return Object.is(value, -0) ? '-0' : String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa}e${exponent.charAt(0)}${exponent.slice(1).padStart(2, '0')}`;
}
