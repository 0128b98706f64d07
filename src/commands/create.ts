import { Flags } from '@oclif/core';
import type { ExitCode } from '../cli/exit-codes.js';
import { WriteCommand, writeFlags } from '../cli/write-command.js';

export default class Create extends WriteCommand {
  static override summary = 'Create resources from manifests.';
  static override description = 'All manifests are read and checked before anything is written. What fits in one etcd transaction is created completely or not at all. It is an error if a resource already exists, unless --skip-exists is given.';
  static override examples = [
    '<%= config.bin %> create -f policy.yaml',
    '<%= config.bin %> create -f tenant/ --recursive --dry-run',
    'cat endpoints.yaml | <%= config.bin %> create -f -',
  ];
  static override usage = ['create -f FILE... [flags]'];
  static override flags = {
    ...writeFlags,
    'skip-exists': Flags.boolean({ description: 'leave existing resources as they are' }),
  };
  static override readonly bundle = 'write';
  static override readonly warm = ['-f', 'MANIFEST'];

  protected readonly verb = 'create';

  protected override async execute(): Promise<ExitCode> {
    const { flags } = await this.parse(Create);
    return this.write(await this.use(flags));
  }
}
