import { Args, Flags } from '@oclif/core';
import { InvalidRequest } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { LabCommand, labFlags } from '../../cli/lab-command.js';
import { CUT_OF, type CutOf } from '../../lab/requests.js';

export default class LabPartition extends LabCommand {
  static override summary = 'Cut hosts of a lab off from the others, or heal that.';
  static override description = 'Hosts that are cut off together still reach one another; etcd is on the side of the others. Cuts add up until they are healed.';
  static override examples = ['<%= config.bin %> lab partition node3', '<%= config.bin %> lab partition node1 node2 --only etcd', '<%= config.bin %> lab partition --heal'];
  static override usage = ['lab partition NODE... [--only etcd|bgp] [flags]', 'lab partition --heal [NODE...] [flags]'];
  static override args = { node: Args.string({ description: 'host of the lab', ignoreStdin: true }) };
  static override flags = {
    ...labFlags,
    only: Flags.string({ description: 'cut only their way to etcd, or their BGP sessions', options: CUT_OF.filter((of) => of !== 'all'), exclusive: ['heal'] }),
    heal: Flags.boolean({ description: 'connect these hosts again, or all' }),
  };
  static override strict = false;
  static override readonly bundle = 'lab';
  static override readonly warm = 'not run';

  protected override async execute(): Promise<ExitCode> {
    const { argv, flags } = await this.parse(LabPartition);
    await this.use(flags);
    if (!flags.heal && argv.length === 0) throw new InvalidRequest('no host is named', `write for example: calicoctl lab partition node3${flags.name === 'lab' ? '' : ` --name ${flags.name}`}`);
    const lab = await this.lab(flags.name);
    const [{ cutOff, heal }, { hostName }, { cutsText }] = await Promise.all([import('../../lab/cut.js'), import('../../lab/place.js'), import('../../output/views/lab/status.js')]);
    const hosts = (argv as string[]).map((word) => hostName(lab, word));
    const state = flags.heal ? await heal(lab, hosts) : await cutOff(lab, hosts, (flags.only ?? 'all') as CutOf);
    for (const line of cutsText(state)) this.say(line);
    return ExitCode.done;
  }
}
