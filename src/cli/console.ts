import { fstatSync, openSync } from 'node:fs';
import { ProgressLine } from '../output/theme/progress.js';
import { flowed } from '../text/prose.js';
import { safe, safeText } from '../text/safe.js';
import { ReaderGone, TextWriter } from './text-writer.js';

/**
 * The two streams of a command. What was said is written out whole before a promise is kept, in the order in which it was
 * said, also to a slow reader; no text, wherever it comes from, can steer a terminal. The one place that writes to either.
 */
export class Console {
  readonly terminal = { stdout: isTerminal(1), stderr: isTerminal(2) };
  private readonly stdout: TextWriter;
  private readonly stderr: TextWriter;
  private readonly progress = new ProgressLine((text) => process.stderr.write(text), () => performance.now(), () => process.stderr.columns || 80);
  private said: Promise<void> = Promise.resolve();
  private noted: Promise<void> = Promise.resolve();

  /** Once `isAbandoned` says so, a reader that has stopped reading is not waited for any more. */
  constructor(isAbandoned: () => boolean) {
    this.stdout = new TextWriter(1, isAbandoned);
    this.stderr = new TextWriter(2, isAbandoned);
  }

  /** Whether what is written to stdout stays in a file. */
  get keepsOutput(): boolean {
    return isRegularFile(1);
  }

  /** Writes data to stdout. Throws ReaderGone where nobody reads it. */
  out(text: string): Promise<void> {
    return this.outStyled(this.terminal.stdout ? safeText(text) : text);
  }

  /** The same of text with colours of our own, whose parts have been made safe one by one. */
  async outStyled(text: string): Promise<void> {
    this.progress.clear();
    await this.stdout.write(text);
  }

  /** Writes whole lines to stdout, at once, none of them torn. Throws ReaderGone where nobody reads them. */
  async outLines(text: string): Promise<void> {
    this.progress.clear();
    await this.stdout.writeLines(this.terminal.stdout ? safeText(text) : text);
  }

  /** Shows a line on stdout at once, after those before it. What goes wrong is thrown by the next `note` or at the end. */
  say(line: string): void {
    this.said = this.said.then(async () => {
      this.progress.clear();
      await this.stdout.write(`${safe(line)}\n`);
      await this.stdout.flush();
    });
    this.said.catch(() => undefined);
  }

  /** How many columns there are on stderr; undefined where it is no terminal, or that does not say. */
  get noteRoom(): number | undefined {
    return this.terminal.stderr ? process.stderr.columns || undefined : undefined;
  }

  /** Writes a line, or several, to stderr, after all that was written to stdout; on a terminal they are broken between words. */
  note(line: string): Promise<void> {
    return this.noteStyled(flowed(safeText(line), this.noteRoom));
  }

  /** The same of text with colours of our own, whose parts have been made safe one by one. */
  noteStyled(line: string): Promise<void> {
    this.noted = this.noted.then(async () => {
      this.progress.clear();
      await this.flushStdout();
      await ignoringFailure(this.write(line));
    });
    return this.noted;
  }

  /**
   * Shows lines and a question after all that was said, where whoever types the answer sees them: on stderr, stdout or the
   * terminal that the process has, the first that is a terminal; returns false where none is. The answer is typed on the same line.
   */
  async prompt(lines: string, question: string): Promise<boolean> {
    await this.noted;
    this.progress.clear();
    await this.flushStdout();
    const terminal = this.terminal.stderr ? this.stderr : this.terminal.stdout ? this.stdout : ownTerminal();
    if (terminal === undefined) return false;
    await ignoringFailure((async () => {
      await terminal.write(`${safeText(lines)}\n${safe(question)}`);
      await terminal.flush();
    })());
    return true;
  }

  private async write(line: string, end = '\n'): Promise<void> {
    await this.stderr.write(line + end);
    await this.stderr.flush();
  }

  /** A reader of stdout that is gone does not take away what stderr has to say. */
  private async flushStdout(): Promise<void> {
    try {
      await this.said;
      await this.stdout.flush();
    } catch (error) {
      if (!(error instanceof ReaderGone)) throw error;
    }
  }

  /** Says how far a long work has come, to somebody who is watching; no text takes away what was said of it. */
  showProgress(text: string | undefined, share?: number): void {
    if (text === undefined) this.progress.clear();
    else if (this.terminal.stderr) this.progress.show(safe(text), share);
  }

  /** Writes out all that was said. Throws ReaderGone where nobody reads it, and CalicoError where it cannot be written. */
  async flush(): Promise<void> {
    this.progress.clear();
    await this.said;
    await this.noted;
    await this.stdout.flush();
  }
}

/** There is nobody left to tell that stderr cannot be written. */
async function ignoringFailure(written: Promise<void>): Promise<void> {
  await written.catch(() => undefined);
}

/** The terminal from which the process was started, wherever its streams go; undefined where there is none. */
function ownTerminal(): TextWriter | undefined {
  try {
    return new TextWriter(openSync('/dev/tty', 'w'));
  } catch {
    return undefined;
  }
}

function isRegularFile(descriptor: 1): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}

/** Whether stdout (1) or stderr (2) is a terminal. Node's streams take 2 to 7 ms to make, so a file or pipe is found out without them. */
function isTerminal(descriptor: 1 | 2): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice() && (descriptor === 1 ? process.stdout : process.stderr).isTTY;
  } catch {
    return false;
  }
}
