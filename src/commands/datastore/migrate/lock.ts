import { BaseCommand } from '../../../cli/base-command.js';
import { setLocked } from '../../../changes/lock.js';
import { ExitCode } from '../../../cli/exit-codes.js';
import { datastoreFlags } from '../../../cli/flags.js';

export default class DatastoreMigrateLock extends BaseCommand {
  static override summary = 'Lock the datastore: the cluster\'s network plugins and Felix wait until it is unlocked.';
  static override examples = ['<%= config.bin %> datastore migrate lock'];
  static override flags = datastoreFlags;
  static override readonly bundle = 'addresses';
  static override readonly warm = [];

  protected override readonly writes = true;

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(DatastoreMigrateLock);
    await this.use(given);
    await setLocked(await this.connect(), true, this.sources);
    await this.out('Datastore locked.\n');
    return ExitCode.done;
  }
}
