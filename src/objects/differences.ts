import { isMap } from '../base/data.js';
import { sameData } from '../resources/same-value.js';
import type { Path } from '../resources/problem.js';
import { aligned } from './aligned.js';

/** One place at which two documents are not the same. */
export interface Difference {
  /** Where: in the document after, or in the one before for what is gone from it. `pathText` writes it as errors do. */
  readonly path: Path;
  /** Absent where the document before has nothing there. */
  readonly before?: unknown;
  /** Absent where the document after has nothing there. */
  readonly after?: unknown;
}

/**
 * Where two documents differ, as deep as both have maps or lists, in the order of the second one and then of what is gone.
 * The order of keys is no difference; elements of lists are compared with those that they became (`aligned`), so that one
 * which was put in does not change all that follow. Either may be undefined: then all of the other is one difference.
 * @returns nothing exactly where both are the same data
 */
export function differences(before: unknown, after: unknown): readonly Difference[] {
  const found: Difference[] = [];
  collect(before, after, [], found);
  return found;
}

function collect(before: unknown, after: unknown, path: Path, found: Difference[]): void {
  if (sameData(before, after)) return;
  if (isMap(before) && isMap(after)) {
    for (const key of Object.keys(after)) collect(Object.hasOwn(before, key) ? before[key] : undefined, after[key], [...path, key], found);
    for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) collect(before[key], undefined, [...path, key], found);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (const [old, now] of aligned(before, after)) collect(elementAt(before, old), elementAt(after, now), [...path, now ?? (old as number)], found);
  } else found.push({ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) });
}

/** An element of a list; a hole in it is null, as it is in JSON. */
function elementAt(list: readonly unknown[], index: number | undefined): unknown {
  return index === undefined ? undefined : (list[index] ?? null);
}
