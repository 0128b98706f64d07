import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { argumentsOf } from '../../cli/command-line.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { withoutContexts } from '../../config/contexts.js';
import { changeContexts } from '../../config/contexts-file.js';

export default class ContextRemove extends BaseCommand {
  static override summary = 'Remove contexts.';
  static override description = 'What is stored in the clusters is not touched.';
  static override examples = ['<%= config.bin %> context remove old-lab'];
  static override args = { context: Args.string({ description: 'name of the context; several may be given', required: true, ignoreStdin: true }) };
  static override strict = false;
  static override usage = ['context remove CONTEXT... [flags]'];
  static override readonly bundle = 'offline';
  static override readonly warm = 'not run';

  protected override readonly managesContexts = true;

  protected override async execute(): Promise<ExitCode> {
    const { flags, raw } = await this.parse(ContextRemove);
    await this.use(flags);
    await changeContexts(this.env, (contexts) => withoutContexts(contexts, argumentsOf(raw)));
    return ExitCode.done;
  }
}
