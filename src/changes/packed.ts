import { deserialize, serialize } from 'node:v8';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Where packing begins, and how much is packed at once. */
export interface PackedOptions<Value> {
  /** Values up to this size in all stay as they are: below that, packing saves nothing that anybody would notice. */
  readonly plain?: number;
  /** The size of a value; each counts as one unless it is given. */
  readonly sizeOf?: (value: Value) => number;
  /** Values that are packed together: many pack well, few are unpacked fast where they are asked for in any order. */
  readonly together?: number;
}

/**
 * A list of plain data that only grows. Of very many values, all but the first are kept packed, at a tenth of their size, and
 * unpacked when they are asked for: who walks through them in order unpacks each once. They must not be changed.
 */
export class Packed<Value> {
  readonly #plain: Value[] = [];
  readonly #packs: Buffer[] = [];
  #open: Value[] = [];
  #unpacked: { readonly pack: number; readonly values: readonly Value[] } | undefined;
  #room: number;
  readonly #sizeOf: (value: Value) => number;
  readonly #together: number;

  constructor({ plain = 2_000, sizeOf = () => 1, together = 64 }: PackedOptions<Value> = {}) {
    this.#room = plain;
    this.#sizeOf = sizeOf;
    this.#together = together;
  }

  /** Adds a value and returns its place, from 0. */
  add(value: Value): number {
    if (this.#room >= 0) this.#room -= this.#sizeOf(value);
    if (this.#room >= 0) return this.#plain.push(value) - 1;
    const place = this.#plain.length + this.#packs.length * this.#together + this.#open.push(value) - 1;
    if (this.#open.length === this.#together) {
      // A copy: zlib's own piece of memory is larger by far.
      this.#packs.push(Buffer.from(deflateRawSync(serialize(withoutMaps(this.#open)), { level: 1 })));
      this.#open = [];
    }
    return place;
  }

  /** The value at a place that `add` returned: the same or a copy. */
  at(place: number): Value {
    const packed = place - this.#plain.length;
    if (packed < 0) return this.#plain[place] as Value;
    const [pack, index] = [Math.floor(packed / this.#together), packed % this.#together];
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
