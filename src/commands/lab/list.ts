import { Flags } from '@oclif/core';
import { ExitCode } from '../../cli/exit-codes.js';
import { LabCommand } from '../../cli/lab-command.js';

export default class LabList extends LabCommand {
  static override summary = 'List the labs of this machine.';
  static override examples = ['<%= config.bin %> lab list', '<%= config.bin %> lab list -o json'];
  static override flags = { output: Flags.string({ char: 'o', description: 'print data', options: ['json'] }) };
  static override readonly bundle = 'lab';
  static override readonly warm = 'not run';

  protected override async execute(): Promise<ExitCode> {
    const flags = await this.use((await this.parse(LabList)).flags);
    const [{ listLabs }, { requireRoot }, { labListData, LAB_COLUMNS }, { dataText }, { ColumnTable }] = await Promise.all([
      import('../../lab/list.js'), import('../../lab/requirements.js'), import('../../output/views/lab/list.js'), import('../../output/views/data.js'), import('../../output/formats/table.js'),
    ]);
    requireRoot(this.shell.isRoot);
    const labs = await listLabs();
    if (flags.output === 'json') await this.out(await dataText(labListData(labs), 'json'));
    else {
      const table = new ColumnTable(LAB_COLUMNS, { globalAsNumber: '', room: this.shell.room });
      for (const lab of labs) table.add(lab);
      for (const piece of table.text()) await this.out(piece);
    }
    return ExitCode.done;
  }
}
