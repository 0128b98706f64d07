import { Flags } from '@oclif/core';
import { CALICO_VERSION } from '../../base/calico-version.js';
import { CalicoError, InvalidRequest } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { storeFlag } from '../../cli/flags.js';
import { IpamCommand, longFlags } from '../../cli/ipam-command.js';
import { gathered, writeReportFile } from '../../cli/report-file.js';
import { parseIp } from '../../net/address.js';
import { check } from '../../ipam/check/check.js';
import { noCluster } from '../../ipam/cluster/facts.js';
import { reportText } from '../../ipam/report/report.js';
import { readIpamSnapshot } from '../../ipam/snapshot/snapshot.js';
import { safeText } from '../../text/safe.js';
import { shellWord } from '../../text/shell-word.js';
import { checkJson, checkText } from '../../output/views/ipam/check.js';

export default class IpamCheck extends IpamCommand {
  static override summary = 'Check IPAM for inconsistencies.';
  static override description = 'Pools, blocks, handles, affinities, nodes and endpoints are read at one revision and compared. Each problem comes with its cause, evidence, risk, and the command that fixes it; equal problems are grouped. The exit code is 1 if anything is wrong. Only etcd is needed: addresses of Kubernetes services are not judged.';
  static override examples = [
    '<%= config.bin %> ipam check',
    '<%= config.bin %> ipam check -o json',
    '<%= config.bin %> datastore migrate lock\n<%= config.bin %> ipam check -o report.json\n<%= config.bin %> ipam release --from-report report.json\n<%= config.bin %> datastore migrate unlock',
  ];
  static override usage = ['ipam check [flags]', 'ipam check -o FILE [flags]'];
  static override flags = {
    all: Flags.boolean({ description: 'show all findings and blocks, however many' }),
    'show-all-ips': Flags.boolean({ description: 'list every address and handle' }),
    'show-problem-ips': Flags.boolean({ description: 'list the addresses and handles behind each count' }),
    output: Flags.string({ char: 'o', description: 'json to print data, or a file to write a report to, for `ipam release --from-report`', helpValue: 'json|FILE' }),
    kubeconfig: Flags.string({ description: 'accepted for scripts of the official tool', hidden: true }),
    ...longFlags,
    ...storeFlag,
  };
  static override readonly bundle = 'addresses';
  static override readonly warm = [];

  protected override instead(word: string): string | undefined {
    return parseIp(word) === undefined ? undefined : `ipam show --ip ${word}`;
  }

  protected override async execute(): Promise<ExitCode> {
    const { flags: given } = await this.parse(IpamCheck);
    const flags = await this.use(given);
    if (flags.output === 'yaml') throw new InvalidRequest('a check is not printed as YAML', '-o json prints it as data; -o ./yaml writes a report into a file of that name');
    if (flags.kubeconfig !== undefined) await this.mustBeReadable(flags.kubeconfig);
    const store = await this.openCluster(flags);
    const { survey, findings } = check(await readIpamSnapshot(store));
    if (survey.snapshot.cluster === undefined) throw noCluster();
    const all = flags['show-all-ips'];
    const view = { all, problems: all || flags['show-problem-ips'], every: flags.all, chosen: chosenBy(flags) };
    if (flags.output === 'json') for (const piece of gathered(checkJson(survey, findings, view))) await this.out(piece);
    else for (const piece of gathered(checkText(survey, findings, view))) await this.shell.outProse(safeText(piece));
    if (flags.output !== undefined && flags.output !== 'json') await writeReportFile(flags.output, reportText(survey, CALICO_VERSION));
    return findings.length === 0 ? ExitCode.done : ExitCode.failed;
  }

  private async mustBeReadable(path: string): Promise<void> {
    const { access, constants } = await import('node:fs/promises');
    await access(path, constants.R_OK).catch((error: unknown) => {
      throw new CalicoError('failed', `the kubeconfig ${path} cannot be read: ${(error as Error).message}`, { hint: 'it is not needed: leave --kubeconfig out' });
    });
  }
}

/** The words with which the commands that are advised reach the same cluster. */
function chosenBy({ config, 'allow-version-mismatch': anyVersion }: { readonly config?: string | undefined; readonly 'allow-version-mismatch': boolean }): readonly string[] {
  return [...(config === undefined ? [] : [`--config=${shellWord(config)}`]), ...(anyVersion ? ['--allow-version-mismatch'] : [])];
}
