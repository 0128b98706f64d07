import { Args, Flags } from '@oclif/core';
import { inspectBackup } from '../../backup/inspect.js';
import { BaseCommand } from '../../cli/base-command.js';
import type { ExitCode } from '../../cli/exit-codes.js';
import { openSource } from '../../datastore/file/source.js';
import { inspectReport } from '../../output/views/backup/inspect.js';

export default class DatastoreInspect extends BaseCommand {
  static override summary = 'Show what is in a backup, and whether it is whole.';
  static override description = 'No datastore is needed. Exit code 1 means that the file is damaged; what can be read of it is shown all the same.';
  static override examples = ['<%= config.bin %> datastore inspect monday.backup', '<%= config.bin %> datastore inspect monday.backup -o json'];
  static override args = { file: Args.string({ description: 'a file of datastore backup, or - for stdin', required: true, ignoreStdin: true }) };
  static override flags = { output: Flags.string({ char: 'o', description: 'print data', options: ['json'] }) };
  static override readonly bundle = 'read';
  static override readonly warm = ['MANIFEST'];

  protected override async execute(): Promise<ExitCode> {
    const { flags, args } = await this.parse(DatastoreInspect);
    await this.use(flags);
    const found = await this.shell.whileReading(async () => {
      const source = await openSource(args.file, this.shell.stdin);
      return inspectBackup(source).finally(() => source.close());
    });
    return this.tell(inspectReport(found, flags.output));
  }
}
