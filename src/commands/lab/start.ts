import { ExitCode } from '../../cli/exit-codes.js';
import { hostArgs, LabCommand, labFlags } from '../../cli/lab-command.js';

export default class LabStart extends LabCommand {
  static override summary = 'Start a host of a lab that was stopped, and its workloads.';
  static override description = 'On a host that runs already, it makes the workloads that the datastore has and the host has not, and takes away those that only the host has. It waits until the agent is ready, unless the host is cut off from etcd.';
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
    const { workloads, withoutEtcd } = await this.withStore(lab, (store) => startHost(lab, store, name, { signal: this.interruption.signal, notify: this.notify }));
    this.say(`Host ${name} runs, with ${workloads} ${workloads === 1 ? 'workload' : 'workloads'}.${withoutEtcd ? ' It is cut off from etcd, and its agent waits for that.' : ''}`);
    return ExitCode.done;
  }
}
