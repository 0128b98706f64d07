import { Flags } from '@oclif/core';
import { InvalidRequest } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { datastoreFlags, fileFlags, namespaceFlag, storeFlag } from '../../cli/flags.js';
import { hostsFlag, PolicyCommand } from '../../cli/policy-command.js';
import type { Store } from '../../datastore/store.js';
import type { TestReport } from '../../output/views/policy/tests/report.js';
import { POLICY_KINDS } from '../../policy/stored-network.js';

export default class PolicyTest extends PolicyCommand {
  static override summary = 'Test what policies allow and deny, as a file says it.';
  static override description = 'Each test says where packets come from, where they go, which they are, and whether all of them are allowed or denied; optionally what decides. Ends are named as for policy trace, or by labels, which means every pair. Where manifests are named, by the file or by --manifests, they are tested alone and no datastore is needed; with --datastore, --store, --at, --context or --config they are laid over what is there. The exit code is 0 if all tests pass, 1 if some fail, and anything above that if they could not be run. `schema --policy-tests` has the format of the file.';
  static override examples = [
    '<%= config.bin %> policy test -f examples/tests/tenant.yaml',
    '<%= config.bin %> policy test -f tests.yaml --manifests tenant/ -o junit > results.xml',
    '<%= config.bin %> policy test -f tests.yaml --manifests change.yaml --datastore',
    '<%= config.bin %> policy test -f tests.yaml --store backup.json --coverage',
  ];
  static override usage = ['policy test -f FILE [-m PATH...] [flags]'];
  static override flags = {
    filename: Flags.string({ char: 'f', description: 'the file of tests; - for stdin', helpValue: 'FILE' }),
    coverage: Flags.boolean({ description: 'also say which rules no test is about; with -o junit and tap on stderr' }),
    output: Flags.string({ char: 'o', description: 'how results are printed [default: text]', options: ['json', 'junit', 'tap'] }),
    manifests: Flags.string({ char: 'm', description: 'manifests to test, besides those that the file names: a file, a directory, or - for stdin', helpValue: 'FILE', multiple: true, multipleNonGreedy: true }),
    recursive: fileFlags.recursive,
    ...namespaceFlag,
    datastore: Flags.boolean({ description: 'lay manifests over the datastore that is configured, as if they were applied', helpGroup: 'DATASTORE' }),
    ...datastoreFlags,
    ...storeFlag,
    ...hostsFlag,
  };
  static override readonly bundle = 'policy';
  static override readonly warm = ['-f', 'examples/tests/tenant.yaml'];
  /** Whether manifests are all there is. */
  private alone = false;

  protected override async execute(): Promise<ExitCode> {
    const { flags } = await this.parse(PolicyTest);
    const { filename } = flags;
    if (filename === undefined) throw new InvalidRequest('no file of tests is given', 'write for example: policy test -f tests.yaml');
    this.refuseTwiceStdin({ '-f': filename, '--hosts': flags.hosts, '--store': flags.store, '--manifests': flags.manifests });
    const { readTests, testReport } = await import('../../cli/policy-tests.js');
    const file = await this.shell.whileReading(() => readTests(filename, this.shell.stdin));
    const manifests = [...file.manifests, ...(flags.manifests ?? [])];
    this.alone = manifests.length > 0 && !flags.datastore && [flags.store, flags.at, flags.context, flags.config].every((each) => each === undefined);
    if (flags.datastore && flags.store !== undefined) throw new InvalidRequest('--datastore and --store are both given', 'a file stands in for the datastore: leave out one of them');
    await this.use(this.alone ? { ...flags, store: file.name } : flags);
    const network = await this.readNetwork(POLICY_KINDS, { ...flags, filename: manifests.length > 0 ? manifests : undefined, ...(this.alone && { store: file.name }) });
    const report = testReport(file, await this.compiled(network, { hosts: flags.hosts }), network.resources, this.dialect, { covers: flags.coverage, notify: this.notify });
    await this.show(report, flags.output);
    return report.results.some(({ failure }) => failure !== undefined) ? ExitCode.failed : ExitCode.done;
  }

  /** Manifests that are looked at alone are laid over an empty store. */
  protected override async connect(): Promise<Store> {
    if (!this.alone) return super.connect();
    const [{ FileStore }, { nothing }] = await Promise.all([import('../../datastore/file/file-store.js'), import('../../datastore/file/nothing.js')]);
    return new FileStore(nothing);
  }

  private async show(report: TestReport, output: string | undefined): Promise<void> {
    const { coverageLines, testsText } = await import('../../output/views/policy/tests/text.js');
    if (output === undefined) return this.shell.outProse(testsText(report, await this.shell.colours()));
    const { testsData, testsJUnit, testsTap } = await import('../../output/views/policy/tests/exchange.js');
    await this.out((output === 'json' ? testsData : output === 'junit' ? testsJUnit : testsTap)(report));
    if (output !== 'json' && report.coverage !== undefined) await this.note(coverageLines(report.coverage, report.directory).join('\n'));
  }
}
