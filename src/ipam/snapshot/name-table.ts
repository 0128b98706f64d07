import { withRoom } from './with-room.js';

const FIRST_SLOTS = 1 << 10;
const FIRST_WORDS = 1 << 14;
const WORD = 4;
/** Words of a record before its name: the number, and how many bytes the name has. */
const HEAD = 2;
/** The most bytes of UTF-8 that a unit of a JavaScript string takes. */
const MOST_BYTES_PER_UNIT = 3;

/**
 * A number for each of very many names, in place of a Map, for which each name would have to be a string that stays. What belongs
 * to a name is a record in one piece of memory, since names are asked for in no order and every place that is looked at costs as
 * much as all else. Names are padded with zeros and compared word by word.
 */
export class NameTable {
  #words = new Int32Array(FIRST_WORDS);
  #bytes = Buffer.from(this.#words.buffer);
  /** Where the next record begins, in words; what is asked for is written there to be compared. */
  #end = 0;
  #size = 0;
  /** Pairs: where the record of a name begins, plus one, and its hash, in the slot its hash leads to or the next free one; 0 in a free slot. */
  #slots = new Int32Array(2 * FIRST_SLOTS);

  get size(): number {
    return this.#size;
  }

  /** The place of a name, which is added with the number 0 if it is new. */
  add(name: string): number {
    const end = this.#write(name);
    const hash = this.#hash(end);
    const slot = this.#slotOf(hash, end);
    const known = this.#slots[slot]!;
    if (known !== 0) return known - 1;
    const place = this.#end;
    this.#slots[slot] = place + 1;
    this.#slots[slot + 1] = hash;
    this.#end = end;
    if (++this.#size * 4 > this.#slots.length) this.#grow();
    return place;
  }

  /** The place of a name, or undefined. */
  find(name: string): number | undefined {
    const end = this.#write(name);
    const known = this.#slots[this.#slotOf(this.#hash(end), end)]!;
    return known === 0 ? undefined : known - 1;
  }

  /** The number of the name at a place. */
  at(place: number): number {
    return this.#words[place]!;
  }

  set(place: number, number: number): void {
    this.#words[place] = number;
  }

  /** The place of every name, in the order in which they were added. */
  *places(): Generator<number> {
    for (let place = 0; place < this.#end; place += HEAD + Math.ceil(this.#words[place + 1]! / WORD)) yield place;
  }

  nameAt(place: number): string {
    const start = (place + HEAD) * WORD;
    return this.#bytes.toString('utf8', start, start + this.#words[place + 1]!);
  }

  /** Writes a record behind the last one, and returns where it ends. */
  #write(name: string): number {
    const start = this.#end + HEAD;
    const words = withRoom(this.#words, start + Math.ceil((name.length * MOST_BYTES_PER_UNIT) / WORD));
    if (words !== this.#words) [this.#words, this.#bytes] = [words, Buffer.from(words.buffer)];
    const length = this.#bytes.write(name, start * WORD);
    const end = start + Math.ceil(length / WORD);
    this.#words[this.#end] = 0;
    this.#words[this.#end + 1] = length;
    this.#bytes.fill(0, start * WORD + length, end * WORD);
    return end;
  }

  /** A hash of the record that was written last, 32 bits with their sign (MurmurHash3). */
  #hash(end: number): number {
    const words = this.#words;
    let hash = 0;
    for (let at = this.#end + 1; at < end; at++) {
      const mixed = Math.imul(words[at]!, 0xcc9e2d51);
      hash ^= Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
      hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return hash ^ (hash >>> 16);
  }

  /** The slot of the name that was written last, or the free one where it belongs. */
  #slotOf(hash: number, end: number): number {
    const slots = this.#slots;
    for (let slot = firstSlot(slots, hash); ; slot = nextSlot(slots, slot)) {
      const known = slots[slot]!;
      if (known === 0 || (slots[slot + 1] === hash && this.#isSame(known - 1, end))) return slot;
    }
  }

  /** Whether the name at a place is the one that was written last; the length is compared like the rest. */
  #isSame(place: number, end: number): boolean {
    const words = this.#words;
    for (let at = this.#end + 1, beside = place + 1; at < end; at++, beside++) if (words[at] !== words[beside]) return false;
    return true;
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
