/** One line of a reply: its code, and the text after it. Lines that only continue have the code of the line before. */
export interface ReplyLine {
  readonly code: number;
  readonly text: string;
}

/** A whole answer of BIRD to one command, or its greeting. */
export type Reply = readonly ReplyLine[];

/** What came over the socket is not BIRD's protocol. */
export class NotBirdError extends Error {
  constructor(readonly line: string) {
    super(`it said ${JSON.stringify(line.slice(0, LONGEST_QUOTE))}`);
    this.name = 'NotBirdError';
  }
}

const LONGEST_QUOTE = 60;
const CODED_LINE = /^(\d{4})([ -])(.*)$/;

/**
 * Puts the text of a control socket together to replies (reference/node 4.1). A line has a code of four digits, then
 * `-` where the reply goes on and a blank where it ends; a line that begins with a blank continues the one before.
 */
export class ReplyReader {
  private rest = '';
  private lines: ReplyLine[] = [];

  /** Takes some text; returns the replies that are complete with it. Throws NotBirdError. */
  push(text: string): Reply[] {
    const replies: Reply[] = [];
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() as string;
    if (!couldBegin(this.rest)) throw new NotBirdError(this.rest);
    for (const line of lines) if (this.take(line.replace(/\r$/, ''))) replies.push(this.finish());
    return replies;
  }

  /** Takes a line; whether it ends the reply. */
  private take(line: string): boolean {
    const coded = CODED_LINE.exec(line);
    if (coded !== null) {
      this.lines.push({ code: Number(coded[1]), text: coded[3] as string });
      return coded[2] === ' ';
    }
    const before = this.lines.at(-1);
    // Messages of the daemon that may come at any time begin with "+".
    if (line.startsWith('+')) return false;
    if (!line.startsWith(' ') || before === undefined) throw new NotBirdError(line);
    this.lines.push({ code: before.code, text: line.slice(1) });
    return false;
  }

  private finish(): Reply {
    const reply = this.lines;
    this.lines = [];
    return reply;
  }
}

/** Whether an unfinished line can become one of BIRD's: so that garbage without a line break is found at once. */
function couldBegin(start: string): boolean {
  return /^(?:$|[ +]|\d{1,4}$|\d{4}[ -])/.test(start);
}
