/** What was made of facts, by its place: the same as long as the facts of the place are. */
export class Kept<T> {
  private readonly made = new Map<string, { readonly key: string; readonly value: T }>();

  /** @param facts all that `make` depends on, as JSON can say it */
  get(place: string, facts: unknown, make: () => T): T {
    const key = JSON.stringify(facts);
    let known = this.made.get(place);
    if (known?.key !== key) this.made.set(place, (known = { key, value: make() }));
    return known.value;
  }

  /** Forgets what does not meet a condition. */
  keep(isUsed: (value: T) => boolean): void {
    for (const [place, { value }] of this.made) if (!isUsed(value)) this.made.delete(place);
  }
}
