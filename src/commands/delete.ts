import { Args, Flags } from '@oclif/core';
import { ManifestCommand, type ManifestFlags } from '../cli/manifest-command.js';
import { wordsBesideFiles, argumentsOf } from '../cli/command-line.js';
import { InterruptedBatch } from '../changes/commit.js';
import { deleteTargets } from '../changes/delete.js';
import { isFiltered } from '../cli/filter.js';
import { confirmChosen, confirmDeletion } from '../cli/confirm.js';
import { namedTargets } from '../cli/named-targets.js';
import { deleteReport, interruptedReport } from '../output/views/changes/report.js';
import type { Target } from '../objects/target.js';
import { InvalidRequest } from '../base/errors.js';
import { ExitCode } from '../cli/exit-codes.js';
import { choosingFlags } from '../cli/flags.js';
import { namespaceForFiles, type IdentityFlags } from '../cli/identifiers.js';
import { readNamed } from '../cli/named.js';

export default class Delete extends ManifestCommand {
  static override summary = 'Delete resources.';
  static override description = 'Deletes the named resources that exist, in one transaction if it fits; each that does not exist is named, and the exit code is 5. A pool is disabled and its blocks released first; a node\'s own data is deleted with it. On a terminal, what else goes or breaks is shown and must be confirmed; in a pipe nothing is asked, as with the official tool. --selector and --field choose resources of the kind instead of names: on a terminal they are shown and must be confirmed; where they choose nothing, nothing is done, and the exit code is 0.';
  static override examples = [
    '<%= config.bin %> delete policy allow-web',
    '<%= config.bin %> delete workloadEndpoint -l "has(old)" --field spec.node=host1 --dry-run',
    '<%= config.bin %> delete -f tenant/ --skip-not-exists',
    '<%= config.bin %> delete node host1 --dry-run -o json',
    '<%= config.bin %> delete bgpPeer 10.0.0.1 --scope node --node host1',
    '<%= config.bin %> delete networkPolicy web -n shop',
    '<%= config.bin %> delete $(<%= config.bin %> get policy -o name)',
  ];
  static override args = { kind: Args.string({ description: 'resource kind, such as policy', ignoreStdin: true }) };
  static override strict = false;
  static override usage = ['delete KIND NAME... [flags]', 'delete KIND/NAME... [flags]', 'delete KIND[,KIND...] --selector SELECTOR [flags]', 'delete -f FILE... [flags]'];
  static override flags = {
    ...choosingFlags,
    'skip-not-exists': Flags.boolean({ char: 's', description: 'do not fail if a resource does not exist' }),
    yes: Flags.boolean({ char: 'y', description: 'do not ask before deleting what is in use, or was chosen by labels or fields' }),
    output: Flags.string({ char: 'o', description: 'what to print about each resource', options: ['name', 'json'] }),
  };
  static override readonly bundle = 'write';
  static override readonly warm = ['-f', 'MANIFEST'];

  protected override readonly writes = true;

  protected override async execute(): Promise<ExitCode> {
    const { flags: given, raw } = await this.parse(Delete);
    const flags = await this.use(given);
    const words = argumentsOf(raw);
    const chosen = isFiltered(flags);
    const targets = chosen ? await this.chosen(words, flags) : await this.given(words, flags);
    if (targets.length === 0) return chosen ? ExitCode.done : this.nothingGiven(flags.filename ?? [], flags['skip-empty']);
    const store = await this.connect();
    const options = { dryRun: flags['dry-run'], output: flags.output, terminal: this.terminal.stdout, largeEffects: this.largeEffects, skipMissing: flags['skip-not-exists'] };
    const watched = this.terminal.stderr || (await this.shell.canAnswer());
    if (chosen && watched && !flags['dry-run']) await confirmChosen(this.shell, targets, flags.yes);
    try {
      const result = await deleteTargets(store, targets, {
        dryRun: flags['dry-run'],
        findEffects: flags['dry-run'] || flags.output === 'json' || watched ? (await import('../changes/effects/effects.js')).effectsOf : undefined,
        confirm: watched ? (effects) => confirmDeletion(this.shell, effects, flags.yes) : undefined,
        signal: this.interruption.signal,
        notify: this.notify,
        guard: this.guard(flags),
      });
      return await this.tell(deleteReport(targets, result, options));
    } catch (error) {
      if (!(error instanceof InterruptedBatch)) throw error;
      return this.tell(interruptedReport('delete', error));
    }
  }

  private async given(words: readonly string[], { filename, ...flags }: IdentityFlags & ManifestFlags & { filename?: readonly string[] | undefined }): Promise<readonly Target[]> {
    if (filename === undefined) {
      if (words.length === 0) throw new InvalidRequest('no kind of resource is given', 'write for example: delete policy NAME, or delete -f FILE');
      return namedTargets(readNamed(words, this.dialect, flags, 'delete'));
    }
    if (words.length > 0) throw wordsBesideFiles(words);
    const { targets, warnings } = await this.read(filename, 'delete', { ...flags, namespace: namespaceForFiles(flags) });
    await this.showWarnings(warnings);
    return targets;
  }
}
