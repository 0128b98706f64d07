import { ManifestCommand } from '../cli/manifest-command.js';
import { successLine } from '../output/views/changes/report.js';
import { ExitCode } from '../cli/exit-codes.js';
import { fileFlags, namespaceFlag } from '../cli/flags.js';

export default class Validate extends ManifestCommand {
  static override summary = 'Check manifests without a datastore.';
  static override description = 'Shows every problem in every document, with file, line and column. Anything that needs the datastore, such as whether a tier exists, is not checked: use create --dry-run for that.';
  static override examples = ['<%= config.bin %> validate -f policy.yaml', '<%= config.bin %> validate -f manifests/ -R'];
  static override usage = ['validate -f FILE... [flags]'];
  static override flags = { ...fileFlags, ...namespaceFlag };
  static override readonly bundle = 'offline';
  static override readonly warm = ['-f', 'MANIFEST'];

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(Validate);
    const flags = await this.use(given);
    const files = this.filesOf(flags.filename);
    const { targets, warnings } = await this.read(files, 'validate', flags);
    await this.showWarnings(warnings, true);
    if (targets.length === 0) return this.nothingGiven(files, flags['skip-empty']);
    await this.out(successLine('validate', targets));
    return ExitCode.done;
  }
}
