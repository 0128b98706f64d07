/** Names the times at which something of ours is read again to see whether it is still as we made it. */
export class Recheck {
  private delayMs: number;
  private at: number;

  /**
   * @param intervalMs the longest time between two looks; 0: never
   * @param firstMs the time from a write of ours to the next look
   */
  constructor(
    private readonly intervalMs: number,
    private readonly firstMs: number,
    now: number,
  ) {
    this.delayMs = intervalMs;
    this.at = this.isOff ? Infinity : now + intervalMs;
  }

  /** When the next look is due, in milliseconds; Infinity where there is none. */
  get dueAt(): number {
    return this.at;
  }

  /** After a write of ours: the next look is soon, and the ones after it at doubling times (reference/felix 4.6). */
  wrote(now: number): void {
    if (this.isOff || this.firstMs <= 0) return;
    this.delayMs = Math.min(this.firstMs, this.intervalMs);
    this.at = Math.min(this.at, now + this.delayMs);
  }

  /** After a look. */
  looked(now: number): void {
    if (this.isOff) return;
    this.delayMs = Math.min(this.delayMs * 2, this.intervalMs);
    this.at = now + this.delayMs;
  }

  private get isOff(): boolean {
    return this.intervalMs <= 0;
  }
}
