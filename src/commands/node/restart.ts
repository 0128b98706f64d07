import { BaseCommand } from '../../base-command.js';
import { ExitCode } from '../../exit-codes.js';
import { engineFlags, parseDuration, startFlags } from '../../flags.js';
import { CONTAINER } from '../../host/container-command.js';
import { restartNode } from '../../host/container-stop.js';
import { requireEngine } from '../../host/runtime.js';

export default class NodeRestart extends BaseCommand {
  static override summary = "Restart this node's container as it is, and see that it runs.";
  static override description = 'To change its settings, use "node run".';
  static override examples = ['<%= config.bin %> node restart'];
  static override flags = { ...engineFlags, ...startFlags };

  protected override async execute(): Promise<ExitCode> {
    const { flags } = await this.parse(NodeRestart);
    await this.use(flags);
    const timeoutMs = parseDuration(flags['start-timeout'], '--start-timeout');
    await restartNode(requireEngine(flags.runtime, this.env), this.env, { timeoutMs, signal: this.interruption.signal, say: this.say });
    this.say(`Restarted ${CONTAINER}.`);
    return ExitCode.done;
  }
}
