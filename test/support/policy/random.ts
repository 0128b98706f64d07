/** Random choices that a seed repeats (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** At least 0, below 1. */
  fraction(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** At least 0, below the limit. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  chance(share: number): boolean {
    return this.fraction() < share;
  }

  one<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** Up to so many, with repetitions. */
  some<T>(values: readonly T[], most: number, least = 0): T[] {
    return this.times(least + this.below(most - least + 1), () => this.one(values));
  }

  times<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => make(index));
  }

  /** A field that is there in a share of the cases. */
  maybe<T>(share: number, name: string, make: () => T): Record<string, T> {
    return this.chance(share) ? { [name]: make() } : {};
  }
}
