import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { compile } from '../../src/policy/compile.js';
import { evaluate } from '../../src/policy/evaluate.js';
import type { Flow } from '../../src/policy/flow.js';
import type { StoredObject } from '../../src/resources/kind.js';
import { keyOf } from '../../src/resources/keys.js';
import { STORED_KINDS } from '../../src/resources/registry.js';
import { Agents, NODES } from '../support/packets/agents.js';
import { PacketNetwork, type PlacedWorkload } from '../support/packets/network.js';
import { HOSTS, randomFlow, randomNetwork } from '../support/policy/random-network.js';
import { Random } from '../support/policy/random.js';
import { describeAsRoot } from '../support/root.js';
import { eventually } from '../../scripts/support/wait.js';

/** How many networks are tried, and from which seed on: by hand, more. */
const NETWORKS = Number(process.env['PACKET_NETWORKS'] ?? 5);
const FIRST_SEED = Number(process.env['PACKET_SEED'] ?? 1);
const FLOWS = 80;
const TRIES = 2000;
const SECOND = /^(?:10\.19\.0\.|fd19::)[12]$/;
const HOST = /^(?:10\.1?9\.0\.|fd[01]9::)[12]$/;
const FAILSAFES = ['failsafeInboundHostPorts', 'failsafeOutboundHostPorts'];

/** A network as the packets can be sent in it: hosts always reach the datastore. */
function networkOf(random: Random, number: number): readonly StoredObject[] {
  const objects = randomNetwork(random).map((object) => (object.kind === 'FelixConfiguration' ? { ...object, spec: { ...object.spec, ...Object.fromEntries(FAILSAFES.filter((name) => Array.isArray(object.spec[name])).map((name) => [name, [...(object.spec[name] as unknown[]), { protocol: 'TCP', port: 2379 }]])) } } : object));
  const base = (kind: string, spec: Record<string, unknown>): StoredObject => ({ kind, apiVersion: 'projectcalico.org/v3', metadata: { name: 'default' }, spec });
  return [...objects, base('ClusterInformation', { clusterGUID: '0123456789abcdef0123456789abcdef', datastoreReady: true }), base('BGPConfiguration', { serviceLoadBalancerIPs: [{ cidr: markOf(number) }] })];
}

/** A network that nobody asks about: where its rule is, all that was stored with it is. */
function markOf(number: number): string {
  return `10.254.${number % 250}.0/24`;
}

function entriesOf(objects: readonly StoredObject[]): ReadonlyMap<string, string> {
  return new Map(objects.map((object) => {
    const kind = STORED_KINDS.find(({ kind }) => kind === object.kind)!;
    return [keyOf(kind, object.metadata.name, object.metadata.namespace), JSON.stringify(object)];
  }));
}

function workloadsIn(objects: readonly StoredObject[]): readonly PlacedWorkload[] {
  return objects.filter(({ kind }) => kind === 'WorkloadEndpoint').map(({ spec }, index) => ({
    place: `w${index}`, node: spec['node'] as string, interfaceName: spec['interfaceName'] as string, addresses: (spec['ipNetworks'] as string[]).map((each) => each.split('/')[0]!),
  }));
}

/** From one host to the second address of the other: on the hosts that the engine is told of it has a wire of its own, here it has not. */
function isBySecondWire({ src, dst }: Flow): boolean {
  return HOST.test(src) && HOST.test(dst) && [src, dst].some((address) => SECOND.test(address));
}

/** Flows that can be sent: of TCP and UDP, between two places, each once. Of untracked connections only the first packet is asked about. */
function flowsIn(random: Random, objects: readonly StoredObject[], network: PacketNetwork): readonly Flow[] {
  const isUntracked = objects.some(({ spec }) => spec['doNotTrack'] === true);
  const unused = new Set(Array.from({ length: 6 }, (_, index) => [`10.65.0.${index + 1}`, `fd65::${index + 1}`]).flat().filter((address) => network.placeOf(address) === 'world'));
  const flows = new Map<string, Flow>();
  for (let tries = 0; tries < TRIES && flows.size < FLOWS; tries++) {
    const { via: _via, ...flow } = randomFlow(random);
    const canBeSent = ['tcp', 'udp'].includes(String(flow.protocol)) && !(isUntracked && flow.protocol === 'tcp') && !isBySecondWire(flow) && network.placeOf(flow.src) !== network.placeOf(flow.dst) && !unused.has(flow.src) && !unused.has(flow.dst);
    // The kernel does not let two connections share a port of one address.
    const numbered = flow.protocol === 'tcp' ? { ...flow, sport: 20_000 + flows.size } : flow;
    // An answer would be let through.
    if (canBeSent) flows.set([numbered.protocol, ...[`${numbered.src} ${numbered.sport}`, `${numbered.dst} ${numbered.dport}`].sort()].join(' '), numbered);
  }
  return [...flows.values()];
}

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
