import { Flags } from '@oclif/core';
import { InvalidRequest } from '../../base/errors.js';
import type { ExitCode } from '../../cli/exit-codes.js';
import { IpamCommand, longFlags } from '../../cli/ipam-command.js';
import { givenBlock, givenHandle } from '../../cli/ipam-input.js';
import type { Store } from '../../datastore/store.js';
import type { FindingCode } from '../../ipam/check/finding.js';
import { REPAIRABLE } from '../../ipam/operations/repair-findings.js';
import { repairWanted, type RepairRequest } from '../../ipam/operations/repair-wanted.js';
import type { CommandReport } from '../../output/views/report.js';
import type { Telling } from '../../output/views/changes/unfinished.js';
import { repairReport } from '../../output/views/ipam/repair.js';

const TELLING: Telling = { advice: () => 'Run the same command again to fix the rest.' };

export default class IpamRepair extends IpamCommand {
  static override summary = 'Fix what `ipam check` found.';
  static override description = 'Corrects a handle\'s counts from the blocks, and deletes a handle without addresses. Makes a block and its affinities agree, and deletes an empty block that no pool would create. Rebuilds an unreadable key from what uses it. --finding fixes everything of that kind that a check finds, as its advice for each would. Nothing in use is ever released.';
  static override examples = ['<%= config.bin %> ipam repair --block 10.0.0.0/26', '<%= config.bin %> ipam repair --handle k8s-pod-network.4f2a', '<%= config.bin %> ipam repair --finding leaked-address'];
  static override usage = ['ipam repair --finding CODE... [flags]', 'ipam repair --block CIDR... [flags]', 'ipam repair --handle HANDLE... [flags]', 'ipam repair --key KEY... [flags]'];
  static override flags = {
    block: Flags.string({ helpValue: 'BLOCK', description: 'fix this block', multiple: true, multipleNonGreedy: true }),
    handle: Flags.string({ helpValue: 'HANDLE', description: 'recount the addresses of this handle', multiple: true, multipleNonGreedy: true }),
    key: Flags.string({ helpValue: 'KEY', description: 'fix the unreadable value of this etcd key', multiple: true, multipleNonGreedy: true }),
    finding: Flags.string({ description: 'fix everything of this kind that a check finds', helpValue: 'FINDING', multiple: true, multipleNonGreedy: true }),
    ...longFlags,
  };
  static override readonly bundle = 'addresses';
  static override readonly warm = ['--handle', 'web'];

  protected override readonly writes = true;

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(IpamRepair);
    const flags = await this.use(given);
    const blocks = (flags.block ?? []).map(givenBlock);
    const handles = (flags.handle ?? []).map(givenHandle);
    const { key: keys = [] } = flags;
    const codes = (flags.finding ?? []).map(readFinding);
    if (blocks.length + handles.length + keys.length + codes.length === 0) throw new InvalidRequest('nothing to fix was given', '`calicoctl ipam check` names what is wrong');
    const store = await this.openCluster(flags);
    return this.accountFor(TELLING, () => this.tellAll(this.repair(store, { blocks, handles, keys, codes: [...new Set(codes)] })));
  }

  private async *repair(store: Store, request: RepairRequest): AsyncGenerator<readonly CommandReport[]> {
    for await (const repaired of repairWanted(store, request, this.sources.now)) yield [repairReport(repaired)];
  }
}

function readFinding(text: string): FindingCode {
  const code = REPAIRABLE.find((each) => each === text);
  if (code === undefined) throw new InvalidRequest(`--finding: ${JSON.stringify(text)} is not a kind of finding that can be repaired`, `it is one of ${REPAIRABLE.join(', ')}`);
  return code;
}
