import type { Entry } from '../datastore/store.js';
import { Packed } from './packed.js';

/** Bytes, about, that are kept as they are: most batches need fewer, and are looked up without unpacking. */
export const PLAIN = 12_000_000;

/** What an entry takes, about, in bytes. */
export function entrySize({ value }: Pick<Entry, 'value'>): number {
  return 100 + value.length;
}

/** Entries by key, in the order in which the keys came; packed where they hold very much. */
export class Entries {
  readonly #places = new Map<string, number>();
  /** Few together: a manifest may name resources in any order. */
  readonly #values = new Packed<Omit<Entry, 'key'>>({ plain: PLAIN, sizeOf: entrySize, together: 16 });
  /** The keys by place: one text for each, whoever holds it. */
  readonly #keys: string[] = [];

  /** Adds an entry, or takes it in place of one that is there; one read without its value hides none that has one. */
  add({ key, ...value }: Entry): void {
    if (value.value === '' && this.#places.has(key)) return;
    this.#places.set(key, this.#values.add(value));
    this.#keys.push(key);
  }

  get(key: string): Entry | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : { key: this.#keys[place] as string, ...this.#values.at(place) };
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  keys(): Iterable<string> {
    return this.#places.keys();
  }
}
