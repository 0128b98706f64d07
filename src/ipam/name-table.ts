import { Texts } from './texts.js';

const FIRST_SLOTS = 1 << 10;

/** Numbers for very many names: the first is 0. In place of a Map, for which each name would have to be a string that stays. */
export class NameTable {
  readonly #names = new Texts();
  /** The number of a name plus one at the slot its hash leads to, or at the next free one; 0 where there is none. Beside it the hash: both come from memory at once. */
  #slots = new Int32Array(2 * FIRST_SLOTS);

  get size(): number {
    return this.#names.size;
  }

  /** The number of a name, the next one if it is new. */
  add(name: string): number {
    const number = this.#names.add(name);
    const hash = this.#names.hash(number);
    const slot = this.#slotOf(number, hash);
    const known = this.#slots[slot]!;
    if (known !== 0) {
      this.#names.drop();
      return known - 1;
    }
    this.#slots[slot] = number + 1;
    this.#slots[slot + 1] = hash;
    if (this.size * 4 > this.#slots.length) this.#grow();
    return number;
  }

  /** The number of a name, or undefined. */
  find(name: string): number | undefined {
    const number = this.#names.add(name);
    const known = this.#slots[this.#slotOf(number, this.#names.hash(number))]!;
    this.#names.drop();
    return known === 0 ? undefined : known - 1;
  }

  at(number: number): string {
    return this.#names.at(number);
  }

  /** The slot of the name that a text is, or the free one where it belongs. */
  #slotOf(text: number, hash: number): number {
    const slots = this.#slots;
    for (let slot = firstSlot(slots, hash); ; slot = nextSlot(slots, slot)) {
      const known = slots[slot]!;
      if (known === 0 || (slots[slot + 1] === hash && this.#names.same(known - 1, text))) return slot;
    }
  }

  #grow(): void {
    const before = this.#slots;
    const slots = new Int32Array(before.length * 2);
    for (let old = 0; old < before.length; old += 2) {
      if (before[old] === 0) continue;
      let slot = firstSlot(slots, before[old + 1]!);
      while (slots[slot] !== 0) slot = nextSlot(slots, slot);
      slots[slot] = before[old]!;
      slots[slot + 1] = before[old + 1]!;
    }
    this.#slots = slots;
  }
}

/** Slots are of two numbers, and there is a power of two of them. */
function firstSlot(slots: Int32Array, hash: number): number {
  return (hash * 2) & (slots.length - 2);
}

function nextSlot(slots: Int32Array, slot: number): number {
  return (slot + 2) & (slots.length - 2);
}
