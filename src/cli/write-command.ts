import { Flags } from '@oclif/core';
import { ManifestCommand, type ManifestFlags } from './manifest-command.js';
import { InterruptedBatch } from '../changes/commit.js';
import type { Target } from '../objects/target.js';
import { interruptedReport, writeReport } from '../output/views/changes/report.js';
import type { ReportOptions } from '../output/views/changes/results.js';
import type { CommandReport } from '../output/views/report.js';
import type { WriteVerb } from '../changes/plan.js';
import { writeTargets, type WriteOptions } from '../changes/write.js';
import { type ExitCode } from './exit-codes.js';
import type { GuardFlags } from './guarding.js';
import { withOvertaken } from './overtaken.js';
import { changeFlags, datastoreFlags, fileFlags, guardFlags, namespaceFlag } from './flags.js';

/** Flags of create, apply and replace. */
export const writeFlags = {
  ...fileFlags,
  ...changeFlags,
  ...guardFlags,
  ...datastoreFlags,
  ...namespaceFlag,
  output: Flags.string({ char: 'o', description: 'what to print about each resource', options: ['name', 'json'] }),
};

/** What the flags above come to. */
export interface WriteFlags extends ManifestFlags, GuardFlags {
  readonly filename?: readonly string[] | undefined;
  readonly 'skip-exists'?: boolean | undefined;
  readonly 'dry-run'?: boolean | undefined;
  readonly output?: string | undefined;
}

/** create, apply and replace: read every manifest, decide at one revision, write in one transaction where it fits. */
export abstract class WriteCommand<F extends WriteFlags = WriteFlags> extends ManifestCommand {
  protected abstract readonly verb: WriteVerb;
  protected override readonly writes = true;

  protected async write(flags: F): Promise<ExitCode> {
    const files = this.filesOf(flags.filename);
    const { targets, warnings } = await this.read(files, this.verb, flags);
    await this.showWarnings(warnings);
    if (targets.length === 0) return this.nothingGiven(files, flags['skip-empty'] === true);
    try {
      return await this.tell(await this.carryOut(targets, flags));
    } catch (error) {
      if (!(error instanceof InterruptedBatch)) throw error;
      return await this.tell(interruptedReport(this.verb, error));
    }
  }

  /** Does what the verb does with the targets of the files, and says what that came to. */
  protected async carryOut(targets: readonly Target[], flags: F): Promise<CommandReport> {
    const store = await this.connect();
    const result = await writeTargets(store, this.verb, targets, this.writeOptions(flags));
    return withOvertaken(writeReport(this.verb, targets, result, this.reportOptions(flags)), result.plan.refused, store);
  }

  protected writeOptions(flags: WriteFlags): WriteOptions {
    return { sources: this.sources, dryRun: flags['dry-run'] === true, skipExists: flags['skip-exists'] === true, signal: this.interruption.signal, notify: this.notify, guard: this.guard(flags) };
  }

  protected reportOptions(flags: WriteFlags): ReportOptions {
    return { dryRun: flags['dry-run'] === true, output: flags.output, terminal: this.terminal.stdout, largeEffects: this.largeEffects };
  }
}
