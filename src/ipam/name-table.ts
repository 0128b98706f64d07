import { Texts } from './texts.js';

const FIRST_SLOTS = 1 << 10;

/** Numbers for very many names: the first is 0. In place of a Map, for which each name would have to be a string that stays. */
export class NameTable {
  readonly #names = new Texts();
  readonly #hashes: number[] = [];
  /** The number of a name plus one at the place its hash leads to, or at the next free one; 0 where there is none. */
  #slots = new Int32Array(FIRST_SLOTS);

  get size(): number {
    return this.#names.size;
  }

  /** The number of a name, the next one if it is new. */
  add(name: string): number {
    const number = this.#names.add(name);
    const hash = this.#names.hash(number);
    const slot = this.#slotOf(number, hash);
    const known = this.#slots[slot] as number;
    if (known !== 0) {
      this.#names.drop();
      return known - 1;
    }
    this.#slots[slot] = number + 1;
    this.#hashes.push(hash);
    if (this.size * 2 > this.#slots.length) this.#grow();
    return number;
  }

  /** The number of a name, or undefined. */
  find(name: string): number | undefined {
    const number = this.#names.add(name);
    const known = this.#slots[this.#slotOf(number, this.#names.hash(number))] as number;
    this.#names.drop();
    return known === 0 ? undefined : known - 1;
  }

  at(number: number): string {
    return this.#names.at(number);
  }

  /** The slot of the name that a text is, or the free one where it belongs. */
  #slotOf(text: number, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot] as number;
      if (known === 0 || (this.#hashes[known - 1] === hash && this.#names.same(known - 1, text))) return slot;
    }
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    const mask = this.#slots.length - 1;
    for (const [number, hash] of this.#hashes.entries()) {
      let slot = hash & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number + 1;
    }
  }
}
