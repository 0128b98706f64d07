/**
 * The time a command may spend waiting for etcd, in milliseconds. The clock runs only while a call is under way;
 * calls that run side by side share it. What is done restarts it: work that goes on is not ended for its length.
 */
export class Budget {
  #spentMs = 0;
  #waiting = 0;
  #since = 0;

  constructor(
    readonly totalMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** What is left, zero or less once the budget is used up. */
  get remainingMs(): number {
    return this.totalMs - this.#spentMs - (this.#waiting > 0 ? this.now() - this.#since : 0);
  }

  /** Starts over: something was done. */
  renew(): void {
    this.#spentMs = 0;
    this.#since = this.now();
  }

  /** Runs the clock for as long as the work lasts. */
  async spend<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting++ === 0) this.#since = this.now();
    try {
      return await work();
    } finally {
      if (--this.#waiting === 0) this.#spentMs += this.now() - this.#since;
    }
  }
}
