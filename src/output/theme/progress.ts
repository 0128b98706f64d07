import { columnsOf } from '../../text/width.js';

/** Nothing is shown of what is done sooner. */
const QUIET_MS = 1000;
const BETWEEN_MS = 100;
const CLEAR_LINE = '\r\x1b[K';

/** One line on a terminal that says how far something has come and how long it may still take, and is gone when it is done (design.md, output). */
export class ProgressLine {
  private readonly started: number;
  private shownAt: number | undefined;
  /** The work at hand: when it was first told of, and how much of it was done then, and when that was last told. Less of it is other work. */
  private work: { readonly since: number; readonly from: number; share: number } | undefined;

  /** `now` tells milliseconds, `columns` how wide the terminal is. */
  constructor(
    private readonly write: (text: string) => void,
    private readonly now: () => number,
    private readonly columns: () => number = () => 80,
  ) {
    this.started = now();
  }

  /**
   * Shows a text in place of the one before; nothing in the first second, and then at most ten times a second.
   * @param share how much of the work is done, from 0 to 1, where that is known
   */
  show(text: string, share?: number): void {
    const at = this.now();
    if (share === undefined) this.work = undefined;
    else if (this.work === undefined || share < this.work.share) this.work = { since: at, from: share, share };
    else this.work.share = share;
    if (at - this.started < QUIET_MS || (this.shownAt !== undefined && at - this.shownAt < BETWEEN_MS)) return;
    this.shownAt = at;
    // A line that the terminal breaks could not be taken away.
    this.write(`${CLEAR_LINE}${cutTo(this.columns() - 1, `${text}${this.remaining(at)}`)}`);
  }

  /** What is left at the pace since the work was first told of, for what came before that is other work; nothing where too little was done to tell. */
  private remaining(at: number): string {
    if (this.work === undefined) return '';
    const { since, from, share } = this.work;
    const spent = at - since;
    if (share <= from || share >= 1 || spent < QUIET_MS) return '';
    const seconds = Math.ceil((spent * (1 - share)) / (share - from) / 1000);
    return seconds < 100 ? `, about ${seconds} s left` : `, about ${Math.round(seconds / 60)} min left`;
  }

  /** Takes the line away, so that something else can be written there. */
  clear(): void {
    if (this.shownAt === undefined) return;
    this.shownAt = undefined;
    this.write(CLEAR_LINE);
  }
}

/** As much of a text as so many columns of a terminal hold. */
function cutTo(columns: number, text: string): string {
  let left = columns;
  let cut = '';
  for (const character of text) {
    left -= columnsOf(character);
    if (left < 0) break;
    cut += character;
  }
  return cut;
}
