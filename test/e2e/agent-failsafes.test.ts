import { expect } from 'chai';
import { after, before, it } from 'mocha';
import type { Flow } from '../../src/policy/flow.js';
import type { StoredObject } from '../../src/resources/kind.js';
import { Agents } from '../support/packets/agents.js';
import { PacketNetwork } from '../support/packets/network.js';
import { entriesOf } from '../support/packets/stored-network.js';
import { describeAsRoot } from '../support/root.js';
import { eventually } from '../../scripts/support/wait.js';

/** What is tried in both directions and families: the ports that a host lives by (reference/felix 1.2), and others. */
const TRIED = ['tcp 22', 'tcp 80', 'tcp 179', 'tcp 2379', 'udp 53', 'udp 67', 'udp 68', 'udp 80'];
const HOST = { 4: '10.9.0.1', 6: 'fd09::1' } as const;
/** Two places in the world outside. */
const OUTSIDE = { 4: ['10.9.0.254', '192.0.2.10'], 6: ['fd09::254', '2001:db8::10'] } as const;

type Tried = readonly [name: string, flow: Flow];

/** Flows of every family, direction and place; each has a source port of its own. */
const FLOWS: readonly Tried[] = ([4, 6] as const).flatMap((family) => OUTSIDE[family].flatMap((place) => ['in', 'out'].flatMap((direction) => TRIED.map((what): Tried => {
  const [protocol = '', port] = what.split(' ');
  const [src, dst] = direction === 'in' ? [place, HOST[family]] : [HOST[family], place];
  return [`${direction} ${what} ${place}`, { protocol, src, dst, sport: 0, dport: Number(port) }];
})))).map(([name, flow], at) => [name, { ...flow, sport: 20_000 + at }]);

const object = (kind: string, name: string, spec: Record<string, unknown>): StoredObject => ({ kind, apiVersion: 'projectcalico.org/v3', metadata: { name }, spec });
const READY = object('ClusterInformation', 'default', { clusterGUID: '0123456789abcdef0123456789abcdef', datastoreReady: true });
/** A host that nothing is allowed to reach, nor to be reached by. */
const CLOSED = object('HostEndpoint', 'a', { node: 'node-a', interfaceName: 'eth0' });

const MODES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  iptables: { FELIX_IPTABLESBACKEND: 'NFT' },
  nftables: { FELIX_NFTABLESMODE: 'Enabled' },
};

for (const [mode, settings] of Object.entries(MODES)) {
  describeAsRoot(`packets to and from a host endpoint without policy, ${mode}`, function () {
    this.timeout(120_000);
    let network: PacketNetwork;
    let agents: Agents;
    before(async () => {
      network = await PacketNetwork.start([...new Set(TRIED.map((what) => Number(what.split(' ')[1])))]);
      agents = await Agents.start(network, settings);
      await agents.store(entriesOf([READY]));
      agents.startDataplanes();
    });
    after(async () => {
      agents?.stop();
      await network?.stop();
    });

    /** Stores these objects, and waits until just these flows come through. */
    const passes = async (objects: readonly StoredObject[], isExpected: (name: string) => boolean): Promise<void> => {
      await agents.store(entriesOf([READY, ...objects]));
      const expected = FLOWS.map(([name]) => name).filter(isExpected);
      let seen: readonly string[] = [];
      await eventually('what comes through is what should', async () => {
        const through = await network.probe(FLOWS.map(([, flow]) => flow));
        seen = FLOWS.map(([name]) => name).filter((_, at) => through[at]);
        return seen.join() === expected.join();
      }, 30_000).catch(() => expect(seen, agents.logOf('node-a')).to.deep.equal(expected));
    };
    const isOneOf = (...beginnings: readonly string[]) => (name: string): boolean => beginnings.some((each) => `${name} `.startsWith(`${each} `));

    it('are all there without the endpoint', () => passes([], () => true));

    it('are those that the host lives by with it', () => passes([CLOSED], isOneOf('in tcp 22', 'in tcp 179', 'in tcp 2379', 'in udp 68', 'out udp 53', 'out udp 67', 'out tcp 179', 'out tcp 2379')));

    it('are those of the settings, from their networks, and none where the settings name none', () => passes(
      [CLOSED, object('FelixConfiguration', 'default', { failsafeInboundHostPorts: [{ protocol: 'TCP', port: 80 }, { protocol: 'UDP', port: 53, net: '192.0.2.0/24' }, { protocol: 'UDP', port: 53, net: '2001:db8::/32' }], failsafeOutboundHostPorts: [] })],
      isOneOf('in tcp 80', 'in udp 53 192.0.2.10', 'in udp 53 2001:db8::10'),
    ));
  });
}
