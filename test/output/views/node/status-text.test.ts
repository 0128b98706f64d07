import { expect } from 'chai';
import { describe, it } from 'mocha';
import { BirdFailure } from '../../../../src/bgp/control-socket.js';
import { compareNode } from '../../../../src/bgp/compare.js';
import { understand, type BirdStatus } from '../../../../src/bgp/local-status.js';
import type { Reply } from '../../../../src/bgp/reply.js';
import { isHealthy, processFacts, type NodeStatus } from '../../../../src/node/status.js';
import { statusDocument } from '../../../../src/output/views/node/status-data.js';
import { lookedFor, notCompared, statusText } from '../../../../src/output/views/node/status-text.js';
import { network, plainNodes } from '../../../bgp/network-cases.js';
import { protocolsReply, repliesIn } from '../../../bgp/replies.js';

function bird(version: string, ...rows: string[]): BirdStatus {
  const [status] = repliesIn(`1000-BIRD ${version}\n1011-Router ID is 192.168.40.11\n0013 Daemon is up and running\n`);
  return { answer: understand('/var/run/calico/bird.ctl', status as Reply, protocolsReply(...rows)) };
}

const absent = (name: string): BirdStatus => ({ failures: [new BirdFailure(`/var/run/calico/${name}`, 'missing', 'no such socket'), new BirdFailure(`/var/run/bird/${name}`, 'missing', 'no such socket')] });
const failing = (reason: 'garbage' | 'permission', message: string): BirdStatus => ({ failures: [new BirdFailure('/var/run/calico/bird.ctl', reason, message)] });

function status(four: BirdStatus, six: BirdStatus, more: Partial<NodeStatus> = {}): NodeStatus {
  return { name: 'a', calicoRuns: true, birdRuns: new Set(), birds: { 4: four, 6: six }, comparison: { reason: 'etcd is away' }, ...more };
}

/** Rows as BIRD gives them; the table is the official tool's (reference/node 4). */
const EXAMPLE = [
  'Mesh_192_168_40_12 BGP master up 23:42:51 Established',
  'Node_192_168_40_13 BGP master start 23:43:29 Idle Received: Bad peer AS',
  'Global_192_168_40_14 BGP master start 23:43:27 Active Socket: No route to host',
  'Global_10_99_0_1 BGP master start 23:43:27 Active Socket: Network is unreachable',
  'Mesh_192_168_40_15 BGP master start 2016-11-21 Passive Received: Administrative shutdown',
];

describe('the status of a node as text', () => {
  it('what the official tool prints, then what it does not say', async () => {
    const shown = status(bird('1.6.8', ...EXAMPLE), bird('1.6.8', 'device1 Device master up 23:42:51'));
    expect(await statusText(shown)).to.equal(`Calico process is running.

IPv4 BGP status
+---------------+-------------------+-------+------------+--------------------------------+
| PEER ADDRESS  |     PEER TYPE     | STATE |   SINCE    |              INFO              |
+---------------+-------------------+-------+------------+--------------------------------+
| 192.168.40.12 | node-to-node mesh | up    | 23:42:51   | Established                    |
| 192.168.40.13 | node specific     | start | 23:43:29   | Idle Received: Bad peer AS     |
| 192.168.40.14 | global            | start | 23:43:27   | Active Socket: No route to     |
|               |                   |       |            | host                           |
| 10.99.0.1     | global            | start | 23:43:27   | Active Socket: Network is      |
|               |                   |       |            | unreachable                    |
| 192.168.40.15 | node-to-node mesh | start | 2016-11-21 | Passive Received:              |
|               |                   |       |            | Administrative shutdown        |
+---------------+-------------------+-------+------------+--------------------------------+

IPv6 BGP status
No IPv6 peers found.

Local: BIRD 1.6.8.
192.168.40.13 (node specific): the peer refuses our AS number; compare this node's AS number with the one configured on the peer.
192.168.40.14 (global): 192.168.40.14 does not answer on its network, or a firewall rejects the connection; check that the host is up.
10.99.0.1 (global): this host has no route to 10.99.0.1; check the address of the peer and the routing table.
192.168.40.15 (node-to-node mesh): the peer was shut down or disabled this session; start BIRD there, or enable the session.
`);
    expect(isHealthy(shown)).to.equal(false);
    expect([lookedFor(shown), notCompared(shown)]).to.deep.equal([[], ['the peers were not compared with the datastore: etcd is away']]);
  });

  it('BIRD 2 for both families, disabled peers, protocols of others, and the datastore', async () => {
    const rows = ['Mesh_10_0_0_2 BGP --- up 08:10:44.339 Established', 'Mesh_10_0_0_9 BGP --- down 08:10:44.339', 'uplink BGP --- up 08:10:44.339 Established', 'Mesh_fd00__2 BGP --- flush 08:10:44.339'];
    const birds = bird('2.0.12', ...rows);
    const comparison = compareNode(network(plainNodes(3)), 'a', 'answer' in birds ? birds.answer.peers : []);
    const shown = status(birds, absent('bird6.ctl'), { comparison });
    expect(await statusText(shown)).to.equal(`Calico process is running.

IPv4 BGP status
+--------------+-------------------+-------+--------------+-------------+
| PEER ADDRESS |     PEER TYPE     | STATE |    SINCE     |    INFO     |
+--------------+-------------------+-------+--------------+-------------+
| 10.0.0.2     | node-to-node mesh | up    | 08:10:44.339 | Established |
| 10.0.0.9     | node-to-node mesh | down  | 08:10:44.339 | Disabled    |
+--------------+-------------------+-------+--------------+-------------+

IPv6 BGP status
+--------------+-------------------+-------+--------------+------+
| PEER ADDRESS |     PEER TYPE     | STATE |    SINCE     | INFO |
+--------------+-------------------+-------+--------------+------+
| fd00::2      | node-to-node mesh | flush | 08:10:44.339 |      |
+--------------+-------------------+-------+--------------+------+

Local: 10.0.0.1, AS 64512, BIRD 2.0.12.
10.0.0.9 (node-to-node mesh): it is disabled in BIRD, by its configuration or by birdcl; "birdcl enable Mesh_10_0_0_9" enables it.
fd00::2 (node-to-node mesh): its routes are being removed after it was shut down.
uplink: a BGP protocol not created by Calico (up Established).
Missing: 10.0.0.3 (node c, node-to-node mesh) should be a peer, but BIRD does not have it.
Unexpected: BIRD has the peer 10.0.0.9 (Mesh_10_0_0_9), but nothing in the datastore asks for it.
Unexpected: BIRD has the peer fd00::2 (Mesh_fd00__2), but nothing in the datastore asks for it.
`);
    expect([...lookedFor(shown), ...notCompared(shown)]).to.deep.equal([]);
  });

  it('nothing runs', async () => {
    const shown = status(absent('bird.ctl'), absent('bird6.ctl'), { calicoRuns: false });
    expect(await statusText(shown)).to.equal('Calico process is not running.\n\nThe BGP backend process (BIRD) is not running.\n\n');
    expect(lookedFor(shown)).to.deep.equal([
      'looked for a process named calico-felix, calico-node with the argument -felix, calico-agent, or start-calico-node',
      'looked for BIRDv4: /var/run/calico/bird.ctl: no such socket',
      'looked for BIRDv4: /var/run/bird/bird.ctl: no such socket',
      'looked for BIRDv6: /var/run/calico/bird6.ctl: no such socket',
      'looked for BIRDv6: /var/run/bird/bird6.ctl: no such socket',
    ]);
  });

  it('one family only, and what went wrong with the other', async () => {
    const comparison = compareNode(network(plainNodes(1)), 'a', []);
    const shown = status(bird('1.6.8', 'device1 Device master up 23:42:51'), absent('bird6.ctl'), { comparison });
    expect(await statusText(shown)).to.equal("Calico process is running.\n\nIPv4 BGP status\nNo IPv4 peers found.\n\nINFO: BIRDv6 process: 'bird6' is not running.\n\nLocal: 10.0.0.1, AS 64512, BIRD 1.6.8.\nNo peers: a is the only node.\n");
    expect(isHealthy(shown)).to.equal(true);
    const running = status(bird('1.6.8', 'device1 Device master up 23:42:51'), absent('bird6.ctl'), { birdRuns: new Set([4, 6] as const) });
    expect(await statusText(running)).to.equal('Calico process is running.\n\nIPv4 BGP status\nNo IPv4 peers found.\n\nIPv6 BGP status\nError querying BIRD: unable to connect to BIRDv6 socket: /var/run/bird/bird6.ctl: no such socket\n\nLocal: BIRD 1.6.8.\n');
    expect(isHealthy(running)).to.equal(false);
  });

  it('a socket that does not answer as it should does no harm to the terminal', async () => {
    const shown = status(failing('garbage', 'the program that answers is not BIRD: "\u001b[31m"'), absent('bird6.ctl'));
    expect(await statusText(shown)).to.equal('Calico process is running.\n\nIPv4 BGP status\nError querying BIRD: /var/run/calico/bird.ctl: the program that answers is not BIRD: "\\x1b[31m"\n\nINFO: BIRDv6 process: \'bird6\' is not running.\n\n');
    expect(isHealthy(shown)).to.equal(false);
    expect(await statusText(status(failing('permission', 'this user may not use it; try as root'), absent('bird6.ctl')))).to.contain('unable to connect to BIRDv4 socket: /var/run/calico/bird.ctl: this user may not use it; try as root\n');
  });

  it('all is well, unless a peer is missing; Felix is not asked', () => {
    const rows = ['Mesh_10_0_0_2 BGP master up 23:42:51 Established'];
    const good = status(bird('1.6.8', ...rows), absent('bird6.ctl'));
    expect(isHealthy(good)).to.equal(true);
    expect(isHealthy({ ...good, calicoRuns: false })).to.equal(true);
    expect(isHealthy({ ...good, comparison: compareNode(network(plainNodes(3)), 'a', []) })).to.equal(false);
  });

  it('a node without BGP has no session to miss', async () => {
    const processes = [{ pid: 1, name: 'calico-agent', argv: ['calico-agent'] }, { pid: 2, name: 'sleep', argv: ['sleep'] }];
    const facts = (backend: string | undefined): ReturnType<typeof processFacts> => processFacts(processes, ({ pid }) => (pid === 1 ? backend : 'none'));
    const shown = (backend: string | undefined): NodeStatus => {
      const found = facts(backend);
      return status(absent('bird.ctl'), absent('bird6.ctl'), { ...found, comparison: compareNode(network(plainNodes(3)), 'a', [], found) });
    };
    for (const backend of ['none', 'vxlan']) {
      expect(await statusText(shown(backend))).to.equal(`Calico process is running.\n\nThe BGP backend process (BIRD) is not running.\n\nLocal: 10.0.0.1, AS 64512.\nNo peers: CALICO_NETWORKING_BACKEND of a is ${backend}, so that it speaks no BGP.\n`);
      expect([isHealthy(shown(backend)), lookedFor(shown(backend)), statusDocument(shown(backend))['healthy']]).to.deep.equal([true, [], true]);
    }
    for (const backend of ['bird', undefined]) expect([isHealthy(shown(backend)), (await statusText(shown(backend))).match(/Missing:/g)?.length]).to.deep.equal([false, 2]);
    // Where a BIRD runs all the same, its sessions count.
    const down = status(bird('1.6.8', 'Mesh_10_0_0_2 BGP master start 23:42:51 Active'), absent('bird6.ctl'), facts('none'));
    expect(isHealthy(down)).to.equal(false);
  });

  it('as JSON', () => {
    const rows = ['Mesh_10_0_0_2 BGP master up 23:42:51 Established'];
    const birds = bird('1.6.8', ...rows);
    const comparison = compareNode(network(plainNodes(3)), 'a', 'answer' in birds ? birds.answer.peers : []);
    expect(statusDocument(status(birds, absent('bird6.ctl'), { comparison }))).to.deep.equal({
      node: 'a',
      healthy: false,
      calicoRunning: true,
      localAddresses: ['10.0.0.1'],
      localAsNumbers: [64512],
      birds: [
        { family: 'IPv4', answered: true, socket: '/var/run/calico/bird.ctl', version: '1.6.8', routerId: '192.168.40.11', gracefulRestartRecovery: false, otherBgpProtocols: [], tried: [] },
        {
          family: 'IPv6', answered: false, socket: null, version: null, routerId: null, gracefulRestartRecovery: null, otherBgpProtocols: [],
          tried: ['/var/run/calico/bird6.ctl', '/var/run/bird/bird6.ctl'].map((socket) => ({ socket, reason: 'missing', message: 'no such socket' })),
        },
      ],
      peers: [
        {
          protocol: 'Mesh_10_0_0_2', family: 'IPv4', address: '10.0.0.2', port: null, type: 'node-to-node mesh', asNumber: null, localAddress: null, localAsNumber: null,
          state: 'up', since: '23:42:51', session: 'Established', info: 'Established', established: true, explanation: null,
        },
      ],
      comparison: { compared: true, reason: null, expected: 2, missing: [{ address: '10.0.0.3', port: null, type: 'node-to-node mesh', asNumber: 64512, node: 'c', bgpPeer: null }], unexpected: [], otherAsNumber: [] },
    });
  });
});
