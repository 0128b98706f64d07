import { Command, type Interfaces } from '@oclif/core';
import { explainedParseError, refuseContext, refuseEmptyValues, refuseOddNumbers, refuseSwitchValues } from './command-line.js';
import { Console } from './console.js';
import type { ResolvedSettings } from '../config/resolve.js';
import type { ConnectionSettings } from '../config/settings.js';
import type { Sources } from '../changes/initialize.js';
import type { ReadTargets } from '../changes/read-targets.js';
import type { Report } from '../output/views/changes/report.js';
import type { Store } from '../datastore/store.js';
import { CalicoError, ListedError, ManifestError, InvalidRequest, type Diagnostic } from '../base/errors.js';
import { ExitCode, exitCodeOf } from './exit-codes.js';
import { globalFlags, parseDuration } from './flags.js';
import { safe } from '../text/safe.js';
import { ReaderGone } from './text-writer.js';
import type { Dialect, Verb } from '../resources/kind.js';

/** Flags or arguments by name. */
type Values = Record<string, unknown>;

/** What a command may know of the flags that many commands share. */
interface CommonFlags {
  readonly config?: string | undefined;
  readonly timeout?: string | undefined;
  readonly dialect?: string | undefined;
  readonly 'log-level'?: string | undefined;
}

/** Signals that ask a command to end: Ctrl-C, `kill`, a terminal that is gone, Ctrl-\\. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * What all commands share: streams, settings, and how failures are told. The only class that touches `process`.
 * A command implements `execute`, which returns the exit code.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = globalFlags;

  /** Aborted by Ctrl-C, SIGTERM and the like: no new transaction is begun. */
  protected readonly interruption = new AbortController();
  /** Opened when it is read: that alone takes 3 to 6 ms. */
  protected readonly stdin: AsyncIterable<Buffer> = { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() };
  // As Node builds it a UUID is a chain of twenty pieces, which take eight times the room; this makes it one.
  protected readonly sources: Sources = { now: () => new Date(), uuid: () => crypto.randomUUID().toLowerCase() };
  protected dialect: Dialect = 'v1';
  /** Whether the command changes the store, so that its refusals say that it did not. */
  protected readonly writes: boolean = false;
  protected readonly env: Readonly<Record<string, string | undefined>> = process.env;
  protected readonly isRoot = process.getuid?.() === 0;
  // Whoever interrupts a command that only shows something does not want the rest; of one that writes, the account is due.
  private readonly console = new Console(() => !this.writes && this.interruption.signal.aborted);
  protected readonly terminal = this.console.terminal;
  private common: CommonFlags = {};
  private settings: ResolvedSettings | undefined;
  private reading = 0;
  private openStore: Store | undefined;

  /** Does the work. Data goes to `out`, everything else to `note`. */
  protected abstract execute(): Promise<ExitCode>;

  override async run(): Promise<void> {
    const interrupt = (): void => this.interrupt();
    for (const signal of ENDING) process.on(signal, interrupt);
    try {
      process.exitCode = await this.executeAndFlush();
    } catch (error) {
      // `| head` has all it wants.
      process.exitCode = error instanceof ReaderGone ? this.codeWithoutReader() : await this.tellFailure(error);
    } finally {
      // Node forgets what it holds when the process ends.
      await this.console.flush().catch(() => undefined);
      for (const signal of ENDING) process.off(signal, interrupt);
      this.openStore?.close();
    }
  }

  private async executeAndFlush(): Promise<ExitCode> {
    const started = performance.now();
    const code = await this.execute();
    await this.trace('debug', `done in ${Math.round(performance.now() - started)} ms, exit code ${code}`);
    try {
      await this.console.flush();
    } catch (error) {
      if (!(error instanceof ReaderGone)) throw error;
    }
    return this.interruption.signal.aborted ? ExitCode.interrupted : code;
  }

  private codeWithoutReader(): ExitCode {
    return this.interruption.signal.aborted ? ExitCode.interrupted : ExitCode.done;
  }

  /** Reads the command line. Throws InvalidRequest for what is no use to the command, with what to write instead. */
  protected override async parse<F extends Values, B extends Values, A extends Values>(options?: Interfaces.Input<F, B, A>, argv?: string[]): Promise<Interfaces.ParserOutput<F, B, A>> {
    refuseSwitchValues(argv ?? this.argv, options ?? this.ctor);
    try {
      const parsed = await super.parse(options, argv);
      refuseContext((parsed.flags as Values)['context']);
      refuseEmptyValues(parsed.raw);
      refuseOddNumbers(parsed.raw, parsed.flags);
      return parsed;
    } catch (error) {
      throw explainedParseError(error, (word) => this.instead(word), { ...options?.baseFlags, ...options?.flags });
    }
  }

  /** What should be written for a word that the command has no place for, such as `--ip WORD`; undefined where nothing is like it. */
  protected instead(_word: string): string | undefined {
    return undefined;
  }

  /** Takes the flags into use: settings and dialect follow from them. */
  protected async use<T extends CommonFlags>(flags: T): Promise<T> {
    this.common = flags;
    const chosen = flags.dialect ?? process.env['CALICOCTL_DIALECT'];
    if (chosen !== undefined && chosen !== '' && chosen !== 'v1' && chosen !== 'v3') throw new InvalidRequest(`CALICOCTL_DIALECT is ${JSON.stringify(chosen)}; it is v1 or v3`);
    if ('timeout' in flags) await this.resolve();
    this.dialect = chosen === 'v1' || chosen === 'v3' ? chosen : (this.settings?.dialect ?? 'v1');
    return flags;
  }

  private async resolve(): Promise<void> {
    const { resolveSettings } = await import('../config/resolve.js');
    const { config } = this.common;
    this.settings = await resolveSettings({ env: process.env, ...(config === undefined ? {} : { configFile: config }) });
    for (const warning of this.settings.warnings) await this.note(safe(warning));
    for (const advice of this.writes ? this.settings.leftAside : []) await this.hint(safe(advice));
  }

  /** Reads the manifests that -f names; few commands need the reader, which takes its time to load. Until that is done, Ctrl-C ends the process at once: nothing has begun. */
  protected async read(files: readonly string[], verb: Verb, flags: { readonly recursive?: boolean | undefined; readonly 'skip-empty'?: boolean | undefined; readonly namespace?: string | undefined }): Promise<ReadTargets> {
    const { readTargets } = await import('../changes/read-targets.js');
    const { recursive, namespace, 'skip-empty': skipEmpty } = flags;
    return this.whileReading(() => readTargets(files, { verb, recursive, skipEmpty, namespace, stdin: this.stdin, uuid: this.sources.uuid, blocking }));
  }

  /** Reads another file that was named, a pipe or a device too; interrupted as `read` is. Rejects with Node's own errors, or CalicoError for more than 128 MiB. */
  protected async readInput(path: string): Promise<Buffer> {
    const { readInput } = await import('../manifest/input.js');
    return this.whileReading(() => readInput(path));
  }

  /** Does what changes nothing: whoever interrupts it has it ended at once. */
  protected async whileReading<T>(read: () => Promise<T>): Promise<T> {
    this.reading++;
    try {
      return await read();
    } finally {
      this.reading--;
    }
  }

  /** How etcd is reached, for what is handed on to others. */
  protected get connection(): ConnectionSettings {
    if (this.settings === undefined) throw new Error('connection before use()');
    return this.settings.settings;
  }

  /** The store, connected with the settings. */
  protected async connect(): Promise<Store> {
    const { connect } = await import('../datastore/etcd/connect.js');
    if (this.settings === undefined) throw new Error('connect() before use()');
    const { endpoints, endpointsOrigin } = this.settings.settings;
    await this.trace('info', `etcd: ${endpoints.join(', ')} (${endpointsOrigin}), waiting at most ${this.common.timeout ?? '10s'} in all; dialect ${this.dialect}`);
    this.openStore = await connect(this.settings.settings, {
      timeoutMs: parseDuration(this.common.timeout ?? '10s'),
      signal: this.interruption.signal,
      onWarning: (text) => void this.hint(text),
    });
    return this.openStore;
  }

  /** Says what is done, where --log-level asks for it. */
  protected async trace(level: 'info' | 'debug', line: string): Promise<void> {
    const asked = this.common['log-level'];
    if (asked === 'debug' || asked === level) await this.note(safe(`${level}: ${line}`));
  }

  /** Says how far a long work has come, to somebody who is watching. */
  protected readonly showProgress = (text: string): void => this.console.showProgress(text);

  /** Writes data to stdout. */
  protected readonly out = (text: string): Promise<void> => this.console.out(text);

  /** Shows a line on stdout at once, after those before it. What goes wrong is thrown by the next `note` or at the end. */
  protected readonly say = (line: string): void => this.console.say(line);

  /** Writes a line to stderr, after all that was written to stdout. */
  protected note(line: string): Promise<void> {
    return this.console.note(line);
  }

  /** Writes a line to stderr where somebody is watching: scripts read both streams together. */
  protected async hint(line: string): Promise<void> {
    if (this.terminal.stderr) await this.note(line);
  }

  /** Whether somebody can answer a question: standard input is a terminal. */
  protected async canAnswer(): Promise<boolean> {
    return (await import('node:tty')).isatty(0);
  }

  /**
   * Shows lines and a question to whoever can answer; no answer is no, and undefined says that there is no place to show them.
   * Ctrl-C ends the process at once: nothing has begun.
   */
  protected async ask(lines: string, question: string): Promise<boolean | undefined> {
    if (!(await this.console.prompt(lines, question))) return undefined;
    const { isYes, readLine } = await import('./ask.js');
    return isYes(await this.whileReading(() => readLine(process.stdin.iterator({ destroyOnReturn: false }))));
  }

  /** Shows what is legal in the manifests and probably not meant, to somebody who is watching, or has asked; what breaks the network to everybody. */
  protected async showWarnings(warnings: readonly Diagnostic[], asked = false): Promise<void> {
    const shown = this.terminal.stderr || asked ? warnings : warnings.filter(({ grave }) => grave);
    if (shown.length > 0) await this.showDiagnostics(shown);
  }

  private async showDiagnostics(diagnostics: readonly Diagnostic[]): Promise<void> {
    const [{ diagnosticsText }, { coloursFor }] = await Promise.all([import('../output/views/diagnostics.js'), import('../output/theme/colours.js')]);
    const style = { colours: await coloursFor({ isTerminal: this.terminal.stderr, env: process.env }), withSource: this.terminal.stderr };
    await this.console.noteStyled(diagnosticsText(diagnostics, style));
  }

  /** Prints what a command came to and returns its exit code. */
  protected async tell(report: Report): Promise<ExitCode> {
    try {
      if (report.stdout !== '') await this.out(report.stdout);
    } catch (error) {
      if (!(error instanceof ReaderGone)) throw error;
    }
    if (report.stderr.length > 0) await this.note(report.stderr.join('\n'));
    return exitCodeOf(report);
  }

  /** There was nothing in the files. */
  protected async nothingGiven(files: readonly string[], allowed: boolean): Promise<ExitCode> {
    if (allowed) {
      await this.out('No resources specified\n');
      return ExitCode.done;
    }
    throw new CalicoError('invalid-document', `No resources specified in ${files.join(', ')}`, { hint: '--skip-empty makes this no error' });
  }

  private interrupt(): void {
    const again = this.interruption.signal.aborted;
    this.interruption.abort(new CalicoError('interrupted', 'interrupted'));
    if (again) process.exit(ExitCode.interrupted);
    if (this.reading > 0) void Promise.race([this.note('interrupted'), lastMoment()]).finally(() => process.exit(ExitCode.interrupted));
  }

  private async tellFailure(error: unknown): Promise<ExitCode> {
    if (!(error instanceof CalicoError)) throw error;
    if (error instanceof ManifestError) {
      if (error.unread.length > 0) await this.note(error.unread.map(safe).join('\n'));
      await this.showDiagnostics(error.diagnostics);
      if (this.writes) await this.note('Nothing was written.');
    } else await this.note((error instanceof ListedError ? error.lines : [error.message]).map(safe).join('\n'));
    if (error.hint !== undefined) await this.note(`hint: ${safe(error.hint)}`);
    return exitCodeOf(error);
  }
}

/** Without a listener Ctrl-C ends the process by itself, also where nothing else has its turn. */
function blocking<T>(work: () => T): T {
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
