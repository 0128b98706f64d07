import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { InvalidRequest } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { datastoreFlags } from '../../cli/flags.js';
import { resolveSettings } from '../../config/resolve.js';
import { namedContext } from '../../config/source.js';
import { goJsonIndented } from '../../go/indented-json.js';
import { settingsData, settingsText } from '../../output/views/context.js';
import { safe, safeText } from '../../text/safe.js';

export default class ContextShow extends BaseCommand {
  static override summary = 'Show which cluster a command would talk to, and what says so.';
  static override description = 'The first of these counts, alone: --context or --config; CALICOCTL_CONTEXT; ETCD_ENDPOINTS and the like in the environment (where /etc/calico/calicoctl.cfg exists, it stands in their place); the context in use; /etc/calico/calicoctl.cfg; http://127.0.0.1:2379. The dialect is that of --dialect, else of CALICOCTL_DIALECT, else of the context or the file, else v1. Nothing is connected to.';
  static override examples = ['<%= config.bin %> context show', '<%= config.bin %> context show prod -o json'];
  static override args = { context: Args.string({ description: 'the context; without one, what is in effect', ignoreStdin: true }) };
  static override flags = {
    config: datastoreFlags.config,
    context: datastoreFlags.context,
    output: Flags.string({ char: 'o', description: 'print data', options: ['json', 'yaml'] }),
  };
  static override readonly bundle = 'offline';
  static override readonly warm = [];

  protected override readonly managesContexts = true;

  protected override async execute(): Promise<ExitCode> {
    const { args, flags } = await this.parse(ContextShow);
    if (args.context !== undefined && flags.context !== undefined) throw new InvalidRequest('the context is named twice', 'leave out --context');
    await this.use(flags);
    const resolved = await resolveSettings({ env: this.env, configFile: flags.config, context: await namedContext(this.env, { name: args.context ?? flags.context, configFile: flags.config }) });
    const dialect = flags.dialect === undefined && (this.env['CALICOCTL_DIALECT'] ?? '') === '' ? (resolved.dialect ?? 'v1') : this.dialect;
    if (flags.output === 'json') await this.out(`${goJsonIndented(settingsData(resolved, dialect))}\n`);
    else if (flags.output === 'yaml') await this.out((await import('../../go/yaml.js')).goYaml(settingsData(resolved, dialect)));
    else await this.out(safeText(settingsText(resolved, dialect)));
    for (const { message, remedy } of resolved.warnings) await this.note(safe(`${message}: ${remedy}`));
    return ExitCode.done;
  }
}
