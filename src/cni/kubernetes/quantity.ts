/** The factors that follow a number in a quantity, as numerator and denominator. */
const SUFFIXES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  '': [1n, 1n],
  n: [1n, 10n ** 9n], u: [1n, 10n ** 6n], m: [1n, 1000n],
  k: [1000n, 1n], M: [10n ** 6n, 1n], G: [10n ** 9n, 1n], T: [10n ** 12n, 1n], P: [10n ** 15n, 1n], E: [10n ** 18n, 1n],
  Ki: [1n << 10n, 1n], Mi: [1n << 20n, 1n], Gi: [1n << 30n, 1n], Ti: [1n << 40n, 1n], Pi: [1n << 50n, 1n], Ei: [1n << 60n, 1n],
};

const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4})|([numkMGTPE]|[KMGTPE]i)?)$/;
/** A quantity is no longer in practice; longer ones would only cost time. */
const LONGEST = 100;

/**
 * A quantity of Kubernetes as a whole number, rounded away from zero (Kubernetes' Quantity.Value): `10M`, `1.5Gi`, `1e3`, `100m`; undefined for
 * what is none.
 */
export function parseQuantity(text: string): bigint | undefined {
  const [, sign = '', whole = '', fraction = '', exponent, suffix = ''] = text.length > LONGEST ? [] : (QUANTITY.exec(text) ?? []);
  if (whole === '' && fraction === '') return undefined;
  const power = BigInt(exponent ?? 0);
  const [times, by] = SUFFIXES[suffix] ?? [1n, 1n];
  const numerator = BigInt(whole + fraction) * times * (power > 0n ? 10n ** power : 1n);
  const denominator = by * 10n ** BigInt(fraction.length) * (power < 0n ? 10n ** -power : 1n);
  const value = (numerator + denominator - 1n) / denominator;
  return sign === '-' ? -value : value;
}
