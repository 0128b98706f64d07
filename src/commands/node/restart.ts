import { BaseCommand } from '../../cli/base-command.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { engineFlags, parseTimeLimit, startFlags } from '../../cli/flags.js';
import { CONTAINER } from '../../host/engine/container.js';
import { restartNode } from '../../host/engine/stop.js';
import { requireEngine } from '../../host/engine/runtime.js';

export default class NodeRestart extends BaseCommand {
  static override summary = "Restart this node's container as it is, and wait until it is ready.";
  static override description = 'To change its settings, use "node run".';
  static override examples = ['<%= config.bin %> node restart'];
  static override flags = { ...engineFlags, ...startFlags };
  static override readonly bundle = 'node';
  static override readonly warm = 'not run';

  protected override async execute(): Promise<ExitCode> {
    const { flags } = await this.parse(NodeRestart);
    await this.use(flags);
    const timeoutMs = parseTimeLimit(flags['start-timeout'], '--start-timeout');
    await restartNode(requireEngine(flags.runtime, this.env), this.env, { timeoutMs, signal: this.interruption.signal, notify: this.notify });
    this.say(`Restarted ${CONTAINER}.`);
    return ExitCode.done;
  }
}
