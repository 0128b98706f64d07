import { Flags } from '@oclif/core';
import { bgpMap } from '../../bgp/map.js';
import { readNetwork } from '../../bgp/network.js';
import { overviewOf } from '../../bgp/overview.js';
import { BaseCommand } from '../../cli/base-command.js';
import { ExitCode } from '../../cli/exit-codes.js';
import { datastoreFlags, storeFlag } from '../../cli/flags.js';
import { DRAWN, drawn } from '../../output/formats/graph/drawn.js';
import { dataText } from '../../output/views/data.js';
import { bgpGraph, bgpGraphData } from '../../output/views/node/graph.js';
import { safe } from '../../text/safe.js';

export default class NodeGraph extends BaseCommand {
  static override summary = 'Draw who peers with whom over BGP.';
  static override description = 'The sessions that the datastore asks for: the node-to-node mesh as one hull, route reflectors, and what BGPPeers ask for, by address, nodeSelector and peerSelector. Nodes that peer alike are one box. Whether the sessions stand, node status says on each node.';
  static override examples = ['<%= config.bin %> node graph', '<%= config.bin %> node graph -o svg > bgp.svg', '<%= config.bin %> node graph -o mermaid --store backup.json'];
  static override flags = {
    output: Flags.string({ char: 'o', helpValue: 'FORMAT', description: 'how it is drawn', options: [...DRAWN, 'json'], default: 'text' }),
    ...datastoreFlags,
    ...storeFlag,
  };
  static override readonly bundle = 'node';
  static override readonly warm = ['-o', 'svg'];

  protected override async execute(): Promise<ExitCode> {
    const { output } = await this.use((await this.parse(NodeGraph)).flags);
    const network = await readNetwork(await this.connect());
    for (const line of network.unreadable) await this.note(safe(`cannot be read: ${line}`));
    const { warnings } = overviewOf(network);
    const map = bgpMap(network);
    await this.out(output === 'json' ? await dataText(bgpGraphData(map, warnings), 'json') : await drawn(bgpGraph(map, warnings), output));
    return ExitCode.done;
  }
}
