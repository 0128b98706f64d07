import { Flags } from '@oclif/core';
import { asFlag } from '../../cli/command-line.js';
import { CALICO_VERSION } from '../../base/calico-version.js';
import type { Store } from '../../datastore/store.js';
import { CalicoError } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { IpamCommand, longFlags, readHandle, readIps, readNode } from '../../cli/ipam-command.js';
import { parseIp, type Ip } from '../../net/address.js';
import { readClusterFacts } from '../../ipam/cluster/facts.js';
import { NODE_PREFIX } from '../../ipam/cluster/resources.js';
import { agreementOf, LOCK_FIRST, releaseReported, removeReportedHandle, type NamedReport } from '../../ipam/operations/release-reports.js';
import { isKept, releaseHandleUnused, releaseIps, releaseNodeUnused, suspectsOf, type ReleaseOptions, type UnusedRelease } from '../../ipam/operations/release-unused.js';
import { parseReport } from '../../ipam/report/report.js';
import { readUnknownUsers } from '../../ipam/cluster/uses.js';
import { FORCE_HINT, notReleased, releaseText, reportHandlesText, reportReleaseText, SUSPECTS_HINT, suspectLines } from '../../output/views/ipam/release.js';
import { optionAsFlag } from '../../output/views/hint.js';
import type { Telling } from '../../output/views/changes/unfinished.js';
import { checkNodeName } from '../../cli/node-flag.js';
import { safe } from '../../text/safe.js';

const TELLING: Telling = { did: 'released', advice: () => 'Run the same command again to release the rest.' };
const WAYS = ['ip', 'handle', 'node', 'from-report'];
const exclusive = (name: string): string[] => WAYS.filter((way) => way !== name);

/** What is to be released, in one of the ways there are. */
interface Wanted {
  readonly ips: readonly Ip[] | undefined;
  readonly node: string | undefined;
  readonly handles: readonly string[] | undefined;
  readonly reports: readonly NamedReport[];
}

export default class IpamRelease extends IpamCommand {
  static override summary = 'Give addresses back.';
  static override description = 'Block, handle and affinity change together or not at all. An address that an endpoint, a tunnel or a node has is not released, and its owner is named, unless --force is given. Reports are believed where all of them agree, and only as long as the store still says the same; what is in use is kept even with --force. A release from reports needs the datastore locked, and a report made since; a dry run needs no lock.';
  static override examples = [
    '<%= config.bin %> ipam release --ip 10.0.0.7 --ip 10.0.0.8',
    '<%= config.bin %> ipam release --handle k8s-pod-network.4f2a --dry-run',
    '<%= config.bin %> ipam release --node vanished-1',
    '<%= config.bin %> ipam release --from-report report.json --dry-run',
  ];
  static override flags = {
    ip: Flags.string({ description: 'release this address; may be given several times', multiple: true, multipleNonGreedy: true, exclusive: exclusive('ip') }),
    handle: Flags.string({ description: 'release every address of this handle; may be given several times', multiple: true, multipleNonGreedy: true, exclusive: exclusive('handle') }),
    node: Flags.string({ description: 'release the addresses and blocks that this vanished node left', exclusive: exclusive('node') }),
    'from-report': Flags.string({ description: 'release what this report of `ipam check -o` says nobody uses; may be given several times', multiple: true, multipleNonGreedy: true, exclusive: exclusive('from-report') }),
    force: Flags.boolean({ description: 'release addresses in use too; with --from-report: do without the lock, and take reports of other versions' }),
    'dry-run': Flags.boolean({ description: 'check everything and say what would be released; write nothing' }),
    ...longFlags,
  };
  static override readonly bundle = 'addresses';
  static override readonly warm = ['--ip', '10.0.0.1', '--dry-run'];

  protected override readonly writes = true;

  protected override instead(word: string): string {
    if (parseIp(word) !== undefined) return asFlag('ip', word);
    return /\.json$|\//.test(word) ? asFlag('from-report', word) : `${asFlag('handle', word)}, or ${asFlag('node', word)}`;
  }

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(IpamRelease);
    const flags = await this.use(given);
    const options = { force: flags.force, dryRun: flags['dry-run'] };
    const ips = flags.ip && readIps(flags.ip);
    const handles = flags.handle?.map(readHandle);
    const node = flags.node === undefined ? undefined : readNode(flags.node);
    const reports = await Promise.all((flags['from-report'] ?? []).map((path) => readReport(path, this.shell.readInput)));
    if (ips === undefined && handles === undefined && node === undefined && reports.length === 0) {
      // Recorded as exit 0 without output; what a script lost on its way must not pass unseen.
      await this.note('nothing is released: give --ip, --handle, --node or --from-report');
      return ExitCode.done;
    }
    const store = await this.openCluster(flags);
    return this.accountFor(TELLING, () => this.release(store, { ips, node, handles, reports }, options));
  }

  private async release(store: Store, { ips, node, handles, reports }: Wanted, options: ReleaseOptions): Promise<ExitCode> {
    if (ips !== undefined) return this.tellAddresses(await releaseIps(store, ips, options), options);
    if (node !== undefined) return this.releaseNode(store, node, options);
    if (handles !== undefined) return this.releaseHandles(store, handles, options);
    return this.releaseReports(store, reports, options);
  }

  private async releaseHandles(store: Store, handles: readonly string[], options: ReleaseOptions): Promise<ExitCode> {
    let worst: ExitCode = ExitCode.done;
    for (const handle of new Set(handles)) {
      const code = await this.releaseHandle(store, handle, options);
      if (worst === ExitCode.done) worst = code;
    }
    return worst;
  }

  private async releaseHandle(store: Store, handle: string, options: ReleaseOptions): Promise<ExitCode> {
    const answer = await releaseHandleUnused(store, handle, options);
    if (answer === undefined) {
      await this.note(safe(`resource does not exist: IPAMHandle(${handle})`));
      return ExitCode.conflict;
    }
    const { addresses, suspects } = answer;
    const kept = addresses.filter(isKept);
    if (kept.length + suspects.length > 0) {
      await this.note([...kept.map(notReleased), safe(`nothing of handle ${handle} was released`), ...suspectLines(suspects)].join('\n'));
      await this.hint(suspects.length > 0 ? SUSPECTS_HINT : FORCE_HINT);
      return ExitCode.failed;
    }
    await this.report(releaseText(addresses, options.dryRun === true).stdout);
    const done = options.dryRun === true ? 'Would release' : 'Successfully released';
    await this.out(`${done} handle ${safe(handle)} with ${counted(addresses.length, 'IP address', 'IP addresses')}\n`);
    return ExitCode.done;
  }

  private async releaseNode(store: Store, node: string, options: ReleaseOptions): Promise<ExitCode> {
    if (options.force !== true && (await store.get(NODE_PREFIX + node)) !== undefined) {
      throw new CalicoError('exists', `node ${node} exists: its addresses are its own`, { hint: '`calicoctl ipam check` names those that nobody uses, and the command that releases them', subject: `Node(${node})` });
    }
    const { addresses, affinities, inhabited, suspects } = await releaseNodeUnused(store, node, options);
    // Records may bear names that no node can have; where there are none either, the name is wrong.
    if (addresses.length === 0 && affinities === 0) checkNodeName(node);
    const code = await this.tellAddresses(addresses, options);
    if (suspects.length > 0) {
      const lines = suspectsOf(addresses).length > 0 ? [] : suspectLines(suspects);
      await this.note([safe(`the blocks of node ${node} were not released: who cannot be read may be on it`), ...lines].join('\n'));
      if (lines.length > 0) await this.hint(SUSPECTS_HINT);
      return ExitCode.failed;
    }
    if (inhabited) {
      await this.note(safe(`the blocks of node ${node} were not released: there are endpoints on it`));
      await this.hint('If the host still runs, `calicoctl node run` on it makes its node anew. --force takes the blocks all the same.');
      return ExitCode.failed;
    }
    await this.out(`${options.dryRun === true ? 'Would release' : 'Successfully released'} ${counted(affinities, 'block', 'blocks')} of node ${safe(node)}\n`);
    return code;
  }

  private async releaseReports(store: Store, reports: readonly NamedReport[], options: ReleaseOptions): Promise<ExitCode> {
    const dryRun = options.dryRun === true;
    const cluster = await readClusterFacts(store);
    const { addresses, handles, warnings } = agreementOf(cluster, reports, CALICO_VERSION, options, optionAsFlag);
    await this.out(warnings.map((warning) => `${warning}\n`).join(''));
    const result = await releaseReported(store, addresses, options);
    await this.report(reportReleaseText(result, dryRun));
    const suspects = options.force === true || addresses.length + handles.length === 0 ? [] : await readUnknownUsers(store);
    const removed: boolean[] = [];
    if (suspects.length === 0) for (const handle of handles) removed.push(await removeReportedHandle(store, handle, dryRun));
    if (suspects.length === 0 || handles.length === 0) await this.out(reportHandlesText(handles, removed, dryRun));
    if (!dryRun) await this.out('You may now unlock the data store.\n');
    else if (!cluster.locked) await this.hint(`hint: before the release ${LOCK_FIRST}`);
    const kept = result.kept.filter(isKept);
    const unjudged = suspects.length > 0 && handles.length > 0 ? [`${counted(handles.length, 'handle was', 'handles were')} not deleted`] : [];
    const lines = [...kept.map(notReleased), ...unjudged, ...suspectLines(suspects)];
    if (lines.length > 0) await this.note(lines.join('\n'));
    if (suspects.length > 0) await this.hint(SUSPECTS_HINT);
    return lines.length > 0 ? ExitCode.failed : ExitCode.done;
  }

  private async tellAddresses(answers: readonly UnusedRelease[], options: ReleaseOptions): Promise<ExitCode> {
    const { stdout, stderr } = releaseText(answers, options.dryRun === true);
    if (stdout !== '') await this.report(stdout);
    if (stderr.length > 0) await this.note(stderr.join('\n'));
    if (suspectsOf(answers).length > 0) await this.hint(SUSPECTS_HINT);
    else if (answers.some(isKept)) await this.hint(FORCE_HINT);
    // In use: a negative answer. Free, or changed meanwhile: the world is not as assumed.
    if (answers.some(isKept)) return ExitCode.failed;
    return answers.every(({ outcome }) => outcome === 'released') ? ExitCode.done : ExitCode.conflict;
  }
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

async function readReport(path: string, read: (path: string) => Promise<Buffer>): Promise<NamedReport> {
  let text: string;
  try {
    text = (await read(path)).toString();
  } catch (error) {
    if (error instanceof CalicoError) throw error;
    throw new CalicoError('invalid-document', `the report ${path} cannot be read: ${(error as Error).message}`);
  }
  const report = parseReport(text);
  if ('problem' in report) throw new CalicoError('invalid-document', `${path} is no report of \`ipam check -o\`: ${report.problem}`);
  return { name: path, report };
}
