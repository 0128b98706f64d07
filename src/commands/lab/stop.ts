import { ExitCode } from '../../cli/exit-codes.js';
import { hostArgs, LabCommand, labFlags } from '../../cli/lab-command.js';

export default class LabStop extends LabCommand {
  static override summary = 'Have a host of a lab fail, as if its power were cut.';
  static override description = 'Its cable is dead at once, then all on it ends, its workloads too; what it wrote to /etc, /var/lib and /var/log stays. The others are told by nobody: "lab status" and "lab connect" show how they find out.';
  static override examples = ['<%= config.bin %> lab stop node2'];
  static override usage = ['lab stop NODE [flags]'];
  static override args = hostArgs;
  static override flags = { ...labFlags };
  static override readonly bundle = 'lab';
  static override readonly warm = 'not run';

  protected override async execute(): Promise<ExitCode> {
    const { args: { node }, flags } = await this.parse(LabStop);
    await this.use(flags);
    const lab = await this.lab(flags.name);
    const { hostName } = await import('../../lab/place.js');
    const name = hostName(lab, node);
    await lab.ask({ do: 'stop', host: name });
    this.say(`Host ${name} is stopped.`);
    return ExitCode.done;
  }
}
