import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { InvalidRequest } from '../../base/errors.js';
import { contextsUsing } from '../../config/contexts.js';
import { changeContexts } from '../../config/contexts-file.js';

export default class ContextUse extends BaseCommand {
  static override summary = 'Put a context in use: it counts where nothing else says where etcd is.';
  static override description = 'Flags, CALICOCTL_CONTEXT and ETCD_ENDPOINTS in the environment go before the context in use; see context show.';
  static override examples = ['<%= config.bin %> context use prod', '<%= config.bin %> context use --none'];
  static override args = { context: Args.string({ description: 'name of the context', ignoreStdin: true }) };
  static override usage = ['context use CONTEXT [flags]', 'context use --none [flags]'];
  static override flags = { none: Flags.boolean({ description: 'put none in use', default: false }) };
  static override readonly bundle = 'offline';
  static override readonly warm = 'not run';

  protected override readonly managesContexts = true;

  protected override async execute(): Promise<ExitCode> {
    const { args, flags } = await this.parse(ContextUse);
    await this.use(flags);
    const { none } = flags;
    if ((args.context === undefined) !== none) throw new InvalidRequest(none ? 'give a name or --none, not both' : 'no context is named', 'write calicoctl context use NAME, or --none');
    await changeContexts(this.env, (contexts) => contextsUsing(contexts, args.context));
    await this.hint(args.context === undefined ? 'No context is in use now' : `${args.context} is in use now`);
    return ExitCode.done;
  }
}
