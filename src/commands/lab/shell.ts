import { Args } from '@oclif/core';
import { type ExitCode } from '../../cli/exit-codes.js';
import { LabCommand, labFlags } from '../../cli/lab-command.js';
import { runInPlace, shellWords } from '../../cli/lab-place.js';

export default class LabShell extends LabCommand {
  static override summary = 'Open a shell on a host of a lab, in a workload, or outside.';
  static override description = 'Without a place it is a shell on this machine whose ETCD_ENDPOINTS leads to the etcd of the lab, so that calicoctl works on that. It is the shell of SHELL.';
  static override examples = ['<%= config.bin %> lab shell node1', '<%= config.bin %> lab shell database', '<%= config.bin %> lab shell'];
  static override args = { place: Args.string({ description: 'host, workload, or outside', ignoreStdin: true }) };
  static override flags = { ...labFlags };
  static override readonly bundle = 'lab';
  static override readonly warm = 'not run';

  protected override async execute(): Promise<ExitCode> {
    const { args: { place }, flags } = await this.parse(LabShell);
    await this.use(flags);
    const lab = await this.lab(flags.name);
    const words = shellWords(this.env);
    if (place === undefined) return runInPlace(this.shell, lab, { words });
    const [network, wanted] = await Promise.all([this.networkOf(lab), this.end(lab, place)]);
    return runInPlace(this.shell, lab, { wanted, resources: network.resources, dialect: this.dialect, words });
  }
}
