import { Command, type Interfaces } from '@oclif/core';
import { DatastoreError, InvalidRequest, type Ending } from '../base/errors.js';
import { exitCodeOf, type ExitCode } from './exit-codes.js';
import type { Sources } from '../changes/initialize.js';
import type { ResolvedSettings } from '../config/resolve.js';
import type { NamedContext } from '../config/source.js';
import type { ConnectionSettings } from '../config/settings.js';
import type { Guard } from '../changes/guard.js';
import type { Store } from '../datastore/store.js';
import type { CommandReport } from '../output/views/report.js';
import type { Dialect } from '../resources/kind.js';
import { safe } from '../text/safe.js';
import type { Moment } from './at.js';
import { refuseEmptyValues, refuseOddNumbers, refuseSwitchValues } from './command-line.js';
import type { BundleName, WarmRun } from './build-facts.js';
import type { CommandGuard, GuardFlags } from './guarding.js';
import { globalFlags, parseTimeLimit } from './flags.js';
import { Shell } from './shell.js';
import type { KnownFlags } from './value-words.js';
import { withSelectors } from './short-selector.js';
import { ReaderGone } from './text-writer.js';

/** Flags or arguments by name. */
type Values = Record<string, unknown>;

/** What a command may know of the flags that many commands share. */
interface CommonFlags {
  readonly config?: string | undefined;
  readonly context?: string | undefined;
  readonly timeout?: string | undefined;
  readonly store?: string | undefined;
  readonly at?: string | undefined;
  readonly dialect?: string | undefined;
  readonly 'log-level'?: string | undefined;
}

/** What all commands share: the command line, settings and the store. A command implements `execute`, which returns the exit code. */
export abstract class BaseCommand extends Command {
  static override baseFlags = globalFlags;
  /** Where and how the command is built; the build refuses a command that does not say it. */
  static readonly bundle: BundleName | undefined;
  static readonly warm: WarmRun | undefined;

  /** Whether the command changes the store, so that its refusals say that it did not. */
  protected readonly writes: boolean = false;
  /** What the journal keeps of what the command writes: with the values before, or which keys changed. */
  protected readonly recorded: 'values' | 'keys' = 'values';
  /** Whether the command lists or changes contexts: it works whatever CALICOCTL_CONTEXT names. */
  protected readonly managesContexts: boolean = false;
  protected readonly shell = new Shell(() => this.writes, (failure) => this.codeOf(failure));
  protected readonly out = this.shell.out;
  protected readonly say = this.shell.say;
  protected readonly note = this.shell.note;
  protected readonly hint = this.shell.hint;
  protected readonly notify = this.shell.notify;
  protected readonly interruption = this.shell.interruption;
  protected readonly terminal = this.shell.terminal;
  protected readonly env = this.shell.env;
  // As Node builds it a UUID is a chain of twenty pieces, which take eight times the room; this makes it one.
  protected readonly sources: Sources = { now: () => new Date(), uuid: () => crypto.randomUUID().toLowerCase() };
  protected dialect: Dialect = 'v1';
  private common: CommonFlags = {};
  /** What is read instead of the newest. */
  private at: Moment | undefined;
  /** The revision that --at came to, once it is read. */
  protected revisionRead: string | undefined;
  private settings: ResolvedSettings | undefined;
  private openStore: Store | undefined;
  private context: NamedContext | undefined;
  private commandGuard: CommandGuard | undefined;

  /** The exit code for what happened. */
  protected codeOf(happened: { readonly meaning: Ending }): ExitCode {
    return exitCodeOf(happened);
  }

  /** Does the work. Data goes to `out`, everything else to `note`. */
  protected abstract execute(): Promise<ExitCode>;

  override async run(): Promise<void> {
    try {
      await this.shell.run(() => this.executeTimed());
    } finally {
      this.openStore?.close();
    }
  }

  private async executeTimed(): Promise<ExitCode> {
    const started = performance.now();
    const code = await this.execute();
    await this.trace('debug', `done in ${Math.round(performance.now() - started)} ms, exit code ${code}`);
    return code;
  }

  /** Reads the command line. Throws InvalidRequest for what is no use to the command, with what to write instead. */
  protected override async parse<F extends Values, B extends Values, A extends Values>(options?: Interfaces.Input<F, B, A>, argv?: string[]): Promise<Interfaces.ParserOutput<F, B, A>> {
    const known = options ?? this.ctor;
    const words = withSelectors(argv ?? this.argv, { ...known.baseFlags, ...known.flags });
    refuseSwitchValues(words, known);
    try {
      const parsed = await super.parse(options, [...words]);
      refuseEmptyValues(parsed.raw);
      this.context = await this.namedContext(parsed.flags as CommonFlags);
      refuseOddNumbers(parsed.raw, parsed.flags);
      return parsed;
    } catch (error) {
      const { parseProblem } = await import('./parse-problems.js');
      const flags = { ...known.baseFlags, ...known.flags } as KnownFlags;
      throw parseProblem(error, { command: this.called, args: Object.keys(known.args ?? {}), flags, examples: this.ctor.examples, instead: (word) => this.instead(word) });
    }
  }

  /** The context that is named, also for a command that needs no store. Throws DatastoreError where it does not exist: what names a cluster is never ignored. */
  private async namedContext({ config: configFile, context: name }: CommonFlags): Promise<NamedContext | undefined> {
    const env = this.managesContexts ? { ...this.env, CALICOCTL_CONTEXT: undefined } : this.env;
    if (name === undefined && (env['CALICOCTL_CONTEXT'] ?? '') === '') return undefined;
    return (await import('../config/source.js')).namedContext(env, { name, configFile });
  }

  /** The command as it is typed: `ipam release`. */
  private get called(): string {
    return (this.id ?? '').replaceAll(':', ' ');
  }

  /** What should be written for a word that the command has no place for, where that is not the flag that takes such a word (src/cli/value-words.ts). */
  protected instead(_word: string): string | undefined {
    return undefined;
  }

  /** Takes the flags into use: settings and dialect follow from them. */
  protected async use<T extends CommonFlags>(flags: T): Promise<T> {
    this.common = flags;
    if (flags.store !== undefined && this.writes) throw new InvalidRequest(`--store: ${this.called} changes the datastore, and a file is only read`, 'leave out --store');
    this.at = flags.at === undefined ? undefined : (await import('./at.js')).readAt(flags.at, flags.store, this.sources.now());
    const chosen = flags.dialect ?? this.env['CALICOCTL_DIALECT'];
    if (chosen !== undefined && chosen !== '' && chosen !== 'v1' && chosen !== 'v3') throw new InvalidRequest(`CALICOCTL_DIALECT is ${JSON.stringify(chosen)}; it is v1 or v3`);
    // A command may name another one than its flags do, such as diff --against.
    if (flags.context !== undefined && flags.context !== this.context?.name) this.context = await this.namedContext(flags);
    if ('timeout' in flags) await this.resolve();
    const preset = this.settings === undefined ? this.context?.dialect : this.settings.dialect;
    this.dialect = chosen === 'v1' || chosen === 'v3' ? chosen : (preset ?? 'v1');
    return flags;
  }

  private async resolve(): Promise<void> {
    const { resolveSettings } = await import('../config/resolve.js');
    const { config, context, store } = this.common;
    const asked = { env: this.env, configFile: config, context: this.context };
    // Of a file, only the dialect counts: settings that lead to no datastore are no harm, unless they were named.
    if (store !== undefined) return void (this.settings = await resolveSettings(asked).catch((error: unknown) => unlessNamed(error, config ?? context)));
    this.settings = await resolveSettings(asked);
    for (const { message, remedy } of this.settings.warnings) await this.note(safe(`${message}: ${remedy}`));
    for (const advice of this.writes ? this.settings.leftAside : []) await this.hint(safe(advice));
  }

  /** The settings with where they come from, after `use`. */
  protected get resolved(): ResolvedSettings {
    if (this.settings === undefined) throw new Error('resolved before use()');
    return this.settings;
  }

  /** How etcd is reached, for what is handed on to others. */
  protected get connection(): ConnectionSettings {
    return this.resolved.settings;
  }

  /** The store: the file of --store, else etcd, connected with the settings, as it was at the revision of --at; the same one each time. */
  protected async connect(): Promise<Store> {
    if (this.openStore !== undefined) return this.openStore;
    const store = (this.openStore = this.common.store === undefined ? await this.openEtcd() : await this.openFile(this.common.store));
    if (this.at === undefined) return store;
    const { revision } = await this.revisionOf(this.at, store);
    this.revisionRead = revision;
    return (this.openStore = await (await import('../datastore/reach.js')).storeAt(store, revision));
  }

  /** The revision of a moment that was named; whoever named a time is told which that is. */
  protected async revisionOf(moment: Moment, store: Store): Promise<{ readonly revision: string }> {
    const found = await (await import('./at.js')).revisionOf(moment, store);
    if (found.time !== undefined) await this.hint(`revision ${found.revision}, of ${found.time}, is the last one that the journal has until then`);
    return found;
  }

  /** Closes the store, so that the command can take other flags into use and connect to another. */
  protected disconnect(): void {
    this.openStore?.close();
    this.openStore = undefined;
    this.settings = undefined;
  }

  /** What looks at changes before they are written; undefined where nobody wants that. */
  protected guard({ output, ...flags }: GuardFlags & { readonly output?: string | undefined }): Guard | undefined {
    if (flags['no-guard'] === true || !this.resolved.guard) return undefined;
    return async (store, writing) => {
      const { settings } = this.resolved;
      const wantsEffects = output === 'json' || this.terminal.stderr;
      this.commandGuard ??= new (await import('./guarding.js')).CommandGuard({ settings, dialect: this.dialect, shell: this.shell, wantsEffects }, flags);
      await this.commandGuard.guard(store, writing);
    };
  }

  /** What was written, or would be, does to many, as data; undefined where that is nothing worth a remark, or nobody asked. */
  protected readonly largeEffects = (): object | undefined => this.commandGuard?.effects;

  private async openEtcd(): Promise<Store> {
    const { connect } = await import('../datastore/etcd/connect.js');
    if (this.settings === undefined) throw new Error('connect() before use()');
    const { endpoints, endpointsOrigin } = this.settings.settings;
    await this.trace('info', `etcd: ${endpoints.join(', ')} (${endpointsOrigin}), waiting at most ${this.common.timeout ?? '10s'} in all; dialect ${this.dialect}`);
    const store = await connect(this.settings.settings, {
      timeoutMs: parseTimeLimit(this.common.timeout ?? '10s'),
      signal: this.interruption.signal,
      notify: this.notify,
    });
    if (!this.writes || !this.settings.journal) return store;
    const words = ['calicoctl', ...(this.id ?? '').split(':'), ...this.argv];
    return (await import('./journaled.js')).journaled(store, words, { env: this.env, values: this.recorded === 'values', notify: this.notify });
  }

  private async openFile(path: string): Promise<Store> {
    const [{ FileStore }, { openEntryFile }] = await Promise.all([import('../datastore/file/file-store.js'), import('../datastore/file/open.js')]);
    const file = await this.shell.whileReading(() => openEntryFile(path, this.shell.stdin));
    await this.trace('info', `${file.name}, revision ${file.revision}; dialect ${this.dialect}`);
    return new FileStore(file);
  }

  /** Says what is done, where --log-level asks for it. */
  protected async trace(level: 'info' | 'debug', line: string): Promise<void> {
    const asked = this.common['log-level'];
    if (asked === 'debug' || asked === level) await this.note(safe(`${level}: ${line}`));
  }

  /** Prints what a command came to and returns its exit code. */
  protected async tell(report: CommandReport): Promise<ExitCode> {
    try {
      if (report.stdout !== '') await this.out(report.stdout);
    } catch (error) {
      if (!(error instanceof ReaderGone)) throw error;
    }
    if (report.stderr.length > 0) await this.note(report.stderr.join('\n'));
    for (const hint of report.hints ?? []) await this.hint(hint);
    return this.codeOf(report);
  }
}

/** Throws a failure of settings that were named, and what is none of settings. */
function unlessNamed(error: unknown, named: string | undefined): undefined {
  if (named !== undefined || !(error instanceof DatastoreError)) throw error;
}
