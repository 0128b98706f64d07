import { Args, Flags } from '@oclif/core';
import { isRestored, planRestore, type RestorePlan } from '../../backup/plan.js';
import { restore } from '../../backup/restore.js';
import { BaseCommand } from '../../cli/base-command.js';
import { confirmRestore } from '../../cli/confirm-restore.js';
import type { ExitCode } from '../../cli/exit-codes.js';
import { changeFlags, datastoreFlags, longTimeoutFlag } from '../../cli/flags.js';
import { openBackup } from '../../datastore/file/open.js';
import { differenceText, remarks, restoreReport } from '../../output/views/backup/restore.js';

export default class DatastoreRestore extends BaseCommand {
  static override summary = 'Write a backup back into the datastore.';
  static override description = 'Into an empty datastore, or over what is there: the difference is shown first, on a terminal with a question. The file is checked whole before anything is written. While it is written the datastore is locked (Felix and the network plugins wait), afterwards everything is compared with the file. A restore that was interrupted leaves the datastore locked; the same command finishes it. Keys bound to a lease are left to their writers.';
  static override examples = [
    '<%= config.bin %> datastore restore monday.backup',
    '<%= config.bin %> datastore restore monday.backup --replace --dry-run',
    'zcat monday.backup.gz | <%= config.bin %> datastore restore - --merge --yes',
  ];
  static override args = { file: Args.string({ description: 'a file of datastore backup, or - for stdin', required: true, ignoreStdin: true }) };
  static override usage = ['datastore restore FILE [flags]', 'datastore restore FILE --replace|--merge [flags]'];
  static override flags = {
    replace: Flags.boolean({ description: 'make the datastore what the file says: also delete what the file does not have', exclusive: ['merge'] }),
    merge: Flags.boolean({ description: 'create and change what the file has; keep the rest, and which cluster this is' }),
    yes: Flags.boolean({ description: 'do not ask' }),
    ...changeFlags,
    output: Flags.string({ char: 'o', description: 'print data', options: ['json'] }),
    ...datastoreFlags,
    ...longTimeoutFlag,
  };
  static override readonly bundle = 'write';
  static override readonly warm = ['MANIFEST'];

  protected override readonly writes = true;
  // What was there before may be all of it; etcd has it, and so has a backup that is made first.
  protected override readonly recorded = 'keys';

  protected override async execute(): Promise<ExitCode> {
    const { flags: given, args } = await this.parse(DatastoreRestore);
    const flags = await this.use(given);
    const file = await this.shell.whileReading(() => openBackup(args.file, this.shell.stdin));
    try {
      const watch = { signal: this.interruption.signal, notify: this.notify, now: this.sources.now };
      const store = await this.connect();
      const plan = await planRestore(file, store, flags.replace ? 'replace' : flags.merge ? 'merge' : 'empty', watch);
      if (flags['dry-run']) return await this.tell(restoreReport(plan, 'dry-run', flags.output));
      if (isRestored(plan)) return await this.tell(restoreReport(plan, 'nothing-to-do', flags.output));
      await this.announce(plan, flags.yes);
      await restore(plan, store, watch);
      return await this.tell(restoreReport(plan, 'restored', flags.output));
    } finally {
      file.close();
    }
  }

  /** Nobody need agree where nothing can be lost. */
  private async announce(plan: RestorePlan, agreed: boolean): Promise<void> {
    if (plan.mode !== 'empty') return confirmRestore(this.shell, differenceText(plan), remarks(plan), agreed);
    if (plan.resumes) await this.note(remarks(plan).join('\n'));
  }
}
