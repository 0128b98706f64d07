/** What the kernel holds as far as we know: what it held when we looked, and what we changed since. */
export class Belief<T> {
  private readonly there = new Map<string, T>();

  constructor(private readonly isSame: (a: T, b: T) => boolean) {}

  /** Takes what a look at the kernel showed. */
  learn(entries: readonly (readonly [string, T])[]): void {
    this.there.clear();
    for (const [key, value] of entries) this.there.set(key, value);
  }

  get(key: string): T | undefined {
    return this.there.get(key);
  }

  set(key: string, value: T): void {
    this.there.set(key, value);
  }

  /** Forgets entries: they are made again where they are wanted. */
  forget(key: string): void {
    this.there.delete(key);
  }

  forgetWhere(isGone: (value: T) => boolean): void {
    for (const [key, value] of this.there) if (isGone(value)) this.there.delete(key);
  }

  /** What is wanted and not there, or not so. */
  missing(wanted: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
    return [...wanted].filter(([key, value]) => {
      const known = this.there.get(key);
      return known === undefined || !this.isSame(known, value);
    });
  }

  /** What is there and not wanted. */
  unwanted(wanted: ReadonlyMap<string, unknown>): readonly (readonly [string, T])[] {
    return [...this.there].filter(([key]) => !wanted.has(key));
  }
}
