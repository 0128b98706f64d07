/** AS numbers have 32 bits. */
export const HIGHEST_AS_NUMBER = 4294967295;

/** The AS number in a text: digits, or the dotted form `1.10` (= 65546); undefined where it is neither. Whether it has 32 bits is not looked at. */
export function asNumberOf(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length > 2 || !parts.every((part) => /^\d+$/.test(part))) return undefined;
  const [high, low] = parts.map(Number) as [number, number | undefined];
  if (low === undefined) return high;
  return high <= 65535 && low <= 65535 ? high * 65536 + low : undefined;
}
