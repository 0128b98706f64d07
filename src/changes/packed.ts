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
      this.#packs.push(Buffer.from(deflateRawSync(serialize(this.#open), { level: 1 })));
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
    if (this.#unpacked?.pack !== pack) this.#unpacked = { pack, values: deserialize(inflateRawSync(this.#packs[pack] as Buffer)) as Value[] };
    return this.#unpacked.values;
  }
}
