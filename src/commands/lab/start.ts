import { ExitCode } from '../../cli/exit-codes.js';
import { hostArgs, LabCommand, labFlags } from '../../cli/lab-command.js';

export default class LabStart extends LabCommand {
  static override summary = 'Start a host of a lab that was stopped, and its workloads.';
  static override description = 'On a host that runs, the workloads are made that the datastore has and the host has not, and those taken away that it is the other way round with.';
  static override examples = ['<%= config.bin %> lab start node2'];
  static override usage = ['lab start NODE [flags]'];
  static override args = hostArgs;
  static override flags = { ...labFlags };
  static override readonly bundle = 'lab';
  static override readonly warm = 'not run';

  protected override async execute(): Promise<ExitCode> {
    const { args: { node }, flags } = await this.parse(LabStart);
    await this.use(flags);
    const lab = await this.lab(flags.name);
    const [{ hostName }, { startHost }] = await Promise.all([import('../../lab/place.js'), import('../../lab/start.js')]);
    const name = hostName(lab, node);
    const made = await this.withStore(lab, (store) => startHost(lab, store, name, { signal: this.interruption.signal, notify: this.notify }));
    this.say(`Host ${name} runs, with ${made} ${made === 1 ? 'workload' : 'workloads'}.`);
    return ExitCode.done;
  }
}
