import { Args } from '@oclif/core';
import { makeBackup } from '../../backup/make.js';
import { writeBackup } from '../../cli/backup-output.js';
import { BaseCommand } from '../../cli/base-command.js';
import type { ExitCode } from '../../cli/exit-codes.js';
import { longTimeoutFlag, datastoreFlags, storeFlag } from '../../cli/flags.js';
import { madeReport } from '../../output/views/backup/made.js';

export default class DatastoreBackup extends BaseCommand {
  static override summary = 'Write everything that Calico has in the datastore into one file.';
  static override description = 'Everything below /calico at one revision, address management included, as text with a checksum. The file is made new, readable by its owner only, and takes its name once it is whole. `datastore inspect` says what is in it, `datastore restore` writes it back, and --store lets other commands read it.';
  static override examples = [
    '<%= config.bin %> datastore backup monday.backup',
    '<%= config.bin %> datastore backup - | gzip > monday.backup.gz',
    '<%= config.bin %> get nodes --store monday.backup',
  ];
  static override args = { file: Args.string({ description: 'the file to write, or - for stdout', required: true, ignoreStdin: true }) };
  static override flags = { ...datastoreFlags, ...longTimeoutFlag, ...storeFlag };
  static override readonly bundle = 'read';
  static override readonly warm = ['-'];

  protected override async execute(): Promise<ExitCode> {
    const { flags, args: { file } } = await this.parse(DatastoreBackup);
    await this.use(flags);
    const store = await this.connect();
    const toStdout = file === '-';
    const write = toStdout ? this.outAll : (pieces: AsyncIterable<string>) => writeBackup(file, pieces);
    const made = await makeBackup(store, { madeBy: `calicoctl v${this.config.version}`, now: this.sources.now, signal: this.interruption.signal, notify: this.notify }, write, !toStdout);
    return this.tell(madeReport(made, toStdout ? undefined : file));
  }

  private readonly outAll = async (pieces: AsyncIterable<string>): Promise<void> => {
    for await (const piece of pieces) await this.out(piece);
  };
}
