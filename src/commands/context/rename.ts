import { Args } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { InvalidRequest } from '../../base/errors.js';
import { contextNameProblem, renamedContext } from '../../config/contexts.js';
import { changeContexts } from '../../config/contexts-file.js';

export default class ContextRename extends BaseCommand {
  static override summary = 'Give a context another name.';
  static override examples = ['<%= config.bin %> context rename lab lab-2024'];
  static override args = { context: Args.string({ description: 'its name', required: true, ignoreStdin: true }), name: Args.string({ description: 'its new name', required: true, ignoreStdin: true }) };
  static override readonly bundle = 'offline';
  static override readonly warm = 'not run';

  protected override readonly managesContexts = true;

  protected override async execute(): Promise<ExitCode> {
    const { args, flags } = await this.parse(ContextRename);
    await this.use(flags);
    const problem = contextNameProblem(args.name);
    if (problem !== undefined) throw new InvalidRequest(problem);
    await changeContexts(this.env, (contexts) => renamedContext(contexts, args.context, args.name));
    return ExitCode.done;
  }
}
