import type { ExitCode } from '../cli/exit-codes.js';
import { WriteCommand, writeFlags } from '../cli/write-command.js';

export default class Replace extends WriteCommand {
  static override summary = 'Replace existing resources with those in manifests.';
  static override description = 'Each resource is replaced as a whole. If one does not exist, nothing is written.';
  static override examples = ['<%= config.bin %> replace -f policy.yaml'];
  static override usage = ['replace -f FILE... [flags]'];
  static override flags = writeFlags;
  static override readonly bundle = 'write';
  static override readonly warm = ['-f', 'MANIFEST'];

  protected readonly verb = 'replace';

  protected override async execute(): Promise<ExitCode> {
    const { flags } = await this.parse(Replace);
    return this.write(await this.use(flags));
  }
}
