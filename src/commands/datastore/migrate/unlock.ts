import { BaseCommand } from '../../../cli/base-command.js';
import { setLocked } from '../../../changes/lock.js';
import { ExitCode } from '../../../cli/exit-codes.js';
import { datastoreFlags } from '../../../cli/flags.js';

export default class DatastoreMigrateUnlock extends BaseCommand {
  static override summary = 'Unlock the datastore.';
  static override examples = ['<%= config.bin %> datastore migrate unlock'];
  static override flags = datastoreFlags;
  static override readonly bundle = 'addresses';
  static override readonly warm = [];

  protected override readonly writes = true;

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(DatastoreMigrateUnlock);
    await this.use(given);
    await setLocked(await this.connect(), false, this.sources);
    await this.out('Datastore unlocked.\n');
    return ExitCode.done;
  }
}
