import { Flags } from '@oclif/core';
import { ExitCode } from '../../cli/exit-codes.js';
import { hostsFlag, networkFlags, PolicyCommand } from '../../cli/policy-command.js';
import { POLICY_KINDS } from '../../policy/stored-network.js';

export default class PolicyExposure extends PolicyCommand {
  static override summary = 'Show who can be reached from outside, and who has no policies.';
  static override description = 'Works out, of all packets, which workloads and hosts can be reached from addresses that no workload and no host has, which workloads from workloads of other namespaces, and with which packets; and which workloads no policy selects, so that only their profiles decide. The exit code is 0 whatever is exposed (policy test checks what should be), and above 1 if the question could not be answered.';
  static override examples = [
    '<%= config.bin %> policy exposure',
    '<%= config.bin %> policy exposure -f tenant/',
    '<%= config.bin %> policy exposure --store backup -o json',
  ];
  static override flags = {
    output: Flags.string({ char: 'o', description: 'everything as data, with everybody of each group', options: ['json'] }),
    ...networkFlags,
    ...hostsFlag,
  };
  static override readonly bundle = 'policy';
  static override readonly warm = ['-f', 'MANIFEST'];

  protected override async execute(): Promise<ExitCode> {
    const flags = await this.use((await this.parse(PolicyExposure)).flags);
    this.refuseTwiceStdin({ '--hosts': flags.hosts, '--store': flags.store, '-f': flags.filename });
    const network = await this.readNetwork(POLICY_KINDS, flags);
    const [{ Directory }, { exposureOf }, { exposureData, exposureText }] = await Promise.all([import('../../insight/directory.js'), import('../../insight/exposure.js'), import('../../output/views/policy/exposure.js')]);
    const directory = new Directory(network.resources, this.dialect);
    const exposure = exposureOf(await this.compiled(network, flags), directory, this.notify);
    await this.out(flags.output === 'json' ? exposureData(exposure, directory) : exposureText(exposure, this.shell.room));
    return ExitCode.done;
  }
}
