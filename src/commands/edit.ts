import { Args, Flags } from '@oclif/core';
import { InvalidRequest } from '../base/errors.js';
import { InterruptedBatch } from '../changes/commit.js';
import { argumentsOf } from '../cli/command-line.js';
import { ExitCode } from '../cli/exit-codes.js';
import { filterOf } from '../cli/filter.js';
import { choosingFlags } from '../cli/flags.js';
import { ManifestCommand } from '../cli/manifest-command.js';
import { readNamed } from '../cli/named.js';
import { selectionsOf } from '../objects/selection.js';
import { changesText } from '../output/views/changes/patch.js';
import { interruptedReport, writeReport } from '../output/views/changes/report.js';

export default class Edit extends ManifestCommand {
  static override summary = 'Change resources in an editor.';
  static override description = 'The editor is $CALICOCTL_EDITOR, $VISUAL or $EDITOR, else vi; the value may have arguments and quotes, and is run without a shell. It gets the YAML that `get -o yaml` prints in the same dialect. What is wrong comes back in the same file, as lines that begin with #! at the places, until it is right or left as it is. Nothing is written where nothing was changed, or the editor failed. What another client changes meanwhile is shown and merged, field by field; where both changed the same, the editor opens again with both. What could not be written is kept in a file. Without a terminal, one of the variables has to name a program that needs none.';
  static override examples = [
    '<%= config.bin %> edit policy allow-web',
    '<%= config.bin %> edit node host1 host2',
    '<%= config.bin %> edit workloadEndpoint -l "role == \'web\'" --dry-run',
    'EDITOR=\'sed -i "s/order: 1/order: 2/"\' <%= config.bin %> edit policy/allow-web',
  ];
  static override args = { kind: Args.string({ description: 'resource kind, such as policy', ignoreStdin: true }) };
  static override strict = false;
  static override usage = ['edit KIND [NAME...] [flags]', 'edit KIND/NAME... [flags]', 'edit -f FILE... [flags]'];
  static override flags = {
    ...choosingFlags,
    output: Flags.string({ char: 'o', description: 'what to print about each resource', options: ['name', 'json'] }),
  };
  static override readonly bundle = 'write';
  static override readonly warm = 'not run';

  protected override readonly writes = true;

  protected override async execute(): Promise<ExitCode> {
    const { flags: given, raw } = await this.parse(Edit);
    const flags = await this.use(given);
    const [{ filename, 'dry-run': dryRun, output }, words] = [flags, argumentsOf(raw)];
    if (filename === undefined && words.length === 0) throw new InvalidRequest('no kind of resource is given', 'write for example: edit policy NAME, or edit -f FILE');
    const selections = filename === undefined ? selectionsOf(readNamed(words, this.dialect, flags, 'amend'), flags['all-namespaces']) : await this.selectionsIn(filename, words, flags);
    if (selections.length === 0) return this.nothingGiven(filename ?? [], flags['skip-empty']);
    const { shell, sources } = this;
    const { editResources } = await import('../cli/edit-resources.js');
    const editing = { shell, filter: await filterOf(flags, this.dialect, selections), connect: () => this.connect() };
    try {
      return await editResources(selections, { sources, dryRun, signal: this.interruption.signal, guard: this.guard(flags) }, editing, async (written) => {
        if (written === undefined) {
          await this.note('Nothing was changed.');
          return { ended: ExitCode.done, isWritten: false };
        }
        const { targets, result } = written;
        await this.showWarnings(result.warnings);
        const report = writeReport('edit', targets, result, { dryRun, output, terminal: this.terminal.stdout, largeEffects: this.largeEffects });
        const ended = await this.tell(report);
        if (dryRun && output === undefined && report.meaning === 'done') await shell.outStyled(await changesText(result, await shell.colours()));
        return { ended, isWritten: report.meaning === 'done' && !dryRun };
      });
    } catch (error) {
      if (!(error instanceof InterruptedBatch)) throw error;
      return this.tell(interruptedReport('edit', error));
    }
  }
}
