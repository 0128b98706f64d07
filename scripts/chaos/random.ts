/** Numbers that a seed decides (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `low` up to, not including, `high`. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(things: readonly T[]): T {
    return things[this.between(0, things.length)] as T;
  }

  /** So many different ones of the things, in any order. */
  several<T>(things: readonly T[], count: number): T[] {
    const left = [...things];
    return Array.from({ length: Math.min(count, left.length) }, () => left.splice(this.between(0, left.length), 1)[0] as T);
  }

  /** Another source, which this one decides. */
  fork(): Random {
    return new Random(Math.floor(this.next() * 2 ** 32));
  }
}
