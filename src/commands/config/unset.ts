import { ConfigCommand, settingArg, settingFlags } from '../../cli/config-command.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { guardFlags } from '../../cli/flags.js';
import { changeSetting } from '../../settings/change.js';

export default class ConfigUnset extends ConfigCommand {
  static override summary = 'Reset a setting to its default, or a node\'s setting to the cluster\'s.';
  static override examples = ['<%= config.bin %> config unset asNumber', '<%= config.bin %> config unset logLevel --node node-1'];
  static override args = settingArg;
  static override usage = ['config unset SETTING [-n NODE] [flags]', 'config unset SETTING --raw bgp|felix [flags]'];
  static override flags = { ...settingFlags, ...guardFlags };
  static override readonly bundle = 'addresses';
  static override readonly warm = ['logLevel'];

  protected override readonly writes = true;

  protected override async execute(): Promise<ExitCode> {
    const { flags, args } = await this.parse(ConfigUnset);
    await this.use(flags);
    const setting = this.chosen(args.setting, flags);
    const { changed } = await changeSetting(await this.connect(), setting, { node: flags.node, value: undefined }, { ...this.sources, guard: this.guard(flags) });
    if (!changed) await this.hint(`${setting.name} was not set`);
    return ExitCode.done;
  }
}
