import { BaseCommand } from '../../cli/base-command.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { engineFlags } from '../../cli/flags.js';
import { CONTAINER } from '../../host/engine/container.js';
import { stopNode } from '../../host/engine/stop.js';
import { requireEngine } from '../../host/engine/runtime.js';

export default class NodeStop extends BaseCommand {
  static override summary = "Stop this node's container.";
  static override description = 'The container is kept, and "node restart" starts it again. Its routes and rules stay in the kernel.';
  static override examples = ['<%= config.bin %> node stop'];
  static override flags = { ...engineFlags };
  static override readonly bundle = 'node';
  static override readonly warm = 'not run';

  protected override async execute(): Promise<ExitCode> {
    const { flags } = await this.parse(NodeStop);
    await this.use(flags);
    const stopped = await stopNode(requireEngine(flags.runtime, this.env), this.env, this.interruption.signal);
    this.say(stopped ? `Stopped ${CONTAINER}.` : `${CONTAINER} was not running.`);
    return ExitCode.done;
  }
}
