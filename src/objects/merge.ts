import { isMap, type Data } from '../base/data.js';
import { sameData } from '../resources/same-value.js';
import type { Path } from '../resources/problem.js';
import { aligned } from './aligned.js';

/** A place where both sides changed something, and not to the same. A side that has nothing there is absent. */
export interface MergeConflict {
  readonly path: Path;
  readonly base?: unknown;
  readonly ours?: unknown;
  readonly theirs?: unknown;
}

export interface Merged {
  /** What both changes come to; where they are in conflict, what is ours. */
  readonly value: unknown;
  /** Empty where the changes are apart. The paths lead into `value`. */
  readonly conflicts: readonly MergeConflict[];
}

/** The same place in three versions; undefined where one has nothing there. */
interface Sides<T = unknown> {
  readonly base: T;
  readonly ours: T;
  readonly theirs: T;
}

/**
 * Two changes of one document as one change (three-way merge): of each map its fields, of each list its elements, paired by
 * what they are (`aligned`). What is given stays as it is.
 */
export function merge(base: unknown, ours: unknown, theirs: unknown): Merged {
  const conflicts: MergeConflict[] = [];
  const value = merged({ base, ours, theirs }, [], conflicts);
  return { value, conflicts };
}

function merged(sides: Sides, path: Path, conflicts: MergeConflict[]): unknown {
  const { base, ours, theirs } = sides;
  if (sameData(ours, theirs) || sameData(base, theirs)) return ours;
  if (sameData(base, ours)) return theirs;
  if (isMap(ours) && isMap(theirs) && (base === undefined || isMap(base))) return mergedMap({ base: base ?? {}, ours, theirs }, path, conflicts);
  if (Array.isArray(base) && Array.isArray(ours) && Array.isArray(theirs)) {
    // Where elements cannot be told apart, the list as a whole is in conflict, and nothing that was found inside counts.
    const found: MergeConflict[] = [];
    const list = mergedList({ base, ours, theirs }, path, found);
    if (list !== undefined) {
      conflicts.push(...found);
      return list;
    }
  }
  conflicts.push({ path, ...(base === undefined ? {} : { base }), ...(ours === undefined ? {} : { ours }), ...(theirs === undefined ? {} : { theirs }) });
  return ours;
}

function mergedMap({ base, ours, theirs }: Sides<Data>, path: Path, conflicts: MergeConflict[]): Data {
  const at = (map: Data, key: string): unknown => (Object.hasOwn(map, key) ? map[key] : undefined);
  const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  const members = [...keys].map((key) => [key, merged({ base: at(base, key), ours: at(ours, key), theirs: at(theirs, key) }, [...path, key], conflicts)] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

/** Undefined where both put different elements in at one place: nobody knows in which order they belong. */
function mergedList({ base, ours, theirs }: Sides<readonly unknown[]>, path: Path, conflicts: MergeConflict[]): unknown[] | undefined {
  const [mine, other] = [changeOf(base, ours), changeOf(base, theirs)];
  const list: unknown[] = [];
  for (let index = 0; index <= base.length; index++) {
    const [here, there] = [mine.putIn.get(index) ?? [], other.putIn.get(index) ?? []];
    if (here.length > 0 && there.length > 0 && !sameData(here, there)) return undefined;
    list.push(...(here.length > 0 ? here : there));
    if (index === base.length) break;
    const value = merged({ base: base[index], ours: mine.became.get(index), theirs: other.became.get(index) }, [...path, list.length], conflicts);
    if (value !== undefined) list.push(value);
  }
  return list;
}

/** What became of a list. */
interface ListChange {
  /** The elements that are still there, by their old indexes. */
  readonly became: ReadonlyMap<number, unknown>;
  /** New elements, by the old index before which they stand. */
  readonly putIn: ReadonlyMap<number, readonly unknown[]>;
}

function changeOf(before: readonly unknown[], after: readonly unknown[]): ListChange {
  const became = new Map<number, unknown>();
  const putIn = new Map<number, unknown[]>();
  let next = 0;
  for (const [old, now] of aligned(before, after)) {
    if (old === undefined) putIn.set(next, [...(putIn.get(next) ?? []), after[now!]]);
    else {
      if (now !== undefined) became.set(old, after[now]);
      next = old + 1;
    }
  }
  return { became, putIn };
}
