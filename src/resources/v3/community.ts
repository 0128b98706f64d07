/**
 * What is wrong with a BGP community: `aa:nn` of two 16-bit numbers, or `aa:nn:mm` of three 32-bit numbers
 * (reference/storage 3.10). Undefined where nothing is.
 */
export function communityProblem(value: string): string | undefined {
  const parts = value.split(':');
  if (!isCommunityShaped(value)) return `${JSON.stringify(value)} is not a BGP community: expected aa:nn or aa:nn:mm`;
  const limit = parts.length === 2 ? 65535 : 4294967295;
  const large = parts.find((part) => Number(part) > limit);
  return large === undefined ? undefined : `${large} is too large for a community of ${parts.length} numbers: at most ${limit} is allowed`;
}

const SMALL = '0*(?:[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])';
const LARGE = '0*(?:[0-9]{1,9}|[1-3][0-9]{9}|4[01][0-9]{8}|42[0-8][0-9]{7}|429[0-3][0-9]{6}|4294[0-8][0-9]{5}|42949[0-5][0-9]{4}|429496[0-6][0-9]{3}|4294967[01][0-9]{2}|42949672[0-8][0-9]|429496729[0-5])';

/** The pattern of a community. */
export const COMMUNITY = `(?:${SMALL}:${SMALL}|${LARGE}:${LARGE}:${LARGE})`;

/** Whether a text has the form of a BGP community, whatever its numbers. */
export function isCommunityShaped(value: string): boolean {
  return /^\d+:\d+(:\d+)?$/.test(value);
}
