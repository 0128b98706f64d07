import { Flags } from '@oclif/core';
import { InvalidRequest } from '../../base/errors.js';
import { BaseCommand } from '../../cli/base-command.js';
import type { ExitCode } from '../../cli/exit-codes.js';
import { datastoreFlags, dryRunFlag } from '../../cli/flags.js';
import { pruneBefore } from '../../journal/prune.js';
import { prunedReport } from '../../output/views/journal/journal.js';
import { lengthOfTime } from '../../text/length-of-time.js';

export default class JournalPrune extends BaseCommand {
  static override summary = 'Delete the old part of the journal.';
  static override description = 'Everything that is older than --keep says. What is deleted stays in etcd until that is compacted, as all that etcd had. A journal of more than 64 MiB is cut to 48 MiB by the commands that write to it.';
  static override examples = ['<%= config.bin %> journal prune --keep 90d', '<%= config.bin %> journal prune --keep 12h --dry-run'];
  static override flags = {
    ...datastoreFlags,
    keep: Flags.string({ description: 'what is younger stays: 90d, 2w, 36h', helpValue: 'DURATION', required: true }),
    ...dryRunFlag('only say what would be deleted'),
  };
  static override readonly bundle = 'write';
  static override readonly warm = ['--keep', '90d', '--dry-run'];

  protected override readonly writes = true;

  protected override async execute(): Promise<ExitCode> {
    const flags = await this.use((await this.parse(JournalPrune)).flags);
    const kept = lengthOfTime(flags.keep);
    if (kept === undefined) throw new InvalidRequest(`--keep ${JSON.stringify(flags.keep)} is not a length of time`, 'write for example 90d, 2w or 36h');
    // Further back than a date can be nothing is older.
    const before = new Date(Math.max(this.sources.now().getTime() - kept, 0)).toISOString();
    return this.tell(prunedReport(await pruneBefore(await this.connect(), before, { dryRun: flags['dry-run'] }), flags['dry-run']));
  }
}
