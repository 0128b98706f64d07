import { isMap } from '../base/data.js';
import { sameData } from '../resources/same-value.js';
import { canonical } from './same-content.js';

/** An element before and what it became, by their indexes; one of the two is missing for what came or went. */
export type Pair = readonly [before: number | undefined, after: number | undefined];

/** Two elements that belong together, by their indexes. */
type Match = readonly [before: number, after: number];

/** Part of a list, from `from` up to `to`. */
interface Part {
  readonly from: number;
  readonly to: number;
}

/**
 * Which element of one list became which of another, in the order of the lists. Equal ones at both ends belong together, then
 * those that both lists have just once, as many as keep their order (patience diff), then maps that have most in common; what is
 * left between them is paired in order. Takes n log n steps: lists of networks have tens of thousands of elements.
 */
export function aligned(before: readonly unknown[], after: readonly unknown[]): readonly Pair[] {
  const lists = new Lists(before, after);
  lists.align({ from: 0, to: before.length }, { from: 0, to: after.length });
  return lists.pairs;
}

/** The most pairs of elements that are looked at for what they have in common. */
const MOST_LOOKED_AT = 2_500;

class Lists {
  readonly pairs: Pair[] = [];
  private readonly old: readonly string[];
  private readonly now: readonly string[];

  constructor(
    private readonly before: readonly unknown[],
    private readonly after: readonly unknown[],
  ) {
    [this.old, this.now] = [before.map(textOf), after.map(textOf)];
  }

  align(left: Part, right: Part): void {
    const { old, now, pairs } = this;
    let [i, j] = [left.from, right.from];
    while (i < left.to && j < right.to && old[i] === now[j]) pairs.push([i++, j++]);
    let [iEnd, jEnd] = [left.to, right.to];
    while (iEnd > i && jEnd > j && old[iEnd - 1] === now[jEnd - 1]) [iEnd, jEnd] = [iEnd - 1, jEnd - 1];
    const [restLeft, restRight] = [{ from: i, to: iEnd }, { from: j, to: jEnd }];
    const equal = i === iEnd || j === jEnd ? [] : rising(onceInBoth(old, now, restLeft, restRight));
    if (equal.length > 0) this.between(equal, [restLeft, restRight], (a, b) => this.align(a, b));
    else this.between(this.alike(restLeft, restRight), [restLeft, restRight], (a, b) => this.pairInOrder(a, b));
    while (iEnd < left.to) pairs.push([iEnd++, jEnd++]);
  }

  /** Notes the matches, and with `rest` what lies between them. */
  private between(matches: readonly Match[], [left, right]: readonly [Part, Part], rest: (left: Part, right: Part) => void): void {
    let [i, j] = [left.from, right.from];
    for (const [atOld, atNow] of matches) {
      rest({ from: i, to: atOld }, { from: j, to: atNow });
      this.pairs.push([atOld, atNow]);
      [i, j] = [atOld + 1, atNow + 1];
    }
    rest({ from: i, to: left.to }, { from: j, to: right.to });
  }

  /** The matches in order that have the most members in common, where there are not equally many elements and few of them. */
  private alike(left: Part, right: Part): readonly Match[] {
    const [rows, columns] = [left.to - left.from, right.to - right.from];
    if (rows === columns || rows * columns > MOST_LOOKED_AT) return [];
    const common = (i: number, j: number): number => membersInCommon(this.before[left.from + i], this.after[right.from + j]);
    // best[i][j]: what the first i and the first j elements have in common at most.
    const best = [new Array<number>(columns + 1).fill(0)];
    for (let i = 0; i < rows; i++) {
      const row = [0];
      for (let j = 0; j < columns; j++) row.push(Math.max(row[j]!, best[i]![j + 1]!, best[i]![j]! + common(i, j)));
      best.push(row);
    }
    const matches: Match[] = [];
    for (let [i, j] = [rows, columns]; i > 0 && j > 0; ) {
      if (best[i]![j] === best[i - 1]![j]) i--;
      else if (best[i]![j] === best[i]![j - 1]) j--;
      else matches.push([left.from + --i, right.from + --j]);
    }
    return matches.reverse();
  }

  private pairInOrder(left: Part, right: Part): void {
    const both = Math.min(left.to - left.from, right.to - right.from);
    for (let index = 0; index < both; index++) this.pairs.push([left.from + index, right.from + index]);
    for (let index = left.from + both; index < left.to; index++) this.pairs.push([index, undefined]);
    for (let index = right.from + both; index < right.to; index++) this.pairs.push([undefined, index]);
  }
}

/** Text that is the same for the same element. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? `"${value}` : canonical([value]);
}

function membersInCommon(before: unknown, after: unknown): number {
  if (!isMap(before) || !isMap(after)) return 0;
  return Object.keys(before).filter((key) => Object.hasOwn(after, key) && sameData(before[key], after[key])).length;
}

/** Elements that both parts have exactly once, in the order of the second. */
function onceInBoth(old: readonly string[], now: readonly string[], left: Part, right: Part): readonly Match[] {
  const [inOld, inNow] = [indexesOf(old, left), indexesOf(now, right)];
  const both: Match[] = [];
  for (const [text, at] of inNow) {
    const other = inOld.get(text);
    if (at !== undefined && other !== undefined) both.push([other, at]);
  }
  return both;
}

/** The index of each element that a part has once; undefined for others. */
function indexesOf(list: readonly string[], { from, to }: Part): ReadonlyMap<string, number | undefined> {
  const indexes = new Map<string, number | undefined>();
  for (let index = from; index < to; index++) indexes.set(list[index]!, indexes.has(list[index]!) ? undefined : index);
  return indexes;
}

/** The most matches of which both sides rise: a longest rising subsequence, found with piles as in the game of patience. */
function rising(matches: readonly Match[]): readonly Match[] {
  const tops: number[] = [];
  const below: (number | undefined)[] = [];
  for (const [index, [value]] of matches.entries()) {
    let [low, high] = [0, tops.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (matches[tops[middle]!]![0] < value) low = middle + 1;
      else high = middle;
    }
    below.push(low === 0 ? undefined : tops[low - 1]);
    tops[low] = index;
  }
  const chain: Match[] = [];
  for (let at = tops.at(-1); at !== undefined; at = below[at]) chain.push(matches[at]!);
  return chain.reverse();
}
