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

/** Whether a text has the form of a BGP community, whatever its numbers. */
export function isCommunityShaped(value: string): boolean {
  return /^\d+:\d+(:\d+)?$/.test(value);
}
