import { Flags } from '@oclif/core';
import { UsageError } from '../../errors.js';
import { ExitCode } from '../../exit-codes.js';
import { IpamCommand, longFlags, readHandle } from '../../ipam-command.js';
import { formatCidr, network, parseCidr, type Cidr } from '../../ipam/address.js';
import { repairBlock, repairHandles } from '../../ipam/repair.js';
import { safe } from '../../output/safe.js';

export default class IpamRepair extends IpamCommand {
  static override summary = 'Mend a block or a handle that `ipam check` found wrong.';
  static override description = 'A handle is made to count what the blocks really have; one without addresses goes. A block and its affinities are made to agree; an empty block that no pool would make goes. No address is released.';
  static override examples = ['<%= config.bin %> ipam repair --block 10.0.0.0/26', '<%= config.bin %> ipam repair --handle k8s-pod-network.4f2a'];
  static override flags = {
    block: Flags.string({ description: 'mend this block; may be given several times', multiple: true, multipleNonGreedy: true }),
    handle: Flags.string({ description: 'count the addresses of this handle anew; may be given several times', multiple: true, multipleNonGreedy: true }),
    ...longFlags,
  };

  protected override readonly writes = true;

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(IpamRepair);
    const flags = await this.use(given);
    const blocks = (flags.block ?? []).map(readBlock);
    const handles = (flags.handle ?? []).map(readHandle);
    if (blocks.length === 0 && handles.length === 0) throw new UsageError('nothing to mend is given', '`calicoctl ipam check` names what is wrong');
    const store = await this.openCluster(flags);
    for (const cidr of blocks) {
      const done = await repairBlock(store, cidr);
      await this.out(`Block ${formatCidr(cidr)}: ${done.length === 0 ? 'nothing to mend' : done.map(safe).join('; ')}\n`);
    }
    if (handles.length === 0) return ExitCode.done;
    for (const [handle, repair] of await repairHandles(store, handles)) await this.out(`Handle ${safe(handle)}: ${{ sound: 'nothing to mend', counted: 'counted anew', removed: 'removed, it has no address' }[repair]}\n`);
    return ExitCode.done;
  }
}

function readBlock(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new UsageError(`invalid block specified: ${text}`, 'write its network, for example 10.0.0.0/26');
  return network(cidr);
}
