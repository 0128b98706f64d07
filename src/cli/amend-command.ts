import { InvalidRequest } from '../base/errors.js';
import { Amendments, type Amendment, type Choice } from '../changes/amend.js';
import { InterruptedBatch } from '../changes/commit.js';
import { writeTargets, type WriteResult } from '../changes/write.js';
import type { Target } from '../objects/target.js';
import { interruptedReport } from '../output/views/changes/report.js';
import type { CommandReport } from '../output/views/report.js';
import { wordsBesideFiles } from './command-line.js';
import type { ExitCode } from './exit-codes.js';
import type { GuardFlags } from './guarding.js';
import { namespaceForFiles, type IdentityFlags } from './identifiers.js';
import { ManifestCommand, type ManifestFlags } from './manifest-command.js';
import { readNamed } from './named.js';
import { namedTargets } from './named-targets.js';

/** Flags by which resources are named. */
export type NamingFlags = IdentityFlags & ManifestFlags & { readonly filename?: readonly string[] | undefined };

/** How the result of a change is told. */
export interface AmendReport {
  report(result: WriteResult): CommandReport;
  /** Shows more of what came, or would come, of it. */
  after?: ((result: WriteResult) => Promise<void>) | undefined;
}

/** patch and label: change what is stored, each resource by what it is. */
export abstract class AmendCommand extends ManifestCommand {
  protected abstract readonly verb: 'patch' | 'label';
  protected override readonly writes = true;

  /** The resources that words or manifests name. Throws InvalidRequest where they name none. */
  protected async named(words: readonly string[], flags: NamingFlags): Promise<readonly Target[]> {
    const { filename } = flags;
    if (filename === undefined) {
      if (words.length === 0) throw new InvalidRequest('no kind of resource is given', `write for example: ${this.verb} policy NAME, or ${this.verb} -f FILE`);
      return namedTargets(readNamed(words, this.dialect, flags, 'amend'));
    }
    if (words.length > 0) throw wordsBesideFiles(words);
    const { targets } = await this.read(filename, 'delete', { ...flags, namespace: namespaceForFiles(flags) });
    return targets;
  }

  /** Makes a change to each of the resources, all of it or nothing where it fits in one transaction, and tells what came of it. */
  protected async amend(choice: Choice, amendment: Amendment, { 'dry-run': dryRun, ...flags }: GuardFlags & { readonly 'dry-run': boolean; readonly output?: string | undefined }, { report, after }: AmendReport): Promise<ExitCode> {
    const store = await this.connect();
    try {
      const { sources, notify } = this;
      const result = await writeTargets(store, 'replace', new Amendments(choice, amendment, sources.uuid), { sources, dryRun, signal: this.interruption.signal, notify, guard: this.guard(flags) });
      await this.showWarnings(result.warnings);
      const code = await this.tell(report(result));
      if (result.plan.refused.length === 0) await after?.(result);
      return code;
    } catch (error) {
      if (!(error instanceof InterruptedBatch)) throw error;
      return this.tell(interruptedReport(this.verb, error));
    }
  }
}
