import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { join } from 'node:path';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { unpackedPackage } from '../../../scripts/support/unpacked.js';
import { eventually } from '../../../scripts/support/wait.js';
import { askBird } from '../../../src/bgp/control-socket.js';
import { parseProtocols, type BgpProtocol } from '../../../src/bgp/protocols.js';
import { BirdNetwork } from '../../support/bird-network.js';
import { settingsFor, withStore } from '../../support/datastore.js';
import { describeAsRoot } from '../../support/root.js';
import { put } from '../../support/watching.js';
import { RunningBgp } from './running.js';

const R = '/calico/resources/v3/projectcalico.org';
const HOSTS = [1, 2] as const;

type Values = Readonly<Record<string, string | undefined>>;

function object(kind: string, plural: string, name: string, spec: object): Record<string, string> {
  return { [`${R}/${plural}/${name}`]: JSON.stringify({ kind, apiVersion: 'projectcalico.org/v3', metadata: { name }, spec }) };
}

const ADDRESSES = ['192.168.40.11', '192.168.40.12', 'fd00:40::11', 'fd00:40::12'];

/** Each address is a peer of all nodes: of two such the one with the lower address calls, so that they need not agree on who does. */
const peers = (spec: object): Values => Object.assign({}, ...ADDRESSES.map((peerIP, index) => object('BGPPeer', 'bgppeers', `peer-${index}`, { peerIP, asNumber: 64512, ...spec }))) as Values;

/** Two hosts, a block of addresses on each, and sessions in both families that BGPPeers ask for. */
const STORE: Values = {
  ...Object.assign({}, ...HOSTS.map((host) => ({
    ...object('Node', 'nodes', `host${host}`, { bgp: { ipv4Address: `192.168.40.1${host}/24`, ipv6Address: `fd00:40::1${host}/64` } }),
    [`/calico/ipam/v2/host/host${host}/ipv4/block/10.65.${host}.0-26`]: '{"state":"confirmed"}',
    [`/calico/ipam/v2/host/host${host}/ipv6/block/fd65:${host}::-122`]: '{"state":"confirmed"}',
  }))) as Values,
  ...object('IPPool', 'ippools', 'four', { cidr: '10.65.0.0/16' }),
  ...object('IPPool', 'ippools', 'six', { cidr: 'fd65::/16' }),
  ...object('BGPConfiguration', 'bgpconfigurations', 'default', { nodeToNodeMeshEnabled: false }),
  ...peers({}),
};

describeAsRoot('BIRDs that the agent tells what to do', function () {
  this.timeout(180_000);
  const path = process.env['PATH'];
  let etcd: Etcd;
  let network: BirdNetwork;
  let agents: readonly RunningBgp[] = [];

  before(async () => {
    // What checks the files is found by the search path.
    process.env['PATH'] = `${join(unpackedPackage('bird'), 'usr/sbin')}:${path}`;
    [etcd, network] = await Promise.all([startEtcd(), BirdNetwork.start(HOSTS.length)]);
    await write(STORE);
    agents = HOSTS.map((host) => new RunningBgp(network.sockets(host), { NODENAME: `host${host}`, ETCD_ENDPOINTS: etcd.endpoint }));
    for (const [index, agent] of agents.entries()) {
      for (const kind of ['bird', 'bird6'] as const) {
        await eventually(`there is a ${kind}.cfg`, () => agent.file(`${kind}.cfg`) !== '');
        await network.startBirdWith(index + 1, kind, join(agent.configuration, `${kind}.cfg`));
      }
    }
    await Promise.all(SESSIONS.map((session) => established(session)));
  });
  after(async () => {
    process.env['PATH'] = path;
    await Promise.all(agents.map((agent) => agent.stop()));
    await network?.stop();
    await etcd?.stop();
  });

  const write = (values: Values): Promise<string> => withStore(settingsFor(etcd.endpoint), (store) => put(store, values));

  /** The sessions there should be, each with the host whose BIRD tells of it. */
  const SESSIONS = [
    { host: 1, socket: 'bird.ctl', name: 'Global_192_168_40_12' },
    { host: 2, socket: 'bird.ctl', name: 'Global_192_168_40_11' },
    { host: 1, socket: 'bird6.ctl', name: 'Global_fd00_40__12' },
    { host: 2, socket: 'bird6.ctl', name: 'Global_fd00_40__11' },
  ] as const;

  async function protocols(host: number, socket = 'bird.ctl'): Promise<readonly BgpProtocol[]> {
    const [reply = []] = await askBird(join(network.sockets(host), socket), ['show protocols all']);
    return parseProtocols(reply);
  }

  /** Waits until a session stands, and returns since when. */
  function established({ host, socket, name }: { readonly host: number; readonly socket: string; readonly name: string }): Promise<string> {
    return eventually(`${name} stands on host ${host}`, async () => {
      const protocol = (await protocols(host, socket).catch(() => [])).find((each) => each.name === name);
      return protocol?.info.startsWith('Established') === true ? protocol.since : undefined;
    });
  }

  const sinceWhen = (): Promise<string[]> => Promise.all(SESSIONS.map((session) => established(session)));

  /** The routes that the kernel of a host has of BIRD, of one family. */
  async function routes(host: number, family: 4 | 6): Promise<string[]> {
    const { stdout } = await network.run(host, ['ip', `-${family}`, 'route', 'show', 'proto', 'bird']);
    return stdout.split('\n').flatMap((line) => /^(blackhole |)(\S+)(?: via (\S+))?/.exec(line.trim())?.slice(1).join(' ').trim() ?? []).filter((line) => line !== '').sort();
  }

  const has = (host: number, family: 4 | 6, route: string): Promise<true> => eventually(`host ${host} has a route ${route}`, async () => (await routes(host, family)).includes(route));
  const hasNot = (host: number, family: 4 | 6, route: string): Promise<true> => eventually(`host ${host} has no route ${route}`, async () => !(await routes(host, family)).includes(route));

  it('have routes to the blocks of one another, and keep what is sent to the rest of their own', async () => {
    await Promise.all([has(1, 4, '10.65.2.0/26 192.168.40.12'), has(2, 4, '10.65.1.0/26 192.168.40.11'), has(1, 6, 'fd65:2::/122 fd00:40::12')]);
    expect(await routes(1, 4)).to.deep.equal(['10.65.2.0/26 192.168.40.12', 'blackhole  10.65.1.0/26']);
  });

  it('get a peer more, and the sessions that stood go on', async () => {
    const before = await sinceWhen();
    await write(object('BGPPeer', 'bgppeers', 'tor', { peerIP: '192.168.40.99', asNumber: 65001 }));
    for (const host of HOSTS) await eventually('the peer is there', async () => (await protocols(host)).some(({ name }) => name === 'Global_192_168_40_99'));
    expect(await sinceWhen()).to.deep.equal(before);
  });

  it('get a filter, by which a route goes, and without it comes back, while the sessions go on', async () => {
    const before = await sinceWhen();
    await write({ ...object('BGPFilter', 'bgpfilters', 'no-blocks', { exportV4: [{ cidr: '10.65.1.0/26', matchOperator: 'In', action: 'Reject' }], importV6: [{ cidr: 'fd65:2::/64', matchOperator: 'In', action: 'Reject' }] }), ...peers({ filters: ['no-blocks'] }) });
    await Promise.all([hasNot(2, 4, '10.65.1.0/26 192.168.40.11'), hasNot(1, 6, 'fd65:2::/122 fd00:40::12')]);
    expect(await routes(1, 4)).to.include('10.65.2.0/26 192.168.40.12');
    await write(peers({}));
    await Promise.all([has(2, 4, '10.65.1.0/26 192.168.40.11'), has(1, 6, 'fd65:2::/122 fd00:40::12')]);
    expect(await sinceWhen()).to.deep.equal(before);
  });

  it('make a session anew whose own settings are others, and that one alone', async () => {
    const before = await sinceWhen();
    await write(object('BGPPeer', 'bgppeers', 'peer-1', { peerIP: ADDRESSES[1], asNumber: 64512, keepaliveTime: '20s' }));
    await eventually('the session is a new one', async () => (await sinceWhen())[0] !== before[0]);
    expect((await sinceWhen()).slice(2)).to.deep.equal(before.slice(2));
  });

  it('keep what they have where BIRD refuses the new files, and it is said with its words', async () => {
    const before = await sinceWhen();
    const [agent] = agents as [RunningBgp];
    await write({ ...object('BGPPeer', 'bgppeers', 'no-as', { peerIP: '192.168.40.98' }), '/calico/ipam/v2/host/host1/ipv4/block/10.65.9.0-26': '{"state":"confirmed"}' });
    await agent.logged('bird refuses bird.cfg');
    const said = agent.lines.find((line) => line.includes('bird refuses bird.cfg')) ?? '';
    expect(said).to.match(/\[ERROR\].*bird\.cfg:\d+:\d+ .*AS number/);
    expect(agent.file('bird_aggr.cfg')).to.not.include('10.65.9.0');
    await write({ [`${R}/bgppeers/no-as`]: undefined });
    await has(2, 4, '10.65.9.0/26 192.168.40.11');
    expect(await sinceWhen()).to.deep.equal(before);
  });

  it('that are killed and started again lose no route meanwhile, on neither host', async () => {
    const lasting = [[1, '10.65.2.0/26 192.168.40.12'], [2, '10.65.1.0/26 192.168.40.11']] as const;
    // A BIRD that starts waits for all its peers before it removes routes: for minutes, for one that is not there.
    await write({ [`${R}/bgppeers/tor`]: undefined });
    await eventually('the peer that is not there is forgotten', async () => !(await protocols(1)).some(({ name }) => name === 'Global_192_168_40_99'));
    const lost: string[] = [];
    let isOver = false;
    const watching = (async () => {
      while (!isOver) for (const [host, route] of lasting) if (!(await routes(host, 4)).includes(route)) lost.push(route);
    })();
    await network.signalBird(1, 'bird', 'KILL');
    await eventually('the other side has noticed', async () => !(await protocols(2)).some(({ name, info }) => name === 'Global_192_168_40_11' && info.startsWith('Established')));
    await network.startBirdWith(1, 'bird', join(agents[0]!.configuration, 'bird.cfg'), '-R');
    await sinceWhen();
    await eventually('it has all routes again and is done with those of before', async () => !(await askBird(join(network.sockets(1), 'bird.ctl'), ['show status']))[0]!.some(({ text }) => text.includes('Graceful restart recovery in progress')));
    isOver = true;
    await watching;
    expect(lost).to.deep.equal([]);
    expect((await routes(1, 4)).filter((route) => !route.startsWith('blackhole'))).to.deep.equal(['10.65.2.0/26 192.168.40.12']);
  });
});
