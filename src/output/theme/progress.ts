/** Nothing is shown of what is done sooner. */
const QUIET_MS = 1000;
const BETWEEN_MS = 100;
const CLEAR_LINE = '\r\x1b[K';

/** One line on a terminal that says how far something has come, and is gone when it is done (design.md, output). */
export class ProgressLine {
  private readonly started: number;
  private shownAt: number | undefined;

  /** `now` tells milliseconds. */
  constructor(
    private readonly write: (text: string) => void,
    private readonly now: () => number,
  ) {
    this.started = now();
  }

  /** Shows a text in place of the one before; nothing in the first second, and then at most ten times a second. */
  show(text: string): void {
    const at = this.now();
    if (at - this.started < QUIET_MS || (this.shownAt !== undefined && at - this.shownAt < BETWEEN_MS)) return;
    this.shownAt = at;
    this.write(`${CLEAR_LINE}${text}`);
  }

  /** Takes the line away, so that something else can be written there. */
  clear(): void {
    if (this.shownAt === undefined) return;
    this.shownAt = undefined;
    this.write(CLEAR_LINE);
  }
}
