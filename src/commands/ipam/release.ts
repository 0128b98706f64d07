import { Flags, type Interfaces } from '@oclif/core';
import { CALICO_VERSION } from '../../base/calico-version.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { dryRunFlag } from '../../cli/flags.js';
import { IpamCommand, longFlags } from '../../cli/ipam-command.js';
import { givenHandle, givenIps, givenNode } from '../../cli/ipam-input.js';
import { checkNodeName } from '../../cli/node-flag.js';
import { readReport } from '../../cli/report-file.js';
import type { Store } from '../../datastore/store.js';
import type { ReleaseOptions } from '../../ipam/operations/release-unused.js';
import { releaseWanted, type ReleaseWanted } from '../../ipam/operations/release-wanted.js';
import type { CommandReport } from '../../output/views/report.js';
import type { Telling } from '../../output/views/changes/unfinished.js';
import { optionAsFlag } from '../../output/views/hint.js';
import { releaseReports } from '../../output/views/ipam/release.js';

const TELLING: Telling = { did: 'released', advice: () => 'Run the same command again to release the rest.' };
const WAYS = ['ip', 'handle', 'node', 'from-report'];
const exclusive = (name: string): string[] => WAYS.filter((way) => way !== name);
type Ways = Partial<Pick<Interfaces.InferredFlags<typeof IpamRelease.flags>, 'ip' | 'handle' | 'node' | 'from-report'>>;

export default class IpamRelease extends IpamCommand {
  static override summary = 'Release addresses.';
  static override description = 'Block, handle and affinity change together or not at all. An address in use by an endpoint, a tunnel or a node is not released, and its user is named, unless --force is given. Only addresses listed in every report are released, and only if unchanged since; what is in use is kept even with --force. A release from reports needs a locked datastore and a report made after locking; a dry run needs no lock.';
  static override examples = [
    '<%= config.bin %> ipam release --ip 10.0.0.7 --ip 10.0.0.8',
    '<%= config.bin %> ipam release --handle k8s-pod-network.4f2a --dry-run',
    '<%= config.bin %> ipam release --node vanished-1',
    '<%= config.bin %> ipam release --from-report report.json --dry-run',
  ];
  static override usage = ['ipam release --ip IP... [flags]', 'ipam release --handle HANDLE... [flags]', 'ipam release --node NODE [flags]', 'ipam release --from-report FILE... [flags]'];
  static override flags = {
    ip: Flags.string({ helpValue: 'IP', description: 'release this address', multiple: true, multipleNonGreedy: true, exclusive: exclusive('ip') }),
    handle: Flags.string({ helpValue: 'HANDLE', description: 'release every address of this handle', multiple: true, multipleNonGreedy: true, exclusive: exclusive('handle') }),
    node: Flags.string({ helpValue: 'NODE', description: 'release the addresses and blocks left by this vanished node', exclusive: exclusive('node') }),
    'from-report': Flags.string({ helpValue: 'FILE', description: 'release what this report of `ipam check -o` lists as unused', multiple: true, multipleNonGreedy: true, exclusive: exclusive('from-report') }),
    force: Flags.boolean({ description: 'also release addresses in use; with --from-report, skip the lock and accept reports of other versions' }),
    ...dryRunFlag('check everything and show what would be released, without writing'),
    ...longFlags,
  };
  static override readonly bundle = 'addresses';
  static override readonly warm = ['--ip', '10.0.0.1', '--dry-run'];

  protected override readonly writes = true;

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(IpamRelease);
    const flags = await this.use(given);
    const wanted = await this.wanted(flags);
    if (wanted === undefined) {
      // Recorded as exit 0 without output; what a script lost on its way must not pass unseen.
      await this.note('nothing is released: give --ip, --handle, --node or --from-report');
      return ExitCode.done;
    }
    const store = await this.openCluster(flags);
    return this.accountFor(TELLING, () => this.tellAll(this.release(store, wanted, { force: flags.force, dryRun: flags['dry-run'] })));
  }

  private async wanted({ ip, handle, node, 'from-report': paths = [] }: Ways): Promise<ReleaseWanted | undefined> {
    if (ip !== undefined) return { by: 'address', ips: givenIps(ip) };
    if (node !== undefined) return { by: 'node', node: givenNode(node) };
    if (handle !== undefined) return { by: 'handle', handles: handle.map(givenHandle) };
    if (paths.length === 0) return undefined;
    return { by: 'report', reports: await Promise.all(paths.map((path) => readReport(path, this.shell.readInput))) };
  }

  private async *release(store: Store, wanted: ReleaseWanted, options: ReleaseOptions): AsyncGenerator<readonly CommandReport[]> {
    for await (const released of releaseWanted(store, wanted, options, { version: CALICO_VERSION, option: optionAsFlag })) {
      // Records may bear names that no node can have; where there are none either, the name is wrong.
      if (released.of === 'node' && released.answer.addresses.length === 0 && released.answer.affinities === 0) checkNodeName(released.node);
      yield releaseReports(released, options.dryRun === true);
    }
  }
}
