import { Flags } from '@oclif/core';
import { BaseCommand } from './base-command.js';
import { InterruptedBatch } from '../changes/commit.js';
import { interruptedReport, writeReport } from '../output/views/changes/report.js';
import type { WriteVerb } from '../changes/plan.js';
import { writeTargets } from '../changes/write.js';
import { asManifest } from './command-line.js';
import { InvalidRequest } from '../base/errors.js';
import { type ExitCode } from './exit-codes.js';
import { changeFlags, datastoreFlags, fileFlags, namespaceFlag } from './flags.js';

/** Flags of create, apply and replace. */
export const writeFlags = {
  ...fileFlags,
  ...changeFlags,
  ...datastoreFlags,
  ...namespaceFlag,
  output: Flags.string({ char: 'o', description: 'what to print about each resource', options: ['name', 'json'] }),
};

/** What the flags above come to. */
export interface WriteFlags {
  readonly filename?: readonly string[] | undefined;
  readonly recursive?: boolean | undefined;
  readonly 'skip-empty'?: boolean | undefined;
  readonly 'skip-exists'?: boolean | undefined;
  readonly 'dry-run'?: boolean | undefined;
  readonly namespace?: string | undefined;
  readonly output?: string | undefined;
}

/** create, apply and replace: read every manifest, decide at one revision, write in one transaction where it fits. */
export abstract class WriteCommand extends BaseCommand {
  protected abstract readonly verb: WriteVerb;
  protected override readonly writes = true;

  protected override instead(word: string): string {
    return asManifest(word);
  }

  protected async write(flags: WriteFlags): Promise<ExitCode> {
    const files = this.filesOf(flags.filename);
    const { targets, warnings } = await this.read(files, this.verb, flags);
    await this.showWarnings(warnings);
    if (targets.length === 0) return this.nothingGiven(files, flags['skip-empty'] === true);
    const store = await this.connect();
    const dryRun = flags['dry-run'] === true;
    try {
      const result = await writeTargets(store, this.verb, targets, {
        sources: this.sources,
        dryRun,
        skipExists: flags['skip-exists'] === true,
        signal: this.interruption.signal,
        onProgress: (written) => this.showProgress(`written: ${written} of ${targets.length}`),
        onBatches: (count) => void this.hint(`${targets.length} resources take ${count} transactions: each is whole or absent, not all together`),
      });
      return await this.tell(writeReport(this.verb, targets, result, { dryRun, output: flags.output, terminal: this.terminal.stdout }));
    } catch (error) {
      if (!(error instanceof InterruptedBatch)) throw error;
      return await this.tell(interruptedReport(this.verb, error));
    }
  }

  /** The files named with -f. Throws InvalidRequest where there are none. */
  protected filesOf(files: readonly string[] | undefined): readonly string[] {
    if (files !== undefined && files.length > 0) return files;
    throw new InvalidRequest('no manifest is given', 'name a file, a directory or - with -f');
  }
}
