/** Orders texts as people number things: `node-2` before `node-10`, `10.0.0.9` before `10.0.0.10`. */
export function compareNaturally(left: string, right: string): number {
  const [lefts, rights] = [pieces(left), pieces(right)];
  for (let at = 0; at < Math.min(lefts.length, rights.length); at++) {
    const order = comparePieces(lefts[at] as string, rights[at] as string);
    if (order !== 0) return order;
  }
  return lefts.length - rights.length || compareCodes(left, right);
}

/** Digits and what stands between them. */
function pieces(text: string): readonly string[] {
  return text.match(/\d+|\D+/g) ?? [];
}

function comparePieces(left: string, right: string): number {
  if (!/^\d/.test(left) || !/^\d/.test(right)) return compareCodes(left, right);
  const [a, b] = [left.replace(/^0+(?=\d)/, ''), right.replace(/^0+(?=\d)/, '')];
  return a.length - b.length || compareCodes(a, b);
}

function compareCodes(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
