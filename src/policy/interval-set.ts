/** Whole numbers as ranges: `[1, 3, 7, 7]` is 1 to 3 and 7. Ascending, apart from each other. */
export type IntervalSet = readonly number[];

/** The numbers from one to another, both included. */
export function interval(from: number, to = from): IntervalSet {
  return [from, to];
}

/** The numbers in any of the ranges. */
export function unionOf(ranges: Iterable<readonly [from: number, to: number]>): IntervalSet {
  const sorted = [...ranges].filter(([from, to]) => from <= to).sort(([left], [right]) => left - right);
  const union: number[] = [];
  for (const [from, to] of sorted) {
    const last = union.length - 1;
    if (last > 0 && from <= union[last]! + 1) union[last] = Math.max(union[last]!, to);
    else union.push(from, to);
  }
  return union;
}

export function intersect(left: IntervalSet, right: IntervalSet): IntervalSet {
  if (left === right) return left;
  const shared: number[] = [];
  for (let a = 0, b = 0; a < left.length && b < right.length; ) {
    const from = Math.max(left[a]!, right[b]!);
    const to = Math.min(left[a + 1]!, right[b + 1]!);
    if (from <= to) shared.push(from, to);
    if (left[a + 1]! < right[b + 1]!) a += 2;
    else b += 2;
  }
  return shared;
}

/** What is in the first and not in the second. */
export function subtract(left: IntervalSet, right: IntervalSet): IntervalSet {
  const rest: number[] = [];
  let b = 0;
  for (let a = 0; a < left.length; a += 2) {
    let from = left[a]!;
    const to = left[a + 1]!;
    while (b < right.length && right[b + 1]! < from) b += 2;
    for (let at = b; at < right.length && right[at]! <= to; at += 2) {
      if (right[at]! > from) rest.push(from, right[at]! - 1);
      from = right[at + 1]! + 1;
    }
    if (from <= to) rest.push(from, to);
  }
  return rest;
}

export function contains(set: IntervalSet, value: number): boolean {
  for (let at = 0; at < set.length; at += 2) if (value >= set[at]! && value <= set[at + 1]!) return true;
  return false;
}

export function isSame(left: IntervalSet, right: IntervalSet): boolean {
  return left === right || (left.length === right.length && left.every((each, at) => each === right[at]));
}

/** The ranges one by one. */
export function rangesOf(set: IntervalSet): readonly (readonly [from: number, to: number])[] {
  return Array.from({ length: set.length / 2 }, (_, at) => [set[at * 2]!, set[at * 2 + 1]!]);
}
