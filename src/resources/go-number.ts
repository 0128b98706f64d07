/**
 * A number as Go's encoding/json writes it: the shortest decimal, an exponent from 1e21 up and below 1e-6.
 * JavaScript prints numbers by the same rule but for negative zero. Infinite numbers and NaN have no JSON form: `null`.
 */
export function goJsonNumber(value: number | bigint): string {
  if (typeof value === 'bigint') return String(value);
  if (!Number.isFinite(value)) return 'null';
  return Object.is(value, -0) ? '-0' : String(value);
}

/**
 * A float64 as Go's `%v` prints it: the shortest decimal that reads back the same, with a signed exponent of at least
 * two digits from 1e+21 up and below 1e-04 (v1-resources.md 5.1 puts the upper bound for printed orders at 1e+06:
 * `goFloat`).
 */
function withExponent(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  const digits = exponent.slice(1);
  return `${mantissa}e${exponent[0]}${digits.length < 2 ? `0${digits}` : digits}`;
}
