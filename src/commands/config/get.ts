import { ConfigCommand, settingArg, settingFlags } from '../../cli/config-command.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { storeFlag } from '../../cli/flags.js';
import { safe } from '../../text/safe.js';
import { readSetting } from '../../settings/read.js';

export default class ConfigGet extends ConfigCommand {
  static override summary = 'Show a setting of the cluster or of a node.';
  static override examples = ['<%= config.bin %> config get nodeToNodeMesh', '<%= config.bin %> config get logLevel --node node-1', '<%= config.bin %> config get RouteRefreshInterval --raw=felix'];
  static override args = settingArg;
  static override usage = ['config get SETTING [-n NODE] [flags]', 'config get SETTING --raw bgp|felix [flags]'];
  static override flags = { ...settingFlags, ...storeFlag };
  static override readonly bundle = 'addresses';
  static override readonly warm = ['logLevel'];

  protected override async execute(): Promise<ExitCode> {
    const { flags, args } = await this.parse(ConfigGet);
    await this.use(flags);
    const setting = this.chosen(args.setting, flags);
    const store = await this.connect();
    const own = await readSetting(store, setting, flags.node);
    if (own !== undefined || setting.raw !== undefined) {
      await this.out(`${safe(own?.text ?? '(unset)')}\n`);
      return ExitCode.done;
    }
    const inherited = await readSetting(store, setting);
    await this.out(`${safe(inherited?.text ?? '')} (inherited from global)\n`);
    return ExitCode.done;
  }
}
