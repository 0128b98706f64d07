import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { datastoreFlags, storeFlag } from '../../cli/flags.js';
import { checkNodeName } from '../../cli/node-flag.js';
import { goJsonIndented } from '../../go/indented-json.js';
import { safe } from '../../text/safe.js';
import { ColumnTable } from '../../output/formats/table.js';
import { listSettings } from '../../settings/read.js';
import { SETTING_COLUMNS, settingData } from '../../output/views/settings.js';

export default class ConfigList extends BaseCommand {
  static override summary = 'Show all settings of the cluster and its nodes, and where each value comes from.';
  static override description = 'With --node, shows what applies to that node, its own settings first.';
  static override examples = ['<%= config.bin %> config list', '<%= config.bin %> config list --node node-1 -o json'];
  static override usage = ['config list [-n NODE] [flags]'];
  static override flags = {
    node: Flags.string({ char: 'n', helpValue: 'NODE', description: 'show what applies to this node' }),
    output: Flags.string({ char: 'o', description: 'print data', options: ['json', 'yaml'] }),
    ...datastoreFlags,
    ...storeFlag,
  };
  static override readonly bundle = 'addresses';
  static override readonly warm = [];

  protected override async execute(): Promise<ExitCode> {
    const { flags } = await this.parse(ConfigList);
    await this.use(flags);
    if (flags.node !== undefined) checkNodeName(flags.node);
    const { listed, unreadable } = await listSettings(await this.connect(), flags.node);
    if (flags.output === 'json') await this.out(`${goJsonIndented(listed.map(settingData))}\n`);
    else if (flags.output === 'yaml') await this.out((await import('../../go/yaml.js')).goYaml(listed.map(settingData)));
    else {
      const table = new ColumnTable(SETTING_COLUMNS, { globalAsNumber: '', room: this.shell.room });
      for (const each of listed) table.add(each);
      for (const piece of table.text()) await this.out(piece);
    }
    for (const { key, reason } of unreadable) await this.note(safe(`${key} cannot be read: ${reason}`));
    return unreadable.length === 0 ? ExitCode.done : ExitCode.failed;
  }
}
