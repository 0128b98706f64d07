import { Flags } from '@oclif/core';
import { BaseCommand } from '../../cli/base-command.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { readContexts } from '../../config/contexts-file.js';
import { goJsonIndented } from '../../go/indented-json.js';
import { ColumnTable } from '../../output/formats/table.js';
import { CONTEXT_COLUMNS, listedContexts } from '../../output/views/context.js';

export default class ContextList extends BaseCommand {
  static override summary = 'List the contexts; the one in use is marked.';
  static override examples = ['<%= config.bin %> context list', '<%= config.bin %> context list -o name'];
  static override flags = { output: Flags.string({ char: 'o', description: 'print names or data', options: ['name', 'json', 'yaml'] }) };
  static override readonly bundle = 'offline';
  static override readonly warm = [];

  protected override readonly managesContexts = true;

  protected override async execute(): Promise<ExitCode> {
    const { flags } = await this.parse(ContextList);
    await this.use(flags);
    const listed = listedContexts((await readContexts(this.env)) ?? { contexts: [] });
    if (flags.output === 'json') await this.out(`${goJsonIndented(listed)}\n`);
    else if (flags.output === 'yaml') await this.out((await import('../../go/yaml.js')).goYaml(listed));
    else if (flags.output === 'name') await this.out(listed.map(({ name }) => `${name}\n`).join(''));
    else {
      const table = new ColumnTable(CONTEXT_COLUMNS, { globalAsNumber: '', room: this.shell.room });
      for (const each of listed) table.add(each);
      for (const piece of table.text()) await this.out(piece);
    }
    return ExitCode.done;
  }
}
