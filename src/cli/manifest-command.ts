import { CalicoError, InvalidRequest, type Diagnostic } from '../base/errors.js';
import { ExitCode } from './exit-codes.js';
import type { ReadTargets } from '../changes/read-targets.js';
import { selectionOfTarget, type Selection } from '../objects/selection.js';
import type { Target } from '../objects/target.js';
import type { Verb } from '../resources/kind.js';
import { BaseCommand } from './base-command.js';
import type { ChoosingFlags } from './chosen.js';
import { wordsBesideFiles } from './command-line.js';
import { namespaceForFiles, type IdentityFlags } from './identifiers.js';
import { blocking } from './shell.js';

/** What the flags of a command that reads manifests come to. */
export interface ManifestFlags {
  readonly recursive?: boolean | undefined;
  readonly 'skip-empty'?: boolean | undefined;
  readonly namespace?: string | undefined;
}

/** What the commands share that read manifests. */
export abstract class ManifestCommand extends BaseCommand {
  /** Reads the manifests that -f names; the reader takes its time to load. Until that is done, Ctrl-C ends the process at once: nothing has begun. */
  protected async read(files: readonly string[], verb: Verb, flags: ManifestFlags): Promise<ReadTargets> {
    const { readTargets } = await import('../changes/read-targets.js');
    const { recursive, namespace, 'skip-empty': skipEmpty } = flags;
    if (namespace === '') throw new InvalidRequest('-n is empty', 'give it a value, or leave it out');
    return this.shell.whileReading(() => readTargets(files, { verb, recursive, skipEmpty, namespace, misfitHint: 'leave out --namespace', stdin: this.shell.stdin, uuid: this.sources.uuid, blocking }));
  }

  /** What the documents of files select, their metadata being the filter. Throws InvalidRequest for words beside them, and flags that say nothing of files. */
  protected async selectionsIn(files: readonly string[], words: readonly string[], flags: ManifestFlags & IdentityFlags): Promise<readonly Selection[]> {
    if (words.length > 0) throw wordsBesideFiles(words);
    const { targets } = await this.read(files, 'get', { ...flags, namespace: namespaceForFiles(flags) });
    return targets.map(selectionOfTarget);
  }

  /** The resources that --selector and --field choose, for a verb that changes them; see chosenBy. */
  protected async chosen(words: readonly string[], flags: ChoosingFlags): Promise<readonly Target[]> {
    const { chosenBy } = await import('./chosen.js');
    return chosenBy(words, flags, { dialect: this.dialect, shell: this.shell, connect: () => this.connect() });
  }

  /** The files named with -f. Throws InvalidRequest where there are none. */
  protected filesOf(files: readonly string[] | undefined): readonly string[] {
    if (files !== undefined && files.length > 0) return files;
    throw new InvalidRequest('no manifest is given', 'name a file, a directory or - with -f');
  }

  /** Shows what is legal in the manifests and probably not meant, to somebody who is watching, or has asked; what breaks the network to everybody. */
  protected async showWarnings(warnings: readonly Diagnostic[], asked = false): Promise<void> {
    const shown = this.terminal.stderr || asked ? warnings : warnings.filter(({ grave }) => grave);
    if (shown.length > 0) await this.shell.showDiagnostics(shown);
  }

  /** There was nothing in the files. */
  protected async nothingGiven(files: readonly string[], allowed: boolean): Promise<ExitCode> {
    if (allowed) {
      await this.out('No resources specified\n');
      return ExitCode.done;
    }
    throw new CalicoError('invalid-document', `No resources specified in ${files.join(', ')}`, { hint: '--skip-empty ignores this' });
  }
}
