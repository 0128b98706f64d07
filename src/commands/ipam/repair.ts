import { Flags } from '@oclif/core';
import { asFlag } from '../../cli/command-line.js';
import type { Store } from '../../datastore/store.js';
import { InvalidRequest } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { IpamCommand, longFlags, readHandle } from '../../cli/ipam-command.js';
import { formatCidr, network, parseCidr, type Cidr } from '../../net/address.js';
import type { FindingCode } from '../../ipam/check/finding.js';
import { MENDABLE, repairFindings } from '../../ipam/operations/repair-findings.js';
import { repairKeys } from '../../ipam/operations/repair-keys.js';
import { repairBlock, repairHandles, type HandleRepair } from '../../ipam/operations/repair.js';
import { suspectsOf } from '../../ipam/operations/release-unused.js';
import { notReleased, suspectLines } from '../../output/views/ipam/release.js';
import type { Telling } from '../../output/views/changes/unfinished.js';
import { safe } from '../../text/safe.js';

const TELLING: Telling = { advice: () => 'Run the same command again to mend the rest.' };
const HANDLE_REPAIRS: Readonly<Record<HandleRepair, string>> = { sound: 'nothing to mend', counted: 'counted anew', removed: 'removed, it has no address' };

/** What is to be mended. */
interface Wanted {
  readonly blocks: readonly Cidr[];
  readonly handles: readonly string[];
  readonly keys: readonly string[];
  readonly codes: readonly FindingCode[];
}

export default class IpamRepair extends IpamCommand {
  static override summary = 'Mend what `ipam check` found wrong.';
  static override description = 'A handle is made to count what the blocks really have; one without addresses goes. A block and its affinities are made to agree; an empty block that no pool would make goes. A key that cannot be read is made anew from what uses it. With --finding: all that a check finds of that kind, as its advice for each would. What is in use is never released.';
  static override examples = ['<%= config.bin %> ipam repair --block 10.0.0.0/26', '<%= config.bin %> ipam repair --handle k8s-pod-network.4f2a', '<%= config.bin %> ipam repair --finding leaked-address'];
  static override flags = {
    block: Flags.string({ description: 'mend this block; may be given several times', multiple: true, multipleNonGreedy: true }),
    handle: Flags.string({ description: 'count the addresses of this handle anew; may be given several times', multiple: true, multipleNonGreedy: true }),
    key: Flags.string({ description: 'mend what cannot be read at this key of etcd; may be given several times', multiple: true, multipleNonGreedy: true }),
    finding: Flags.string({ description: 'mend all that a check finds of this kind; may be given several times', helpValue: 'KIND', multiple: true, multipleNonGreedy: true }),
    ...longFlags,
  };
  static override readonly bundle = 'addresses';
  static override readonly warm = ['--handle', 'web'];

  protected override readonly writes = true;

  protected override instead(word: string): string {
    return asFlag(parseCidr(word) === undefined ? 'handle' : 'block', word);
  }

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(IpamRepair);
    const flags = await this.use(given);
    const blocks = (flags.block ?? []).map(readBlock);
    const handles = (flags.handle ?? []).map(readHandle);
    const { key: keys = [] } = flags;
    const codes = (flags.finding ?? []).map(readFinding);
    if (blocks.length + handles.length + keys.length + codes.length === 0) throw new InvalidRequest('nothing to mend is given', '`calicoctl ipam check` names what is wrong');
    const store = await this.openCluster(flags);
    return this.accountFor(TELLING, () => this.repair(store, { blocks, handles, keys, codes: [...new Set(codes)] }));
  }

  private async repair(store: Store, { blocks, handles, keys, codes }: Wanted): Promise<ExitCode> {
    let left = 0;
    for (const cidr of blocks) {
      const { done, kept } = await repairBlock(store, cidr);
      if (kept === undefined || done.length > 0) await this.report(`Block ${formatCidr(cidr)}: ${done.length === 0 ? 'nothing to mend' : done.map(safe).join('; ')}\n`);
      if (kept === undefined) continue;
      await this.note(safe(`Block ${formatCidr(cidr)}: ${kept}`));
      left++;
    }
    const repairs = handles.length > 0 ? [...(await repairHandles(store, handles))] : [];
    await this.report(repairs.map(([handle, repair]) => `Handle ${safe(handle)}: ${HANDLE_REPAIRS[repair]}\n`).join(''));
    const mended = await repairKeys(store, keys, this.sources.now);
    await this.report(mended.map((done, index) => `Key ${safe(keys[index]!)}: ${safe(done)}\n`).join(''));
    for (const code of codes) left += await this.repairKind(store, code);
    return left > 0 ? ExitCode.failed : ExitCode.done;
  }

  /** Mends a kind of finding, and returns how many are left of it. */
  private async repairKind(store: Store, code: FindingCode): Promise<number> {
    const { found, left, withheld, unreadable } = await repairFindings(store, code, this.sources.now);
    const all = found + withheld;
    await this.report(`${code}: ${all === 0 ? 'nothing to mend' : `${found - left.length} of ${all} mended`}\n`);
    const reasons = withheld === 0 ? [] : [`${code}: ${withheld} not judged as long as this cannot be read:`, ...unreadable.map((each) => safe(`  ${each.key}: ${each.problem}`))];
    const lines = [...left.map(notReleased), ...(withheld === 0 ? suspectLines(suspectsOf(left)) : reasons)];
    if (lines.length > 0) await this.note(lines.join('\n'));
    if (withheld > 0) await this.hint('`calicoctl ipam check` says what to do about it');
    return left.length + withheld;
  }
}

function readBlock(text: string): Cidr {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new InvalidRequest(`invalid block specified: ${text}`, 'write its network, for example 10.0.0.0/26');
  return network(cidr);
}

function readFinding(text: string): FindingCode {
  const code = MENDABLE.find((each) => each === text);
  if (code === undefined) throw new InvalidRequest(`--finding: ${JSON.stringify(text)} is no kind of finding that can be mended`, `it is one of ${MENDABLE.join(', ')}`);
  return code;
}
