import { Args, Flags } from '@oclif/core';
import { InvalidRequest } from '../../base/errors.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { hostsFlag, networkFlags, PolicyCommand } from '../../cli/policy-command.js';
import { POLICY_KINDS } from '../../policy/stored-network.js';

export default class PolicyApplies extends PolicyCommand {
  static override summary = 'Show which policies apply to an endpoint, and why.';
  static override description = 'Of an endpoint: the policies that select it, in the order in which they are asked, each with the labels that its selector found; its profiles; rules of other policies that mean it as source or destination; its labels, and where each comes from. With --policy: the endpoints that a policy selects, and what its rules match.';
  static override examples = [
    '<%= config.bin %> policy applies shop/web-0',
    '<%= config.bin %> policy applies hostEndpoint/host1/uplink -f policy.yaml',
    '<%= config.bin %> policy applies --policy allow-web',
    '<%= config.bin %> policy applies --all',
  ];
  static override args = { endpoint: Args.string({ description: 'an endpoint by any of its names, as for policy trace', ignoreStdin: true }) };
  static override usage = ['policy applies ENDPOINT [flags]', 'policy applies --policy POLICY [flags]', 'policy applies --all [flags]'];
  static override flags = {
    policy: Flags.string({ helpValue: 'POLICY', description: 'a policy instead, by its name', exclusive: ['all'] }),
    all: Flags.boolean({ description: 'all endpoints, a line for each' }),
    output: Flags.string({ char: 'o', description: 'print data, for programs', options: ['json'] }),
    ...networkFlags,
    ...hostsFlag,
  };
  static override readonly bundle = 'policy';
  static override readonly warm = ['--policy', 'web', '-f', 'MANIFEST'];

  protected override async execute(): Promise<ExitCode> {
    const { flags: given, args: { endpoint } } = await this.parse(PolicyApplies);
    const flags = await this.use(given);
    if ([endpoint, flags.policy, flags.all || undefined].filter((each) => each !== undefined).length !== 1) throw new InvalidRequest('name an endpoint, or give --policy or --all', 'write for example: policy applies shop/web-0');
    this.refuseTwiceStdin({ '--hosts': flags.hosts, '--store': flags.store, '-f': flags.filename });
    const network = await this.readNetwork(POLICY_KINDS, flags);
    const { appliesShown } = await import('../../cli/applies.js');
    const shown = await appliesShown({ endpoint, policy: flags.policy }, { resources: network.resources, model: await this.compiled(network, flags), dialect: this.dialect });
    await this.out(flags.output === 'json' ? shown.json() : shown.text(this.shell.room));
    return ExitCode.done;
  }
}
