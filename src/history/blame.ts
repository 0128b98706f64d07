import { isMap } from '../base/data.js';
import { aligned } from '../objects/aligned.js';
import { sameData } from '../resources/same-value.js';

/** A resource as it was from a revision on. */
export interface Version {
  readonly revision: string;
  readonly document: object;
}

/** Since when a value is as it is; a map or list, since when it is there. */
export interface Blame {
  /** Undefined where it is older than the oldest version that is known. */
  readonly revision: string | undefined;
  readonly members?: ReadonlyMap<string, Blame>;
  readonly elements?: readonly Blame[];
}

/**
 * Which version set each field of the newest one. Elements of lists are followed to where they were before (`aligned`).
 * @param versions the newest first
 * @param complete whether the last one created the resource
 */
export function blameOf(versions: readonly Version[], complete: boolean): Blame {
  const revisions = versions.map(({ revision }, index) => (index === versions.length - 1 && !complete ? undefined : revision));
  return blamed(versions.map(({ document }) => document), revisions);
}

/** @param values what the value was in each version, the newest first, as far back as it was there */
function blamed(values: readonly unknown[], revisions: readonly (string | undefined)[]): Blame {
  const [now] = values;
  const changed = values.findIndex((value) => !isSame(now, value));
  const alive = changed < 0 ? values : values.slice(0, changed);
  const revision = revisions[alive.length - 1];
  if (isMap(now)) return { revision, members: new Map(Object.keys(now).map((key) => [key, blamed(membersOf(alive, key), revisions)])) };
  if (Array.isArray(now)) return { revision, elements: elementsOf(alive as readonly (readonly unknown[])[]).map((each) => blamed(each, revisions)) };
  return { revision };
}

/** Maps and lists are the same as long as they are there, whatever is in them. */
function isSame(now: unknown, before: unknown): boolean {
  if (isMap(now)) return isMap(before);
  return Array.isArray(now) ? Array.isArray(before) : sameData(now, before);
}

function membersOf(maps: readonly unknown[], key: string): readonly unknown[] {
  const values: unknown[] = [];
  for (const map of maps) {
    if (!isMap(map) || !Object.hasOwn(map, key)) break;
    values.push(map[key]);
  }
  return values;
}

/** Of each element of the newest list, what it was in each version. */
function elementsOf(lists: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] {
  const [now = []] = lists;
  const chains: unknown[][] = now.map((element) => [element]);
  let places = new Map(now.map((_, index) => [index, index]));
  for (const [at, list] of lists.entries()) {
    if (at === 0) continue;
    const came = new Map(aligned(list, lists[at - 1] ?? []).flatMap(([before, after]) => (before === undefined || after === undefined ? [] : [[after, before] as const])));
    const earlier = new Map<number, number>();
    for (const [element, place] of places) {
      const before = came.get(place);
      if (before === undefined) continue;
      chains[element]?.push(list[before]);
      earlier.set(element, before);
    }
    places = earlier;
  }
  return chains;
}
