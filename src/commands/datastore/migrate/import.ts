import { Flags } from '@oclif/core';
import { InterruptedBatch } from '../../../changes/commit.js';
import { importCluster, importResources, planImport } from '../../../changes/migrate/import.js';
import { readImport } from '../../../changes/migrate/read-import.js';
import { ExitCode } from '../../../cli/exit-codes.js';
import { changeFlags, datastoreFlags } from '../../../cli/flags.js';
import { IpamCommand } from '../../../cli/ipam-command.js';
import { blocking } from '../../../cli/shell.js';
import { AccountedStore } from '../../../datastore/account.js';
import { readWhole } from '../../../manifest/input.js';
import { importPreview, IMPORTED, recordsLine } from '../../../output/views/changes/migrate.js';
import { interruptedReport, writeReport } from '../../../output/views/changes/report.js';

const TELLING = { did: 'imported', print: () => '', advice: () => 'Run the same command again to import the rest.' };

export default class DatastoreMigrateImport extends IpamCommand {
  static override summary = 'Write what `datastore migrate export` printed into an empty etcd datastore.';
  static override description = 'Everything is checked first; a datastore that holds other resources or addresses is left alone. The datastore is locked, and stays so until `datastore migrate unlock`. Resources get new uids and creation times, ClusterInformation the GUID and version of the old cluster. What fits in one transaction is all or nothing; an import that was interrupted goes on when it is run again.';
  static override examples = ['<%= config.bin %> datastore migrate import -f etcd-data --dry-run', '<%= config.bin %> datastore migrate import -f etcd-data\n<%= config.bin %> datastore migrate unlock'];
  static override flags = {
    ...datastoreFlags,
    ...changeFlags,
    filename: Flags.string({ char: 'f', helpValue: 'FILE', description: 'file that the export was saved in, or - for stdin', required: true }),
  };
  static override readonly bundle = 'addresses';
  static override readonly warm = ['-f', 'MANIFEST'];

  protected override readonly writes = true;

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(DatastoreMigrateImport);
    const { filename, 'dry-run': dryRun } = await this.use(given);
    const bytes = filename === '-' ? await readWhole(this.shell.stdin, () => undefined) : Buffer.from(await this.shell.readText(filename));
    const read = await this.shell.whileReading(() => readImport(filename === '-' ? '<stdin>' : filename, bytes, { uuid: this.sources.uuid, blocking }));
    const store = new AccountedStore(await this.connect(), this.account);
    const options = { sources: this.sources, signal: this.interruption.signal, notify: this.notify };
    const { resources, records } = await planImport(store, read, options);
    const shown = { dryRun, output: undefined, terminal: this.terminal.stdout };
    if (dryRun || resources.plan.refused.length > 0) return this.tell(importPreview(writeReport('apply', read.targets, resources, { ...shown, dryRun: true }), records));
    try {
      const report = writeReport('apply', read.targets, await importResources(store, read, options), shown);
      const code = await this.tell(report);
      if (code !== ExitCode.done) return code;
    } catch (error) {
      if (!(error instanceof InterruptedBatch)) throw error;
      return this.tell(interruptedReport('apply', error));
    }
    this.account.settle();
    await this.out('Importing IPAM resources\n');
    return this.accountFor(TELLING, async () => {
      await importCluster(store, read, records);
      await this.report(recordsLine(read.records.size) + IMPORTED);
      return ExitCode.done;
    });
  }
}
