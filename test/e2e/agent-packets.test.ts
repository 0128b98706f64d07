import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { compile } from '../../src/policy/compile.js';
import { evaluate } from '../../src/policy/evaluate.js';
import { Agents, NODES } from '../support/packets/agents.js';
import { PacketNetwork } from '../support/packets/network.js';
import { entriesOf, flowsIn, markOf, networkOf, workloadsIn } from '../support/packets/stored-network.js';
import { HOSTS } from '../support/policy/random-network.js';
import { Random } from '../support/policy/random.js';
import { describeAsRoot } from '../support/root.js';
import { eventually } from '../../scripts/support/wait.js';

/** How many networks are tried, and from which seed on: by hand, more. */
const NETWORKS = Number(process.env['PACKET_NETWORKS'] ?? 5);
const FIRST_SEED = Number(process.env['PACKET_SEED'] ?? 1);

describeAsRoot('packets and what policy trace says of them', function () {
  this.timeout(60_000 + NETWORKS * 20_000);
  let network: PacketNetwork;
  let agents: Agents;
  before(async () => {
    network = await PacketNetwork.start();
    agents = await Agents.start(network);
  });
  after(async () => {
    agents?.stop();
    await network?.stop();
  });

  const isProgrammed = async (number: number): Promise<boolean> => {
    const saved = await Promise.all(NODES.map((node) => network.run(node, 'iptables-save', '-t', 'filter')));
    return saved.every(({ stdout }) => stdout.includes(markOf(number)));
  };

  it(`agree in ${NETWORKS} random networks`, async () => {
    const disagreements: string[] = [];
    const verdicts = { allow: 0, deny: 0 };
    for (let number = FIRST_SEED; number < FIRST_SEED + NETWORKS; number++) {
      const random = new Random(number);
      const objects = networkOf(random, number);
      await network.place(workloadsIn(objects));
      await agents.store(entriesOf(objects));
      if (number === FIRST_SEED) agents.startDataplanes();
      await eventually(`network ${number} is programmed`, () => isProgrammed(number)).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${NODES.map((node) => `${node}: ${agents.logOf(node)}`).join('\n')}`);
      });
      // The tables of one host are programmed beside each other.
      await new Promise((resolve) => setTimeout(resolve, 400));
      const model = compile(objects, HOSTS);
      const flows = flowsIn(random, objects, network);
      const seen = await network.probe(flows);
      flows.forEach((flow, index) => {
        const { verdict, by } = evaluate(model, flow);
        verdicts[verdict]++;
        if ((verdict === 'allow') !== seen[index]) disagreements.push(`network ${number}: ${JSON.stringify(flow)}: trace says ${verdict} by ${by}, the packet ${seen[index] === true ? 'came through' : 'did not'}`);
      });
    }
    for (const line of disagreements) console.log(line);
    expect(disagreements).to.deep.equal([]);
    expect(Math.min(verdicts.allow, verdicts.deny), 'of both verdicts there are many').to.be.greaterThan(NETWORKS * 10);
    if (NETWORKS > 5) console.log(verdicts);
  });
});
