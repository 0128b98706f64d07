import { Flags } from '@oclif/core';
import { ExitCode } from '../../cli/exit-codes.js';
import { LabCommand, labFlags } from '../../cli/lab-command.js';

export default class LabStatus extends LabCommand {
  static override summary = 'Show the hosts and workloads of a lab, and how they are.';
  static override description = 'Exit code 0 means that every host runs and is ready, with all its BGP sessions, and that nothing is cut.';
  static override examples = ['<%= config.bin %> lab status', '<%= config.bin %> lab status --name tuesday -o json'];
  static override flags = { ...labFlags, output: Flags.string({ char: 'o', description: 'print data', options: ['json'] }) };
  static override readonly bundle = 'lab';
  static override readonly warm = 'not run';

  protected override async execute(): Promise<ExitCode> {
    const flags = await this.use((await this.parse(LabStatus)).flags);
    const lab = await this.lab(flags.name);
    const [{ labStatus }, { isSound, statusData, statusText }, { dataText }] = await Promise.all([import('../../lab/status.js'), import('../../output/views/lab/status.js'), import('../../output/views/data.js')]);
    const status = await this.withStore(lab, (store) => labStatus(lab, store));
    await this.out(flags.output === 'json' ? await dataText(statusData(status), 'json') : statusText(status));
    return isSound(status) ? ExitCode.done : ExitCode.failed;
  }
}
