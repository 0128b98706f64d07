import { deserialize, serialize } from 'node:v8';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** So many stay as they are: below that, packing saves nothing that anybody would notice. */
const PLAIN = 2_000;
/** Values that are packed together: many pack well, few are unpacked fast. */
const TOGETHER = 64;

/**
 * A list of plain data that only grows. Of very many values, all but the first are kept packed, at a tenth of their size, and
 * unpacked when they are asked for: who walks through them in order unpacks each once. They must not be changed.
 */
export class Packed<Value> {
  readonly #plain: Value[] = [];
  readonly #packs: Buffer[] = [];
  #open: Value[] = [];
  #unpacked: { readonly pack: number; readonly values: readonly Value[] } | undefined;

  /** Adds a value and returns its place, from 0. */
  add(value: Value): number {
    if (this.#plain.length < PLAIN) return this.#plain.push(value) - 1;
    const place = PLAIN + this.#packs.length * TOGETHER + this.#open.push(value) - 1;
    if (this.#open.length === TOGETHER) {
      // A copy: zlib's own piece of memory is larger by far.
      this.#packs.push(Buffer.from(deflateRawSync(serialize(withoutMaps(this.#open)), { level: 1 })));
      this.#open = [];
    }
    return place;
  }

  /** The value at a place that `add` returned: the same or a copy. */
  at(place: number): Value {
    if (place < PLAIN) return this.#plain[place] as Value;
    const [pack, index] = [Math.floor((place - PLAIN) / TOGETHER), (place - PLAIN) % TOGETHER];
    return (pack === this.#packs.length ? this.#open : this.#valuesOf(pack))[index] as Value;
  }

  #valuesOf(pack: number): readonly Value[] {
    if (this.#unpacked?.pack !== pack) this.#unpacked = { pack, values: withMaps(deserialize(inflateRawSync(this.#packs[pack] as Buffer))) as Value[] };
    return this.#unpacked.values;
  }
}

type Members = Record<string, unknown>;

/**
 * A value in which each map, an object without a prototype (go/json.ts), is a Map: objects lose their prototype when they are
 * packed, and with it the order in which they are written. What has no map in it stays as it is.
 */
function withoutMaps(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const isMap = Object.getPrototypeOf(value) === null;
  const members = Object.entries(value as Members).map(([key, each]) => [key, withoutMaps(each)] as const);
  if (isMap) return new Map(members);
  if (members.every(([key, each]) => (value as Members)[key] === each)) return value;
  return Array.isArray(value) ? members.map(([, each]) => each) : Object.fromEntries(members);
}

/** The value that `withoutMaps` was given, from what came of it; may change it. */
function withMaps(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Map) {
    const map = Object.create(null) as Members;
    for (const [key, each] of value as Map<string, unknown>) map[key] = withMaps(each);
    return map;
  }
  for (const key of Object.keys(value)) {
    const each = (value as Members)[key];
    const whole = withMaps(each);
    if (whole !== each) (value as Members)[key] = whole;
  }
  return value;
}
