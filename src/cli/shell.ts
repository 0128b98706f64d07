import { isSea } from 'node:sea';
import { CalicoError, ListedError, ManifestError, type Diagnostic } from '../base/errors.js';
import { ExitCode } from './exit-codes.js';
import type { Colours } from '../output/theme/colours.js';
import { hintText } from '../output/views/hint.js';
import { shownNotice, type Notice } from '../output/views/notices.js';
import { flowed } from '../text/prose.js';
import { safe } from '../text/safe.js';
import { Console } from './console.js';
import { ReaderGone } from './text-writer.js';

/** Signals that ask a command to end: Ctrl-C, `kill`, a terminal that is gone, Ctrl-\\. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * The process that a command runs in: its streams, the signals that ask it to end, and how it ends. With `console.ts` the only
 * place of `cli` that touches `process`.
 */
export class Shell {
  /** Aborted by Ctrl-C, SIGTERM and the like: no new transaction is begun. */
  readonly interruption = new AbortController();
  /** Opened when it is read: that alone takes 3 to 6 ms. */
  readonly stdin: AsyncIterable<Buffer> = { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() };
  readonly env: Readonly<Record<string, string | undefined>> = process.env;
  /** The words that start this program again: a Node that runs a file, or one with the program inside. */
  readonly program: readonly string[] = isSea() ? [process.execPath] : [process.execPath, ...process.argv.slice(1, 2)];
  /** The processor's time that this process has spent, in milliseconds. */
  readonly processorMs = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  readonly isRoot = process.getuid?.() === 0;
  // Whoever interrupts a command that only shows something does not want the rest; of one that writes, the account is due.
  readonly #console = new Console(() => !this.writes() && this.interruption.signal.aborted);
  readonly terminal = this.#console.terminal;
  #reading = 0;
  #away = 0;

  /** `writes` says whether the command changes the store: its refusals say then that it did not. `codeOf` is the exit code for a failure. */
  constructor(
    private readonly writes: () => boolean,
    private readonly codeOf: (failure: CalicoError) => ExitCode,
  ) {}

  /** Runs a command to its end: tells a failure, writes out all that was said, and sets the exit code. Throws what nobody expected. */
  async run(execute: () => Promise<ExitCode>): Promise<void> {
    const interrupt = (signal: NodeJS.Signals): void => this.#interrupt(signal);
    for (const signal of ENDING) process.on(signal, interrupt);
    try {
      process.exitCode = await this.#executeAndFlush(execute);
    } catch (error) {
      // `| head` has all it wants.
      process.exitCode = error instanceof ReaderGone ? this.#orInterrupted(ExitCode.done) : await this.#tellFailure(error);
    } finally {
      // Node forgets what it holds when the process ends.
      await this.#console.flush().catch(() => undefined);
      for (const signal of ENDING) process.off(signal, interrupt);
    }
  }

  async #executeAndFlush(execute: () => Promise<ExitCode>): Promise<ExitCode> {
    const code = await execute();
    try {
      await this.#console.flush();
    } catch (error) {
      if (!(error instanceof ReaderGone)) throw error;
    }
    return this.#orInterrupted(code);
  }

  #orInterrupted(code: ExitCode): ExitCode {
    return this.interruption.signal.aborted ? ExitCode.interrupted : code;
  }

  /** Does what changes nothing: whoever interrupts it has it ended at once. */
  async whileReading<T>(read: () => Promise<T>): Promise<T> {
    this.#reading++;
    try {
      return await read();
    } finally {
      this.#reading--;
    }
  }

  /** Whether what is written to stdout stays in a file. */
  get keepsOutput(): boolean {
    return this.#console.keepsOutput;
  }

  /** How many columns there are for a table; undefined where it goes to a file or a pipe, or the terminal does not say. */
  get room(): number | undefined {
    return this.terminal.stdout ? process.stdout.columns || undefined : undefined;
  }

  /** Does what leaves the terminal to another program: what is typed there, Ctrl-C too, is that program's. */
  async whileAway<T>(work: () => Promise<T>): Promise<T> {
    await this.#console.flush();
    this.#away++;
    try {
      return await work();
    } finally {
      this.#away--;
    }
  }

  /** Writes data to stdout. Throws ReaderGone where nobody reads it. */
  readonly out = (text: string): Promise<void> => this.#console.out(text);

  /** The same of text with colours of our own, whose parts have been made safe one by one. */
  readonly outStyled = (text: string): Promise<void> => this.#console.outStyled(text);

  /** The colours for a stream: none unless a person sees it, or asks for them. */
  async colours(stream: 'stdout' | 'stderr' = 'stdout'): Promise<Colours> {
    const { coloursFor } = await import('../output/theme/colours.js');
    return coloursFor({ isTerminal: this.terminal[stream], env: process.env });
  }

  /** The same of sentences: on a terminal lines are broken between words. */
  readonly outProse = (text: string): Promise<void> => this.outStyled(flowed(text, this.room));

  /** Writes whole lines to stdout, at once, none of them torn. Throws ReaderGone where nobody reads them. */
  readonly outLines = (text: string): Promise<void> => this.#console.outLines(text);

  /** Shows a line on stdout at once, after those before it. What goes wrong is thrown by the next `note` or at the end. */
  readonly say = (line: string): void => this.#console.say(line);

  /** Writes a line to stderr, after all that was written to stdout. */
  readonly note = (line: string): Promise<void> => this.#console.note(line);

  /** Writes a line to stderr where somebody is watching: scripts read both streams together. */
  readonly hint = async (line: string): Promise<void> => {
    if (this.terminal.stderr) await this.note(line);
  };

  /** Shows what long work says. */
  readonly notify = (notice: Notice): void => {
    const { as, lines, share } = shownNotice(notice);
    if (as === 'progress') return this.#console.showProgress(lines[0], share);
    const show = { lines: this.say, note: this.note, hint: this.hint }[as];
    for (const line of lines) void show(line);
  };

  /** Reads a file that was named, a pipe or a device too. Rejects with Node's own errors, or CalicoError for more than 128 MiB. */
  readonly readInput = async (path: string): Promise<Buffer> => {
    const { readInput } = await import('../manifest/input.js');
    return this.whileReading(() => readInput(path));
  };

  /** The same as text. Throws CalicoError that says why it cannot be read. */
  async readText(path: string): Promise<string> {
    try {
      return (await this.readInput(path)).toString();
    } catch (error) {
      if (error instanceof CalicoError) throw error;
      const { causeOf } = await import('../manifest/files.js');
      throw new CalicoError('failed', `cannot read ${path}: ${causeOf((error as NodeJS.ErrnoException).code ?? String(error))}`);
    }
  }

  /** The same, or standard input for `-`. */
  async readTextOrStdin(path: string): Promise<string> {
    if (path !== '-') return this.readText(path);
    const { readWhole } = await import('../manifest/input.js');
    return (await this.whileReading(() => readWhole(this.stdin, () => undefined))).toString();
  }

  /** Whether somebody can answer a question: standard input is a terminal. */
  async canAnswer(): Promise<boolean> {
    return (await import('node:tty')).isatty(0);
  }

  /**
   * Shows lines and a question to whoever can answer; no answer is no, and undefined says that there is no place to show them.
   * Ctrl-C ends the process at once: nothing has begun.
   */
  async ask(lines: string, question: string): Promise<boolean | undefined> {
    if (!(await this.#console.prompt(lines, question))) return undefined;
    const { isYes, readLine } = await import('./ask.js');
    return isYes(await this.whileReading(() => readLine(process.stdin.iterator({ destroyOnReturn: false }))));
  }

  /** Shows what is wrong, or probably not meant, in files: with colours and source lines to somebody who is watching. */
  async showDiagnostics(diagnostics: readonly Diagnostic[]): Promise<void> {
    const [{ diagnosticsText }, colours] = await Promise.all([import('../output/views/diagnostics.js'), this.colours('stderr')]);
    const style = { colours, withSource: this.terminal.stderr, room: this.#console.noteRoom };
    await this.#console.noteStyled(diagnosticsText(diagnostics, style));
  }

  #interrupt(received: NodeJS.Signals): void {
    if (this.#away > 0 && (received === 'SIGINT' || received === 'SIGQUIT')) return;
    const again = this.interruption.signal.aborted;
    this.interruption.abort(new CalicoError('interrupted', 'interrupted'));
    if (again) process.exit(ExitCode.interrupted);
    if (this.#reading > 0) void Promise.race([this.note('interrupted'), lastMoment()]).finally(() => process.exit(ExitCode.interrupted));
  }

  async #tellFailure(error: unknown): Promise<ExitCode> {
    if (!(error instanceof CalicoError)) throw error;
    if (error instanceof ManifestError) {
      if (error.unread.length > 0) await this.note(error.unread.map(safe).join('\n'));
      await this.showDiagnostics(error.diagnostics);
      if (this.writes()) await this.note('Nothing was written.');
    } else await this.note((error instanceof ListedError ? error.lines : [error.message]).map(safe).join('\n'));
    const hint = hintText(error.hint);
    if (hint !== undefined) await this.note(`hint: ${safe(hint)}`);
    return this.codeOf(error);
  }
}

/** Does what cannot be interrupted otherwise: without a listener Ctrl-C ends the process by itself, also where nothing else has its turn. */
export function blocking<T>(work: () => T): T {
  const removed = ENDING.flatMap((signal) => process.listeners(signal).map((listener) => ({ signal, listener })));
  for (const { signal, listener } of removed) process.off(signal, listener);
  try {
    return work();
  } finally {
    for (const { signal, listener } of removed) process.on(signal, listener);
  }
}

/** How long somebody who interrupts waits at most for the last word. */
function lastMoment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 200));
}
