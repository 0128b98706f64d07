import { Command } from '@oclif/core';
import type { Dialect } from './resources/kind.js';
import type { Store } from './datastore/store.js';
import { CommandError, ListedError, ManifestError } from './errors.js';
import { ExitCode } from './exit-codes.js';
import { globalFlags, parseDuration } from './flags.js';

/** What a command may know of flags that every command has. */
interface CommonFlags {
  readonly config?: string | undefined;
  readonly timeout?: string | undefined;
  readonly dialect?: string | undefined;
  readonly 'log-level'?: string | undefined;
}

/**
 * What all commands share: streams, settings, the way failures are told. The only class that touches `process`.
 * A command implements `execute`, which returns the exit code.
 */
export abstract class BaseCommand extends Command {
  static override baseFlags = globalFlags;

  /** Aborted by Ctrl-C or SIGTERM: no new transaction is begun. */
  protected readonly interruption = new AbortController();
  protected readonly env: Readonly<Record<string, string | undefined>> = process.env;
  protected common: CommonFlags = {};
  private openStore: Store | undefined;

  /** Does the work. Data goes to `out`, everything else to `note`. */
  protected abstract execute(): Promise<ExitCode>;

  override async run(): Promise<void> {
    const interrupt = (): void => this.interrupt();
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
    try {
      const code = await this.execute();
      process.exitCode = this.interruption.signal.aborted ? ExitCode.interrupted : code;
    } finally {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      this.openStore?.close();
    }
  }
}
