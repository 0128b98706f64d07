/** Every sequence of up to `longest` of the things, the empty one among them. */
export function sequences<T>(things: readonly T[], longest: number): readonly (readonly T[])[] {
  const all: (readonly T[])[] = [[]];
  let last: (readonly T[])[] = [[]];
  for (let length = 1; length <= longest; length++) {
    last = last.flatMap((sequence) => things.map((thing) => [...sequence, thing]));
    all.push(...last);
  }
  return all;
}

/** Every way to let a sequence happen, in its order, before the requests numbered from 0 to `moments` - 1: which things before which. */
export function interleavings<T>(sequence: readonly T[], moments: number): readonly ReadonlyMap<number, readonly T[]>[] {
  let ways: { readonly from: number; readonly way: ReadonlyMap<number, readonly T[]> }[] = [{ from: 0, way: new Map() }];
  for (const thing of sequence) {
    ways = ways.flatMap(({ from, way }) =>
      Array.from({ length: moments - from }, (_none, index) => {
        const moment = from + index;
        return { from: moment, way: new Map([...way, [moment, [...(way.get(moment) ?? []), thing]]]) };
      }),
    );
  }
  return ways.map(({ way }) => way);
}
