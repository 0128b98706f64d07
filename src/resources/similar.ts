const FARTHEST = 2;

/**
 * The candidate somebody probably meant by `name`, or undefined: first one that differs only in case, dashes and
 * underscores, else the nearest within two slips (a letter missing, added, changed, or swapped with its neighbour;
 * one slip for names of two or three letters, none for one letter). Of equally near ones the first wins.
 */
export function similar(name: string, candidates: readonly string[]): string | undefined {
  const wanted = bare(name);
  const bareCandidates = candidates.map(bare);
  const same = bareCandidates.indexOf(wanted);
  if (same !== -1) return candidates[same];
  let limit = wanted.length < 2 ? 0 : wanted.length <= 3 ? 1 : FARTHEST;
  let nearest: string | undefined;
  for (const [index, candidate] of bareCandidates.entries()) {
    if (Math.abs(candidate.length - wanted.length) > limit || candidate === '') continue;
    const slips = distance(wanted, candidate);
    if (slips > limit) continue;
    nearest = candidates[index];
    limit = slips - 1;
  }
  return nearest;
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

/** Damerau and Levenshtein's distance, where no part is edited twice. */
function distance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const changed = left[row - 1] === right[column - 1] ? 0 : 1;
      let least = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + changed);
      if (row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        least = Math.min(least, at(beforeLast, column - 2) + 1);
      }
      current.push(least);
    }
    beforeLast = last;
    last = current;
  }
  return at(last, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
