const FIRST_BYTES = 1 << 16;
/** The most bytes of UTF-8 that a unit of a JavaScript string takes. */
const MOST_BYTES_PER_UNIT = 3;

/** Very many texts by number, as bytes in one buffer: as strings they would be as many objects for the garbage collector to move and to mark. */
export class Texts {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  /** Where each text ends, which is where the next begins. */
  readonly #ends: number[] = [];

  get size(): number {
    return this.#ends.length;
  }

  /** Adds a text and returns its number; they are counted from 0. */
  add(text: string): number {
    const start = this.#start(this.#ends.length);
    const needed = start + text.length * MOST_BYTES_PER_UNIT;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, start);
      this.#bytes = grown;
    }
    return this.#ends.push(start + this.#bytes.write(text, start)) - 1;
  }

  /** Takes the last one away. */
  drop(): void {
    this.#ends.pop();
  }

  at(number: number): string {
    return this.#bytes.toString('utf8', this.#start(number), this.#ends[number]);
  }

  /** A hash of all bytes of a text, 32 bits with their sign (FNV-1a). */
  hash(number: number): number {
    const bytes = this.#bytes;
    const end = this.#ends[number] as number;
    let hash = 0x811c9dc5 | 0;
    for (let at = this.#start(number); at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    return hash;
  }

  /** Whether two texts are the same. */
  same(one: number, other: number): boolean {
    const bytes = this.#bytes;
    let [at, beside] = [this.#start(one), this.#start(other)];
    const end = this.#ends[one] as number;
    if (end - at !== (this.#ends[other] as number) - beside) return false;
    while (at < end) if (bytes[at++] !== bytes[beside++]) return false;
    return true;
  }

  #start(number: number): number {
    return number === 0 ? 0 : (this.#ends[number - 1] as number);
  }
}
