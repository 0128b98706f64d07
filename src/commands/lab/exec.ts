import { Args } from '@oclif/core';
import { InvalidRequest } from '../../base/errors.js';
import { type ExitCode } from '../../cli/exit-codes.js';
import { LabCommand, labFlags } from '../../cli/lab-command.js';
import { runInPlace } from '../../cli/lab-place.js';

export default class LabExec extends LabCommand {
  static override summary = 'Run a command on a host of a lab, in a workload, or outside.';
  static override description = 'ETCD_ENDPOINTS leads to the etcd of the lab there. The exit code is that of the command.';
  static override examples = ['<%= config.bin %> lab exec node1 -- ip route', '<%= config.bin %> lab exec frontend-1 -- ping -c 1 10.65.0.2', '<%= config.bin %> lab exec outside -- ip neigh'];
  static override usage = ['lab exec NODE|WORKLOAD|outside [flags] -- COMMAND...'];
  static override args = { place: Args.string({ description: 'host, workload, or outside', required: true, ignoreStdin: true }), command: Args.string({ description: 'command and its words, behind --', ignoreStdin: true }) };
  static override flags = { ...labFlags };
  static override readonly bundle = 'lab';
  static override readonly warm = 'not run';

  protected override async execute(): Promise<ExitCode> {
    // What is behind -- is not for us to read.
    const end = this.argv.indexOf('--');
    const [own, words] = end < 0 ? [this.argv, []] : [this.argv.slice(0, end), this.argv.slice(end + 1)];
    const { args: { place }, flags } = await this.parse(LabExec, own);
    await this.use(flags);
    if (words.length === 0) throw new InvalidRequest('no command is given', `write it behind --: calicoctl lab exec ${place} -- ip route`);
    const lab = await this.lab(flags.name);
    const [network, wanted] = await Promise.all([this.networkOf(lab), this.end(lab, place)]);
    return runInPlace(this.shell, lab, { wanted, resources: network.resources, dialect: this.dialect, words });
  }
}
