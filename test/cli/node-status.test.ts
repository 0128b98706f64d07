import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { askBird } from '../../src/bgp/control-socket.js';
import { PROGRAM } from '../../scripts/support/calicoctl.js';
import { BirdNetwork } from '../support/bird-network.js';
import { shownInDocs } from '../support/shown.js';
import { describeAsRoot } from '../support/root.js';
import { eventually } from '../../scripts/support/wait.js';

/** Errors are waited out for long, so that states stay as they are while a test looks. */
const TIMERS = 'connect delay time 1; connect retry time 300; error wait time 300,300;';

function bird16(last: number, peers: string): string {
  return `router id 192.168.40.${last}; protocol device {} template bgp t { local as 64512; import all; export none; source address 192.168.40.${last}; multihop; ${TIMERS} } ${peers}`;
}

function bird16six(last: number, peers: string): string {
  return `router id 192.168.40.${last}; protocol device {} template bgp t { local as 64512; import all; export none; source address fd00:40::${last}; multihop; ${TIMERS} } ${peers}`;
}

function bird2(last: number, peers: string): string {
  const channel = (family: string): string => `${family} { import all; export none; };`;
  return `router id 192.168.40.${last}; protocol device {}
    template bgp t { local 192.168.40.${last} as 64512; ${channel('ipv4')} multihop; ${TIMERS} }
    template bgp t6 { local fd00:40::${last} as 64512; ${channel('ipv6')} multihop; ${TIMERS} } ${peers}`;
}

const peer = (name: string, words: string, template = 't'): string => `protocol bgp ${name} from ${template} { ${words} }\n`;

/** Host 1 has a session in every state; host 2 has BIRD 2; host 3 has another AS number than host 1 thinks. */
const HOST_1 = [
  peer('Mesh_192_168_40_12', 'neighbor 192.168.40.12 as 64512;'),
  peer('Mesh_192_168_40_13', 'neighbor 192.168.40.13 as 64513;'),
  peer('Node_192_168_40_14', 'neighbor 192.168.40.14 as 64512; passive on;'),
  peer('Global_192_168_40_12_port_1790', 'neighbor 192.168.40.12 port 1790 as 65001;'),
  peer('Global_10_99_0_1', 'neighbor 10.99.0.1 as 65001;'),
  peer('Global_192_168_40_15', 'neighbor 192.168.40.15 as 65001; disabled yes;'),
];

const MANIFEST = `
${[1, 2, 3, 4].map((number) => `- {apiVersion: projectcalico.org/v3, kind: Node, metadata: {name: host${number}}, spec: {bgp: {ipv4Address: 192.168.40.1${number}/24${number < 3 ? `, ipv6Address: "fd00:40::1${number}/64"` : ''}}}}`).join('\n')}
- {apiVersion: projectcalico.org/v3, kind: BGPPeer, metadata: {name: far}, spec: {peerIP: 10.99.0.1, asNumber: 65001}}
- {apiVersion: projectcalico.org/v3, kind: BGPPeer, metadata: {name: disabled}, spec: {peerIP: 192.168.40.15, asNumber: 65001}}
- {apiVersion: projectcalico.org/v3, kind: BGPPeer, metadata: {name: lost}, spec: {node: host1, peerIP: 10.99.0.9, asNumber: 65001}}
`;

const HOST_1_STATUS = `Calico process is running.

IPv4 BGP status
+--------------------+-------------------+-------+----------+--------------------------------+
|    PEER ADDRESS    |     PEER TYPE     | STATE |  SINCE   |              INFO              |
+--------------------+-------------------+-------+----------+--------------------------------+
| 192.168.40.12      | node-to-node mesh | up    | hh:mm:ss | Established                    |
| 192.168.40.13      | node-to-node mesh | start | hh:mm:ss | Idle BGP Error: Bad peer AS    |
| 192.168.40.14      | node specific     | start | hh:mm:ss | Passive                        |
| 192.168.40.12:1790 | global            | start | hh:mm:ss | Active Socket: Connection      |
|                    |                   |       |          | refused                        |
| 10.99.0.1          | global            | start | hh:mm:ss | Active Socket: Network is      |
|                    |                   |       |          | unreachable                    |
| 192.168.40.15      | global            | down  | hh:mm:ss | Disabled                       |
+--------------------+-------------------+-------+----------+--------------------------------+

IPv6 BGP status
+--------------+-------------------+-------+----------+-------------+
| PEER ADDRESS |     PEER TYPE     | STATE |  SINCE   |    INFO     |
+--------------+-------------------+-------+----------+-------------+
| fd00:40::12  | node-to-node mesh | up    | hh:mm:ss | Established |
+--------------+-------------------+-------+----------+-------------+

Local: 192.168.40.11, fd00:40::11, AS 64512, BIRD 1.6.8.
192.168.40.13 (node-to-node mesh): the peer's AS number differs from the 64513 configured here; correct asNumber of the BGPPeer or of the peer's Node.
192.168.40.14 (node specific): BIRD waits for 192.168.40.14 to connect; check that BIRD runs there, that it has this node as a peer, and that it can reach TCP port 179 of this host.
192.168.40.12:1790 (global): nothing listens on TCP port 1790 of 192.168.40.12; check that the node runs there and which port it listens on.
10.99.0.1 (global): this host has no route to 10.99.0.1; check the address of the peer and the routing table.
192.168.40.15 (global): it is disabled in BIRD, by its configuration or by birdcl; "birdcl enable Global_192_168_40_15" enables it.
`;

const HOST_2_STATUS = `Calico process is running.

IPv4 BGP status
+---------------+-------------------+-------+--------------+-------------+
| PEER ADDRESS  |     PEER TYPE     | STATE |    SINCE     |    INFO     |
+---------------+-------------------+-------+--------------+-------------+
| 192.168.40.11 | node-to-node mesh | up    | hh:mm:ss.mmm | Established |
+---------------+-------------------+-------+--------------+-------------+

IPv6 BGP status
+--------------+-------------------+-------+--------------+-------------+
| PEER ADDRESS |     PEER TYPE     | STATE |    SINCE     |    INFO     |
+--------------+-------------------+-------+--------------+-------------+
| fd00:40::11  | node-to-node mesh | up    | hh:mm:ss.mmm | Established |
+--------------+-------------------+-------+--------------+-------------+

Local: 192.168.40.12, fd00:40::12, AS 64512, BIRD 2.0.12.
`;

const HOST_4_STATUS = `Calico process is running.

IPv4 BGP status
+---------------+-------------------+-------+----------+---------+
| PEER ADDRESS  |     PEER TYPE     | STATE |  SINCE   |  INFO   |
+---------------+-------------------+-------+----------+---------+
| 192.168.40.13 | node-to-node mesh | start | hh:mm:ss | Passive |
| 192.168.40.18 | node-to-node mesh | start | hh:mm:ss | Passive |
+---------------+-------------------+-------+----------+---------+

IPv6 BGP status
Error querying BIRD: unable to connect to BIRDv6 socket: /var/run/bird/bird6.ctl: no such socket

Local: 192.168.40.14, AS 64512, BIRD 1.6.8.
192.168.40.13 (node-to-node mesh): BIRD waits for 192.168.40.13 to connect; check that BIRD runs there, that it has this node as a peer, and that it can reach TCP port 179 of this host.
192.168.40.18 (node-to-node mesh): BIRD waits for 192.168.40.18 to connect; check that BIRD runs there, that it has this node as a peer, and that it can reach TCP port 179 of this host.
Missing: 192.168.40.11 (node host1, node-to-node mesh) should be a peer, but BIRD does not have it.
Missing: 192.168.40.12 (node host2, node-to-node mesh) should be a peer, but BIRD does not have it.
Missing: 192.168.40.15 (BGPPeer disabled) should be a peer, but BIRD does not have it.
Missing: 10.99.0.1 (BGPPeer far) should be a peer, but BIRD does not have it.
Unexpected: BIRD has the peer 192.168.40.18 (Mesh_192_168_40_18), but nothing in the datastore asks for it.
`;

const ALL_NODES = `+-------+---------------------------+-------+------+------+--------+---------------+----------+
| NODE  |         ADDRESSES         |  ASN  | ROLE | MESH | GLOBAL | NODE SPECIFIC | SESSIONS |
+-------+---------------------------+-------+------+------+--------+---------------+----------+
| host1 | 192.168.40.11 fd00:40::11 | 64512 | node |    4 |      2 |             1 |        7 |
| host2 | 192.168.40.12 fd00:40::12 | 64512 | node |    4 |      2 |             0 |        6 |
| host3 | 192.168.40.13             | 64512 | node |    3 |      2 |             0 |        5 |
| host4 | 192.168.40.14             | 64512 | node |    3 |      2 |             0 |        5 |
+-------+---------------------------+-------+------+------+--------+---------------+----------+
Node-to-node mesh of 4 nodes: 7 sessions.
`;

const BIRD_2 = { answered: true, socket: '/var/run/calico/bird.ctl', version: '2.0.12', routerId: '192.168.40.12', gracefulRestartRecovery: false, otherBgpProtocols: [] };

const HOST_2_DOCUMENT = {
  node: 'host2',
  healthy: true,
  calicoRunning: true,
  localAddresses: ['192.168.40.12', 'fd00:40::12'],
  localAsNumbers: [64512],
  birds: [
    { family: 'IPv4', ...BIRD_2, tried: [] },
    { family: 'IPv6', ...BIRD_2, tried: ['/var/run/calico/bird6.ctl', '/var/run/bird/bird6.ctl'].map((socket) => ({ socket, reason: 'missing', message: 'no such socket' })) },
  ],
  peers: [
    ['IPv4', '192.168.40.11', '192.168.40.12', 'Mesh_192_168_40_11'],
    ['IPv6', 'fd00:40::11', 'fd00:40::12', 'Mesh_fd00_40__11'],
  ].map(([family, address, localAddress, protocol]) => ({
    protocol, family, address, port: null, type: 'node-to-node mesh', asNumber: 64512, localAddress, localAsNumber: 64512,
    state: 'up', since: 'hh:mm:ss.mmm', session: 'Established', info: 'Established', established: true, explanation: null,
  })),
  comparison: { compared: false, reason: 'etcd at http://127.0.0.1:2379: connection refused', expected: null, missing: [], unexpected: [], otherAsNumber: [] },
};

/** Times are what they are. */
function withoutTimes(text: string): string {
  return text.replace(/\d\d:\d\d:\d\d(\.\d{3})?/g, (time) => 'hh:mm:ss.mmm'.slice(0, time.length));
}

describeAsRoot('node status of real BIRDs', function () {
  this.timeout(240_000);
  const status = ['node', 'status', '--timeout=60s'];
  let network: BirdNetwork;

  before(async () => {
    network = await BirdNetwork.start(5);
    await network.startBird(1, 'bird', bird16(11, HOST_1.join('')));
    await network.startBird(1, 'bird6', bird16six(11, peer('Mesh_fd00_40__12', 'neighbor fd00:40::12 as 64512; passive on;')));
    await network.startBird(2, 'bird2', bird2(12, peer('Mesh_192_168_40_11', 'neighbor 192.168.40.11 as 64512; passive on;') + peer('Mesh_fd00_40__11', 'neighbor fd00:40::11 as 64512;', 't6')));
    await network.startBird(3, 'bird', bird16(13, peer('Mesh_192_168_40_11', 'neighbor 192.168.40.11 as 64512; passive on;')));
    await network.startFelix(1);
    await settled(1, 'bird.ctl', ['Established', 'BGP Error: Bad peer AS', 'Connection refused', 'Network is unreachable', 'Passive']);
    await settled(1, 'bird6.ctl', ['Established']);
    await settled(2, 'bird.ctl', ['Established']);
  });
  after(() => network?.stop());

  /** Waits until a BIRD tells of all these. */
  async function settled(host: number, socket: string, words: readonly string[]): Promise<void> {
    await eventually(`the sessions of host ${host} have settled`, async () => {
      // A BIRD that is slow to answer is asked again.
      const [reply = []] = await askBird(`${network.sockets(host)}/${socket}`, ['show protocols']).catch(() => []);
      const text = reply.map((line) => line.text).join('\n');
      return words.every((word) => text.includes(word));
    });
  }

  it('BIRD 1.6, without a datastore', async () => {
    const { code, stdout, stderr } = await network.calicoctl(1, status);
    expect(withoutTimes(stdout)).to.equal(HOST_1_STATUS);
    expect(stderr).to.equal('the peers were not compared with the datastore: etcd at http://127.0.0.1:2379: connection refused\n');
    expect(withoutTimes(shownInDocs('calicoctl node status'))).to.equal(HOST_1_STATUS + stderr);
    expect(code).to.equal(1);
  });

  it('BIRD 2 speaks for both families, and all is well', async () => {
    const { code, stdout } = await network.calicoctl(2, [...status, '--name', 'host2', '-o', 'json']);
    expect(JSON.parse(withoutTimes(stdout))).to.deep.equal(HOST_2_DOCUMENT);
    expect(code).to.equal(0);
    const text = await network.calicoctl(2, status);
    expect([withoutTimes(text.stdout), text.code]).to.deep.equal([HOST_2_STATUS, 0]);
  });

  it('node diags has what BIRD says', async () => {
    const { code, stdout } = await network.run(2, ['env', 'PATH=/nowhere', `TMPDIR=${network.sockets(2)}`, process.execPath, PROGRAM, 'node', 'diags', '--log-dir', '/nowhere']);
    expect(code).to.equal(0);
    const archive = /^Diags saved to (.*)$/m.exec(stdout)?.[1] ?? '';
    const told = execFileSync('tar', ['-xzOf', archive, 'diagnostics/bird_status'], { encoding: 'utf8' }).split('\n');
    expect([told[0], ...told.filter((line) => /^(Name|Mesh)/.test(line)).map((line) => line.split(' ')[0])]).to.deep.equal(['BIRD 2.0.12', 'Name', 'Mesh_192_168_40_11', 'Mesh_fd00_40__11']);
  });

  it('compared with the datastore', async () => {
    await network.startEtcd(4);
    expect(await network.calicoctl(4, ['apply', '-f', '-'], { stdin: MANIFEST })).to.include({ code: 0, stderr: '' });
    await network.startBird(4, 'bird', bird16(14, peer('Mesh_192_168_40_13', 'neighbor 192.168.40.13 as 64512; passive on;') + peer('Mesh_192_168_40_18', 'neighbor 192.168.40.18 as 64512; passive on;')));
    const { code, stdout, stderr } = await network.calicoctl(4, [...status, '--name', 'host4']);
    expect(withoutTimes(stdout)).to.equal(HOST_4_STATUS);
    const looked = ['/var/run/calico', '/var/run/bird'].map((folder) => `looked for BIRDv6: ${folder}/bird6.ctl: no such socket\n`).join('');
    expect([stderr, code]).to.deep.equal([looked, 1]);
    const unknown = await network.calicoctl(4, [...status, '--name', 'elsewhere']);
    expect(unknown.stderr).to.equal(`${looked}the peers were not compared with the datastore: there is no Node named elsewhere in the datastore; \`calicoctl get nodes\` lists them\n`);
    const all = await network.calicoctl(4, [...status, '--all']);
    expect([all.stdout, all.stderr, all.code]).to.deep.equal([ALL_NODES, '', 0]);
  });

  it('a BIRD that was killed leaves its socket behind, one that hangs says nothing', async () => {
    await network.signalBird(3, 'bird', 'STOP');
    const hanging = await network.calicoctl(3, status);
    await network.signalBird(3, 'bird', 'KILL');
    const killed = await network.calicoctl(3, status);
    const text = (problem: string): string => `Calico process is running.\n\nIPv4 BGP status\nError querying BIRD: ${problem}\n\nIPv6 BGP status\nError querying BIRD: unable to connect to BIRDv6 socket: /var/run/bird/bird6.ctl: no such socket\n\n`;
    expect([hanging.stdout, hanging.code]).to.deep.equal([text('/var/run/calico/bird.ctl: BIRD did not finish its answer within 5 s'), 1]);
    expect([killed.stdout, killed.code]).to.deep.equal([text('unable to connect to BIRDv4 socket: /var/run/calico/bird.ctl: nothing listens; BIRD has ended and left it behind'), 1]);
    expect(killed.stderr.split('\n')[0]).to.equal('looked for BIRDv4: /var/run/calico/bird.ctl: nothing listens; BIRD has ended and left it behind');
  });

  it('nothing runs', async () => {
    const alone = ['unshare', '--pid', '--fork', '--mount-proc', process.execPath, PROGRAM, ...status];
    const { code, stdout, stderr } = await network.run(5, alone);
    expect([stdout, code]).to.deep.equal(['Calico process is not running.\n\nThe BGP backend process (BIRD) is not running.\n\n', 1]);
    expect(stderr).to.equal(`looked for a process named calico-felix, calico-node with the argument -felix, calico-agent, or start-calico-node
looked for BIRDv4: /var/run/calico/bird.ctl: no such socket
looked for BIRDv4: /var/run/bird/bird.ctl: no such socket
looked for BIRDv6: /var/run/calico/bird6.ctl: no such socket
looked for BIRDv6: /var/run/bird/bird6.ctl: no such socket
the peers were not compared with the datastore: etcd at http://127.0.0.1:2379: connection refused
`);
  });
});
