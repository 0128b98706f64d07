import type { ExitCode } from '../cli/exit-codes.js';
import { WriteCommand, writeFlags } from '../cli/write-command.js';

export default class Apply extends WriteCommand {
  static override summary = 'Create or replace resources from manifests.';
  static override description = 'Resources that do not exist are created, others are replaced as a whole. A resource that already matches its manifest is not written.';
  static override examples = ['<%= config.bin %> apply -f policy.yaml', '<%= config.bin %> apply -f tenant/ -o name'];
  static override flags = writeFlags;
  static override readonly bundle = 'write';
  static override readonly warm = ['-f', 'MANIFEST'];

  protected readonly verb = 'apply';

  protected override async execute(): Promise<ExitCode> {
    const { flags } = await this.parse(Apply);
    return this.write(await this.use(flags));
  }
}
