import { digitsOf, opposite } from './meaning.js';

const FARTHEST = 2;

/**
 * The candidate somebody probably meant by `name`, or undefined: first one that differs only in case, dashes and
 * underscores, else the nearest within two slips (a letter missing, added, changed, or swapped with its neighbour;
 * one slip for names of two or three letters, none for one letter). Of equally near ones the first wins. A candidate
 * that means the opposite, or another thing, is none (meaning.ts); where a name lies between two opposites there is none at all.
 */
export function similar(name: string, candidates: readonly string[]): string | undefined {
  const same = sameLetters(name, candidates);
  if (same !== undefined) return same;
  const wanted = bare(name);
  const limit = wanted.length < 2 ? 0 : wanted.length <= 3 ? 1 : FARTHEST;
  const near = candidates.flatMap((candidate) => {
    const slips = slipsBetween(wanted, bare(candidate), limit);
    return slips === undefined ? [] : [{ candidate, slips }];
  });
  const [best] = near.filter(({ candidate }) => !opposite(name, candidate)).sort((left, right) => left.slips - right.slips);
  if (best === undefined) return undefined;
  // Digits that were written tell which of two it is.
  const digits = digitsOf(name);
  const rival = near.some(({ candidate, slips }) => slips <= best.slips && opposite(best.candidate, candidate) && (digits === '' || digitsOf(candidate) === digits));
  return rival ? undefined : best.candidate;
}

/** The candidate that differs from a name only in case, dashes and underscores, or undefined. */
export function sameLetters(name: string, candidates: readonly string[]): string | undefined {
  const wanted = bare(name);
  return candidates.find((candidate) => bare(candidate) === wanted);
}

/** A name without what makes no difference between two: case, dashes and underscores. */
export function bare(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

function slipsBetween(wanted: string, candidate: string, limit: number): number | undefined {
  if (Math.abs(candidate.length - wanted.length) > limit || candidate === '') return undefined;
  const slips = distance(wanted, candidate);
  return slips <= limit ? slips : undefined;
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
