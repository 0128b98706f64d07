import { BaseCommand } from '../cli/base-command.js';
import { asManifest } from '../cli/command-line.js';
import { successLine } from '../output/views/changes/report.js';
import { InvalidRequest } from '../base/errors.js';
import { ExitCode } from '../cli/exit-codes.js';
import { fileFlags, namespaceFlag } from '../cli/flags.js';

export default class Validate extends BaseCommand {
  static override summary = 'Check manifests without a datastore.';
  static override description = 'Every problem of every document is shown, with its file, line and column. What only the store can tell, such as whether a tier exists, is not looked at: use create --dry-run for that.';
  static override examples = ['<%= config.bin %> validate -f policy.yaml', '<%= config.bin %> validate -f manifests/ -R'];
  static override flags = { ...fileFlags, ...namespaceFlag };

  protected override instead(word: string): string {
    return asManifest(word);
  }

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(Validate);
    const flags = await this.use(given);
    if (flags.filename === undefined) throw new InvalidRequest('no manifest is given', 'name a file, a directory or - with -f');
    const { targets, warnings } = await this.read(flags.filename, 'validate', flags);
    await this.showWarnings(warnings, true);
    if (targets.length === 0) return this.nothingGiven(flags.filename, flags['skip-empty']);
    await this.out(successLine('validate', targets));
    return ExitCode.done;
  }
}
