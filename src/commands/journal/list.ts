import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import type { ExitCode } from '../../cli/exit-codes.js';
import { datastoreFlags } from '../../cli/flags.js';
import { refuseFile } from '../../cli/no-file.js';
import { lastCommands } from '../../journal/commands.js';
import { journalReport } from '../../output/views/journal/journal.js';

export default class JournalList extends BaseCommand {
  static override summary = 'List the commands that changed something, the newest first.';
  static override description = 'When, by whom (and by whom behind sudo), on which host, how many keys, and at which revisions of etcd. Commands are written down that ran with `journal: true` in the configuration file or the context, or with CALICOCTL_JOURNAL=on; what others did, or ran without it, is not there.';
  static override examples = ['<%= config.bin %> journal list', '<%= config.bin %> journal list --limit 100 -o json'];
  static override flags = {
    ...datastoreFlags,
    limit: Flags.integer({ helpValue: 'NUMBER', description: 'show at most so many commands', default: 20, min: 1 }),
    output: Flags.string({ char: 'o', description: 'print data, for programs', options: ['json'] }),
  };
  static override readonly bundle = 'read';
  static override readonly warm = [];

  protected override async execute(): Promise<ExitCode> {
    const flags = await this.use((await this.parse(JournalList)).flags);
    refuseFile(flags.store);
    const { commands, more } = await lastCommands(await this.connect(), flags.limit);
    return this.tell(journalReport(commands, { json: flags.output === 'json', more, limit: flags.limit, room: this.shell.room }));
  }
}
