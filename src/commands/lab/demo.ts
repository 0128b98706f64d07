import { Flags } from '@oclif/core';
import { type ExitCode } from '../../cli/exit-codes.js';
import { LabCommand } from '../../cli/lab-command.js';
import { playDemo } from '../../cli/lab-demo.js';

export default class LabDemo extends LabCommand {
  static override summary = 'Show in half a minute what a lab is good for.';
  static override description = 'Makes a lab, and walks through the network of a tenant: without a policy, with a policy that has a fault, what names the fault, with the policy mended. Each command is printed with what it says. In the end the lab is taken away.';
  static override examples = ['<%= config.bin %> lab demo', '<%= config.bin %> lab demo --keep'];
  static override flags = {
    name: Flags.string({ helpValue: 'NAME', description: 'name of the lab', default: 'demo' }),
    keep: Flags.boolean({ description: 'leave the lab in the end' }),
  };
  static override readonly bundle = 'lab';
  static override readonly warm = 'not run';

  protected override async execute(): Promise<ExitCode> {
    const flags = await this.use((await this.parse(LabDemo)).flags);
    this.checkLabName(flags.name);
    const [{ checkRequirements, labSearchPath }, { LabFolder }] = await Promise.all([import('../../lab/requirements.js'), import('../../lab/folder.js')]);
    checkRequirements({ isRoot: this.shell.isRoot, searchPath: labSearchPath(this.env['PATH']), encapsulation: 'routed' });
    return playDemo(this.shell, new LabFolder(flags.name), { keep: flags.keep });
  }
}
