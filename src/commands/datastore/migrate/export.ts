import { BaseCommand } from '../../../cli/base-command.js';
import { readExport } from '../../../changes/migrate/export.js';
import { ExitCode } from '../../../cli/exit-codes.js';
import { datastoreFlags } from '../../../cli/flags.js';
import { exportText } from '../../../output/views/changes/migrate.js';

export default class DatastoreMigrateExport extends BaseCommand {
  static override summary = 'Print a locked datastore for another one.';
  static override description = 'Prints, at one revision and in the form of the official tool: a YAML list of each kind but WorkloadEndpoints and Profiles, which come from the orchestrator, and policies of Kubernetes; then ClusterInformation and address management as JSON. Nodes are called as Kubernetes calls them, so each needs a k8s orchRef. Nothing is printed where something cannot be exported.';
  static override examples = ['<%= config.bin %> datastore migrate lock\n<%= config.bin %> datastore migrate export > etcd-data'];
  static override flags = datastoreFlags;
  static override readonly bundle = 'addresses';
  static override readonly warm = [];

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(DatastoreMigrateExport);
    await this.use(given);
    const exported = await readExport(await this.connect());
    for (const text of exportText(exported)) await this.out(text);
    return ExitCode.done;
  }
}
