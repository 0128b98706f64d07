/** What a line longer than the limit costs more than its shape. */
const TOO_LONG = 100_000;

/**
 * Breaks text into lines at its spaces so that the lines differ least in length, each at most `limit` columns wide
 * where words allow: the line breaking of the tables the official tool prints (reference/ipam 6).
 * @param widthOf the width of a word in columns
 */
export function wrap(text: string, limit: number, widthOf: (word: string) => number): string[] {
  const words = text.split(' ');
  const widths = words.map(widthOf);
  const longest = Math.max(limit, ...widths);
  const ends = bestEnds(widths, longest);
  const lines: string[] = [];
  for (let start = 0; start < words.length; start = ends[start] as number) lines.push(words.slice(start, ends[start]).join(' '));
  return lines;
}

/** For each word, where a line that starts with it had best end. The last line may be as short as it likes. */
function bestEnds(widths: readonly number[], limit: number): number[] {
  const count = widths.length;
  const costs = new Array<number>(count + 1).fill(0);
  const ends = new Array<number>(count).fill(count);
  for (let start = count - 1; start >= 0; start -= 1) {
    if (lineWidth(widths, start, count) <= limit) continue;
    let best = Infinity;
    let width = -1;
    for (let end = start + 1; end < count; end += 1) {
      width += 1 + (widths[end - 1] as number);
      const cost = (limit - width) ** 2 + (costs[end] as number) + (width > limit ? TOO_LONG : 0);
      if (cost >= best) continue;
      best = cost;
      ends[start] = end;
    }
    costs[start] = best;
  }
  return ends;
}

function lineWidth(widths: readonly number[], start: number, end: number): number {
  return widths.slice(start, end).reduce((sum, width) => sum + 1 + width, -1);
}
