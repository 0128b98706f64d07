const FIRST_BYTES = 1 << 16;
/** The most bytes of UTF-8 that a unit of a JavaScript string takes. */
const MOST_BYTES_PER_UNIT = 3;

/** Very many texts by number, as bytes in one buffer: as strings they would be as many objects for the garbage collector to move and to mark. */
export class Texts {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  /** Where each text ends, which is where the next begins. */
  readonly #ends: number[] = [];

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

  at(number: number): string {
    return this.#bytes.toString('utf8', this.#start(number), this.#ends[number]);
  }

  #start(number: number): number {
    return number === 0 ? 0 : (this.#ends[number - 1] as number);
  }
}
