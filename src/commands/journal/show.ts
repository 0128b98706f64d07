import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import type { ExitCode } from '../../cli/exit-codes.js';
import { datastoreFlags } from '../../cli/flags.js';
import { refuseFile } from '../../cli/no-file.js';
import { commandOf } from '../../journal/commands.js';
import { commandReport } from '../../output/views/journal/journal.js';

export default class JournalShow extends BaseCommand {
  static override summary = 'Show all that one command changed.';
  static override description = 'The command line without its secrets, and each key that was created, modified or deleted, with the revision of its transaction. -o json has the values before too, as they were stored.';
  static override examples = ['<%= config.bin %> journal show 4f2a9c1e', '<%= config.bin %> journal show 4711 -o json'];
  static override args = { command: Args.string({ description: 'id of the command, or a revision of it; see journal list', required: true, ignoreStdin: true }) };
  static override flags = { ...datastoreFlags, output: Flags.string({ char: 'o', description: 'print data, for programs, with the values before', options: ['json'] }) };
  static override readonly bundle = 'read';
  static override readonly warm = ['4711'];

  protected override async execute(): Promise<ExitCode> {
    const { args, flags: given } = await this.parse(JournalShow);
    const flags = await this.use(given);
    refuseFile(flags.store);
    return this.tell(commandReport(await commandOf(await this.connect(), args.command), flags.output === 'json'));
  }
}
