import { ExitCode } from '../../cli/exit-codes.js';
import { LabCommand, labFlags } from '../../cli/lab-command.js';
import { Flags } from '@oclif/core';

export default class LabDown extends LabCommand {
  static override summary = 'Take a lab away, whatever is left of it.';
  static override description = 'Ends its processes, and its namespaces, devices, mounts and files go with them; also those of a lab that was killed while it was made. Where there is no such lab, nothing happens.';
  static override examples = ['<%= config.bin %> lab down', '<%= config.bin %> lab down --name tuesday', '<%= config.bin %> lab down --all'];
  static override flags = { ...labFlags, all: Flags.boolean({ description: 'all labs of this machine', exclusive: ['name'] }) };
  static override readonly bundle = 'lab';
  static override readonly warm = 'not run';

  protected override async execute(): Promise<ExitCode> {
    const flags = await this.use((await this.parse(LabDown)).flags);
    this.checkLabName(flags.name);
    const [{ takeDown }, { LabFolder, labNames }, { requireRoot }] = await Promise.all([import('../../lab/down.js'), import('../../lab/folder.js'), import('../../lab/requirements.js')]);
    requireRoot(this.shell.isRoot);
    for (const name of flags.all ? labNames() : [flags.name]) {
      const there = await takeDown(new LabFolder(name));
      this.say(there ? `Lab ${name} is gone.` : `There is no lab ${name}.`);
    }
    return ExitCode.done;
  }
}
