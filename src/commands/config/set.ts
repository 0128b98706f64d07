import { Args } from '@oclif/core';
import { ConfigCommand, settingArg, settingFlags } from '../../cli/config-command.js';
import { InvalidRequest } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { guardFlags } from '../../cli/flags.js';
import { changeSetting } from '../../settings/change.js';
import { isSecretName } from '../../text/secret-names.js';

export default class ConfigSet extends ConfigCommand {
  static override summary = 'Change a setting of the cluster or of a node.';
  static override description = 'Settings are stored in BGPConfiguration and FelixConfiguration, where Calico 3.32 reads them. Values are checked before anything is written.';
  static override examples = ['<%= config.bin %> config set nodeToNodeMesh off', '<%= config.bin %> config set logLevel debug --node node-1', '<%= config.bin %> config set RouteRefreshInterval 30 --raw=felix'];
  static override args = { ...settingArg, value: Args.string({ description: 'the new value', required: true, ignoreStdin: true }) };
  static override usage = ['config set SETTING VALUE [-n NODE] [flags]', 'config set SETTING VALUE --raw bgp|felix [flags]'];
  static override flags = { ...settingFlags, ...guardFlags };
  static override readonly bundle = 'addresses';
  static override readonly warm = ['logLevel', 'info'];

  protected override readonly writes = true;

  protected override async execute(): Promise<ExitCode> {
    const { flags, args } = await this.parse(ConfigSet);
    await this.use(flags);
    const setting = this.chosen(args.setting, flags);
    const reading = setting.read(args.value);
    if ('problem' in reading) throw new InvalidRequest(invalidValue(setting.name, args.value, reading.problem));
    const { changed, risks } = await changeSetting(await this.connect(), setting, { node: flags.node, value: reading.value }, { ...this.sources, guard: this.guard(flags) });
    for (const { message, hint } of risks) await this.note(`warning: ${setting.name}: ${message}\n    hint: ${hint}`);
    await this.hint(`${setting.name} ${changed ? 'is now' : 'was already'} ${setting.print(reading.value)}${flags.node === undefined ? '' : ` on ${flags.node}`}`);
    return ExitCode.done;
  }
}

/** What is wrong with a value; of a secret neither the value is repeated nor what was found in it. */
function invalidValue(name: string, value: string, problem: string): string {
  if (!isSecretName(name)) return `invalid value '${value}' of ${name}: ${problem}`;
  return `invalid value (not shown) of ${name}: ${problem.replace(/, found .*?(?=\s\(give it as JSON|$)/s, '')}`;
}
