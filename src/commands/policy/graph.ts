import { Flags } from '@oclif/core';
import { ExitCode } from '../../cli/exit-codes.js';
import { hostsFlag, networkFlags, PolicyCommand } from '../../cli/policy-command.js';
import { DRAWN } from '../../output/formats/graph/drawn.js';
import { POLICY_KINDS } from '../../policy/stored-network.js';
import { storedSelector } from '../../resources/v1/names.js';

export default class PolicyGraph extends PolicyCommand {
  static override summary = 'Draw who may talk to whom.';
  static override description = 'Endpoints are put together by labels, and lines say what passes between the groups, worked out for all packets and all pairs. A dashed line (.> in text) is for some pairs only. Also shown are the internet, networks that rules name, network sets, and hosts. Without --by, groups are made by the labels that policies ask about, else by namespace or profile.';
  static override examples = [
    '<%= config.bin %> policy graph',
    '<%= config.bin %> policy graph --by app -o svg > policies.svg',
    '<%= config.bin %> policy graph --by namespace -o mermaid -f change.yaml',
  ];
  static override flags = {
    by: Flags.string({ description: 'labels by which endpoints are put together, with commas between them; or namespace, or profile', helpValue: 'LABEL' }),
    output: Flags.string({ char: 'o', helpValue: 'FORMAT', description: 'how it is drawn', options: [...DRAWN, 'json'], default: 'text' }),
    ...networkFlags,
    ...hostsFlag,
  };
  static override readonly bundle = 'policy';
  static override readonly warm = ['-f', 'examples/tenant', '-o', 'svg'];

  protected override async execute(): Promise<ExitCode> {
    const flags = await this.use((await this.parse(PolicyGraph)).flags);
    this.refuseTwiceStdin({ '--hosts': flags.hosts, '--store': flags.store, '-f': flags.filename });
    const [{ groupingOf, groupsOf, usualGrouping, withoutAddresses }, { Connections }, { policyGraph, policyGraphData, shownGroups }] = await Promise.all([import('../../insight/graph/groups.js'), import('../../insight/graph/connections.js'), import('../../output/views/policy/graph/graph.js')]);
    const network = await this.readNetwork(POLICY_KINDS, flags);
    const model = await this.compiled(network, flags);
    const words = flags.by?.split(',').map((word) => (this.dialect === 'v1' ? storedSelector(word.trim()) : word.trim())).filter((word) => word !== '');
    const grouping = words === undefined ? usualGrouping(model, network.resources) : groupingOf(words, model);
    const shown = shownGroups(groupsOf(model, network.resources, grouping, this.dialect));
    const found = new Connections(model, [...shown.groups, ...shown.left]);
    const graph = { ...shown, connections: found.among(shown.groups, this.notify), beyond: found.beyond(shown.groups, shown.left), withoutAddresses: withoutAddresses(model, network.resources, this.dialect) };
    const { drawn } = await import('../../output/formats/graph/drawn.js');
    await this.out(flags.output === 'json' ? policyGraphData(graph) : await drawn(policyGraph(graph), flags.output));
    return ExitCode.done;
  }
}
