import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, it } from 'mocha';
import { startEtcd, type Etcd } from '../../scripts/support/etcd.js';
import { eventually } from '../../scripts/support/wait.js';
import { runIn } from '../../src/host/run.js';
import { sideOf } from '../../src/host/workload/side.js';
import type { DriverContext } from '../../src/libnetwork/context.js';
import { runDrivers } from '../../src/libnetwork/drivers.js';
import { Engine } from '../../src/libnetwork/engine.js';
import { readSettings } from '../../src/libnetwork/settings.js';
import { dockerHostKey, dockerNetworkKey } from '../../src/resources/docker-keys.js';
import { logOf } from '../support/agent-host.js';
import { become, settingsFor, stored, withStore } from '../support/datastore.js';
import { NetworkNamespace } from '../support/network-namespace.js';
import { askPlugin, type PluginAnswer } from '../support/plugin-client.js';
import { expectRecorded } from '../support/recorded.js';
import { describeAsRoot } from '../support/root.js';

const R = '/calico/resources/v3/projectcalico.org';
const NODE = 'host1';
const RECORDED = 'libnetwork/engine-20.10.txt';
const NETWORK_ID = 'ab'.repeat(32);
const ENDPOINT_ID = '0123456789abcdef'.repeat(4);
const ENDPOINT_KEY = `${R}/workloadendpoints/default/${NODE}-libnetwork-libnetwork-${ENDPOINT_ID}`;

const object = (kind: string, name: string, spec: object): string => JSON.stringify({ kind, apiVersion: 'projectcalico.org/v3', metadata: { name, uid: randomUUID(), creationTimestamp: '2026-01-01T00:00:00Z' }, spec });
const pool = (name: string, cidr: string): [string, string] => [`${R}/ippools/${name}`, object('IPPool', name, { cidr, nodeSelector: 'all()', allowedUses: ['Workload'], ipipMode: 'Never', vxlanMode: 'Never' })];
const POOLS = [pool('four', '10.65.0.0/16'), pool('six', 'fddb:fd47:90ba::/48')];
const BEGINNING = [...POOLS, [`${R}/nodes/${NODE}`, object('Node', NODE, {})]] as const;

describeAsRoot('the drivers of Docker', function () {
  this.timeout(60_000);
  let etcd: Etcd;
  let namespace: NetworkNamespace;
  let folder: string;
  let ending: AbortController;
  let running: Promise<void>;
  let lines: string[];

  before(async () => {
    [etcd, namespace] = await Promise.all([startEtcd(), NetworkNamespace.start()]);
  });
  after(async () => {
    namespace.stop();
    await etcd.stop();
  });
  beforeEach(async () => {
    await withStore(settingsFor(etcd.endpoint), (store) => become(store, new Map(BEGINNING)));
    await start();
  });
  afterEach(stop);

  /** Starts the drivers, with nobody where the engine would be: all that these requests need is in etcd. */
  async function start(env: Readonly<Record<string, string>> = {}, endpoint = etcd.endpoint): Promise<void> {
    folder = mkdtempSync(join(tmpdir(), 'calicoctl-plugins-'));
    const log = logOf();
    ({ lines } = log);
    ending = new AbortController();
    const context: DriverContext = {
      node: NODE, settings: readSettings({ CALICO_LIBNETWORK_VETH_MTU: '1400', ...env }, log.log), log: log.log, signal: ending.signal,
      engine: new Engine(join(folder, 'docker.sock'), ending.signal), sources: { now: () => new Date('2026-11-30T12:00:00.500Z'), uuid: randomUUID },
      withStore: (work) => withStore(settingsFor(endpoint), work, { timeoutMs: 3000, signal: ending.signal }), host: sideOf(runIn({ net: `/proc/${namespace.pid}/ns/net` })),
    };
    running = runDrivers(context, folder);
    await eventually('both listen', () => lines.filter((line) => line.includes('listening at')).length === 2);
  }

  async function stop(): Promise<void> {
    ending.abort();
    await running;
    rmSync(folder, { recursive: true });
  }

  const ask = (path: string, body?: string | object): Promise<PluginAnswer> => askPlugin(join(folder, path.startsWith('Ipam') ? 'calico-ipam.sock' : 'calico.sock'), path, body);
  const content = async (): Promise<Map<string, string>> => withStore(settingsFor(etcd.endpoint), async (store) => new Map([...(await stored(store))].map(([key, { value }]) => [key, value])));
  const put = (key: string, value: string): Promise<string> => etcd.etcdctl('put', key, value);
  /** What the keeper of the networks writes once the engine has one. */
  const remember = (name: string, id: string): Promise<string> => put(dockerHostKey(NODE, name), JSON.stringify({ id }));
  const links = async (): Promise<string> => (await namespace.run('ip', ['-o', 'link', 'show', 'type', 'veth'])).stdout;
  const endpoint = (given: object): object => ({ NetworkID: NETWORK_ID, EndpointID: ENDPOINT_ID, Interface: given, Options: {} });
  const errorOf = async (path: string, body?: string | object): Promise<[number, unknown]> => {
    const { status, body: { Err: error } } = await ask(path, body);
    return [status, error];
  };

  it('answer what an engine asked on the way through networks, containers and refusals', async () => {
    const requests = readFileSync(new URL(`../cases/${RECORDED}`, import.meta.url), 'utf8').split('\n').filter((line) => line.startsWith('> ')).map((line) => line.slice(2));
    const played: string[] = [];
    let activated = 0;
    for (const request of requests) {
      const [, path = '', body = ''] = /^(\S+) (.*)$/.exec(request) ?? [];
      // Both drivers are activated: the network driver first.
      const { status, text } = path === 'Plugin.Activate' && activated++ > 0 ? await askPlugin(join(folder, 'calico-ipam.sock'), path, body) : await ask(path, body);
      if (path === 'NetworkDriver.CreateNetwork' && status === 200) {
        const { NetworkID: id } = JSON.parse(body) as { NetworkID: string };
        const name = `net${id.slice(0, 4)}`;
        await remember(name, id);
        await put(dockerNetworkKey(name), JSON.stringify({ name, subnets: [], ipv4: true, ipv6: false, labels: {} }));
      }
      played.push(`> ${request}\n< ${status} ${text}\n`);
    }
    expectRecorded(played.join(''), RECORDED);
    // Nothing of it is left but the blocks of the host and the profiles, which may be others' by now.
    const left = [...(await content()).keys()].filter((key) => !BEGINNING.some(([known]) => known === key));
    expect(left.filter((key) => !/\/ipam\/v2\/(assignment|host)\/|\/profiles\//.test(key))).to.deep.equal([]);
    expect(await links()).to.equal('');
  });

  it('store an endpoint as Calico does, in a transaction with its profile', async () => {
    await remember('My_Net', NETWORK_ID);
    const { body } = await ask('NetworkDriver.CreateEndpoint', endpoint({ Address: '10.65.1.1/32', AddressIPv6: 'fddb:fd47:90ba::1/128', MacAddress: '' }));
    expect(body).to.deep.equal({ Interface: { MacAddress: 'ee:ee:ee:ee:ee:ee' } });
    const after = await content();
    const { metadata: { uid, creationTimestamp, ...metadata }, spec } = JSON.parse(after.get(ENDPOINT_KEY)!) as { metadata: Record<string, unknown>; spec: object };
    expect([typeof uid, creationTimestamp]).to.deep.equal(['string', '2026-11-30T12:00:00Z']);
    expect(metadata).to.deep.equal({ name: ENDPOINT_KEY.split('/').at(-1), namespace: 'default', labels: { 'projectcalico.org/namespace': 'default', 'projectcalico.org/orchestrator': 'libnetwork' } });
    expect(spec).to.deep.equal({ orchestrator: 'libnetwork', workload: 'libnetwork', node: NODE, endpoint: ENDPOINT_ID, ipNetworks: ['10.65.1.1/32', 'fddb:fd47:90ba::1/128'], profiles: ['my-net-52a0ad5b'], interfaceName: 'cali0123456789a', mac: 'ee:ee:ee:ee:ee:ee' });
    const { spec: profile } = JSON.parse(after.get(`${R}/profiles/my-net-52a0ad5b`)!) as { spec: object };
    expect(profile).to.deep.equal({ ingress: [{ action: 'Allow', source: { selector: 'has(my-net-52a0ad5b)' }, destination: {} }], egress: [{ action: 'Allow', source: {}, destination: {} }], labelsToApply: { 'my-net-52a0ad5b': '' } });
    expect(after.get(`/calico/docker/v1/endpoint/${NODE}/${ENDPOINT_ID}`)).to.equal('{"network":"My_Net"}');
  });

  it('answer the same request a second time, and leave a profile as it is', async () => {
    await remember('calnet1', NETWORK_ID);
    const mine = object('Profile', 'calnet1', { egress: [{ action: 'Deny' }] });
    await put(`${R}/profiles/calnet1`, mine);
    const first = await ask('NetworkDriver.CreateEndpoint', endpoint({ Address: '10.65.1.1/32', MacAddress: '02:11:22:33:44:55' }));
    const before = await content();
    const second = await ask('NetworkDriver.CreateEndpoint', endpoint({ Address: '10.65.1.1/32', MacAddress: '02:11:22:33:44:55' }));
    expect([first.text, second.text]).to.deep.equal(['{"Interface":{}}', '{"Interface":{}}']);
    expect(await content()).to.deep.equal(before);
    expect(before.get(`${R}/profiles/calnet1`)).to.equal(mine);
    expect(before.get(ENDPOINT_KEY)).to.include('"mac":"02:11:22:33:44:55"');
    for (const path of ['NetworkDriver.DeleteEndpoint', 'NetworkDriver.DeleteEndpoint', 'NetworkDriver.Leave']) expect((await ask(path, endpoint({}))).text).to.equal('{}');
    expect((await content()).has(ENDPOINT_KEY)).to.equal(false);
  });

  it('make the interfaces of an endpoint, both families, as often as they are asked', async () => {
    await remember('calnet1', NETWORK_ID);
    await ask('NetworkDriver.CreateEndpoint', endpoint({ Address: '10.65.1.1/32', AddressIPv6: 'fddb:fd47:90ba::1/128' }));
    for (let times = 0; times < 2; times++) {
      const { body } = await ask('NetworkDriver.Join', { NetworkID: NETWORK_ID, EndpointID: ENDPOINT_ID, SandboxKey: '/x', Options: {} });
      const [, mac = ''] = /cali0123456789a@temp0123456789a: .* link\/ether (\S+)/.exec(await links()) ?? [];
      expect(mac).to.match(/^02:/);
      const { Gateway: gateway, GatewayIPv6: gateway6, InterfaceName: name } = body;
      expect({ gateway, name }).to.deep.equal({ gateway: '169.254.1.1', name: { SrcName: 'temp0123456789a', DstPrefix: 'cali' } });
      await namespace.do('ip link set temp0123456789a up');
      await eventually('the host has the address that the container knows it by', async () => (await namespace.run('ip', ['-6', 'address', 'show', 'dev', 'cali0123456789a'])).stdout.includes(`inet6 ${String(gateway6)}/64`));
    }
    expect((await links()).split('\n').filter((line) => line.includes('mtu 1400'))).to.have.length(2);
    expect(await namespace.do('ip route show dev cali0123456789a')).to.equal('10.65.1.1 scope link \n');
    expect((await namespace.run('cat', ['/proc/sys/net/ipv4/conf/cali0123456789a/proxy_arp'])).stdout).to.equal('1\n');
    await ask('NetworkDriver.Leave', endpoint({}));
    expect(await links()).to.equal('');
    expect(await errorOf('NetworkDriver.Join', { NetworkID: NETWORK_ID, EndpointID: 'f'.repeat(64), SandboxKey: '/x' })).to.deep.equal([500, `the datastore has no endpoint ${'f'.repeat(64)} on node ${NODE}`]);
  });

  it('have no profiles, and other names inside, where the settings say so', async () => {
    await stop();
    await start({ CALICO_LIBNETWORK_CREATE_PROFILES: 'False', CALICO_LIBNETWORK_IFPREFIX: 'eth', CALICO_LIBNETWORK_VETH_MTU: 'long' });
    await remember('calnet1', NETWORK_ID);
    await ask('NetworkDriver.CreateEndpoint', endpoint({ Address: '10.65.1.1/32' }));
    const after = await content();
    expect(after.has(`${R}/profiles/calnet1`)).to.equal(false);
    expect(after.get(ENDPOINT_KEY)).not.to.include('profiles');
    const { body } = await ask('NetworkDriver.Join', endpoint({}));
    expect(body).to.deep.equal({ InterfaceName: { SrcName: 'temp0123456789a', DstPrefix: 'eth' }, Gateway: '169.254.1.1', GatewayIPv6: '', StaticRoutes: [{ Destination: '169.254.1.1/32', RouteType: 1, NextHop: '' }] });
    await ask('NetworkDriver.Leave', endpoint({}));
    expect(lines.join('')).to.include('CALICO_LIBNETWORK_VETH_MTU: "long" is no number from 68 to 65535, and does not count');
  });

  it('assign and release under the handle of the node, and nothing of others', async () => {
    const { body: { Address: address } } = await ask('IpamDriver.RequestAddress', { PoolID: 'CalicoPoolIPv4', Address: '', Options: null });
    const given = await ask('IpamDriver.RequestAddress', { PoolID: '10.65.0.0/16', Address: '10.65.9.9', Options: null });
    expect([address, given.text]).to.deep.equal(['10.65.119.0/32', '{"Address":"10.65.9.9/32","Data":{}}']);
    expect((await content()).get(`/calico/ipam/v2/handle/libnetwork.${NODE}`)).to.include('"10.65.119.0/26":1').and.to.include('"10.65.9.0/26":1');
    expect((await content()).get('/calico/ipam/v2/assignment/ipv4/block/10.65.119.0-26')).to.include(`"secondary":{"node":"${NODE}","timestamp":"2026-11-30 12:00:00.5 +0000 UTC"}`);
    expect(await errorOf('IpamDriver.RequestAddress', { PoolID: '10.65.0.0/16', Address: '10.65.9.9' })).to.deep.equal([500, `10.65.9.9 is already assigned to handle libnetwork.${NODE}`]);
    for (const [block, ip] of [['10.65.119.0-26', '10.65.119.0'], ['10.65.9.0-26', '10.65.9.9']] as const) {
      const value = (await content()).get(`/calico/ipam/v2/assignment/ipv4/block/${block}`)!;
      await put(`/calico/ipam/v2/assignment/ipv4/block/${block}`, value.replace(`libnetwork.${NODE}`, 'k8s-pod-network.abc'));
      expect((await ask('IpamDriver.ReleaseAddress', { PoolID: '10.65.0.0/16', Address: ip })).text).to.equal('{}');
      expect((await content()).get(`/calico/ipam/v2/assignment/ipv4/block/${block}`)).to.include('k8s-pod-network.abc');
      await put(`/calico/ipam/v2/assignment/ipv4/block/${block}`, value);
      await ask('IpamDriver.ReleaseAddress', { PoolID: '10.65.0.0/16', Address: ip });
    }
    expect((await content()).has(`/calico/ipam/v2/handle/libnetwork.${NODE}`)).to.equal(false);
    expect(lines.join('')).to.include('10.65.9.9 is not released: it belongs to handle k8s-pod-network.abc');
  });

  it('say what is wrong with a request', async () => {
    await put(dockerHostKey(NODE, 'calnet1'), JSON.stringify({ id: NETWORK_ID }));
    const cases: readonly (readonly [string, string | object, number, string])[] = [
      ['IpamDriver.RequestPool', '{', 400, 'the body of a request is a map in JSON'],
      ['IpamDriver.RequestPool', '[]', 400, 'the body of a request is a map in JSON'],
      ['IpamDriver.RequestPool', ' '.repeat(1 << 21), 413, 'a request has at most 1048576 bytes'],
      ['IpamDriver.Nonsense', {}, 404, '"IpamDriver.Nonsense" is no request to a IpamDriver'],
      ['IpamDriver.constructor', {}, 404, '"IpamDriver.constructor" is no request to a IpamDriver'],
      ['IpamDriver.RequestPool', { Pool: 7 }, 500, 'Pool is no text'],
      ['IpamDriver.RequestPool', { Pool: 'seven' }, 500, 'Invalid CIDR'],
      ['IpamDriver.RequestPool', { Options: [] }, 500, 'Options is no map'],
      ['IpamDriver.RequestAddress', { PoolID: 'seven' }, 500, 'Invalid CIDR - "seven"'],
      ['IpamDriver.RequestAddress', { PoolID: '10.9.0.0/16' }, 500, 'The network references a Calico pool which has been deleted. Please re-instate the Calico pool before using the network.'],
      ['IpamDriver.RequestAddress', { PoolID: '10.65.0.0/16', Address: 'x' }, 500, '"x" is no address'],
      ['IpamDriver.RequestAddress', { PoolID: '10.65.0.0/16', Address: '10.9.0.1' }, 500, '10.9.0.1 is not in an enabled pool'],
      ['NetworkDriver.CreateEndpoint', endpoint({}), 500, 'No address assigned for endpoint'],
      ['NetworkDriver.CreateEndpoint', { NetworkID: NETWORK_ID, EndpointID: '../x' }, 500, 'EndpointID "../x" is no id'],
      ['NetworkDriver.CreateNetwork', { IPv4Data: {} }, 500, 'IPv4Data is no list of maps'],
      ['NetworkDriver.CreateNetwork', { Options: { 'com.docker.network.enable_ipv4': true, other: 'x' } }, 500, 'Calico driver does not support the flag other (x).'],
    ];
    for (const [path, body, status, message] of cases) expect(await errorOf(path, body), `${path} ${JSON.stringify(body).slice(0, 80)}`).to.deep.equal([status, message]);
    expect((await ask('NetworkDriver.GetCapabilities')).type).to.equal('application/vnd.docker.plugins.v1.2+json');
    expect((await askPlugin(join(folder, 'calico-ipam.sock'), 'IpamDriver.GetCapabilities', '', 'GET')).body).to.deep.equal({ RequiresMACAddress: false, RequiresRequestReplay: false });
  });

  it('say so where engine or datastore are away', async () => {
    expect(await errorOf('NetworkDriver.CreateEndpoint', endpoint({ Address: '10.65.1.1/32' }))).to.deep.equal([500, `the Docker engine does not answer at ${join(folder, 'docker.sock')}: connect ENOENT ${join(folder, 'docker.sock')}`]);
    await stop();
    await start({}, 'http://127.0.0.1:1');
    const [status, message] = await errorOf('IpamDriver.RequestAddress', { PoolID: 'CalicoPoolIPv4' });
    expect([status, String(message)]).to.satisfy(([code, text]: [number, string]) => code === 500 && text.includes('127.0.0.1:1'));
  });

  it('make their sockets again, and leave those of others alone', async () => {
    const socket = join(folder, 'calico.sock');
    rmSync(socket);
    await eventually('it answers again', async () => (await askPlugin(socket, 'Plugin.Activate').catch(() => undefined))?.text === '{"Implements":["NetworkDriver"]}');
    writeFileSync(`${socket}.new`, 'of another');
    renameSync(`${socket}.new`, socket);
    await eventually('the other one is seen', () => lines.some((line) => line.includes(`${socket} was taken by another driver: Docker asks that one now`)));
    expect(readFileSync(socket, 'utf8')).to.equal('of another');
  });

  it('remove a network for all hosts only where nobody else is in it', async () => {
    const value = JSON.stringify({ name: 'calnet1', subnets: [], ipv4: true, ipv6: false, labels: {} });
    const there = async (): Promise<boolean> => (await content()).has(dockerNetworkKey('calnet1'));
    await Promise.all([remember('calnet1', NETWORK_ID), put(dockerNetworkKey('calnet1'), value)]);
    await put(`${R}/workloadendpoints/default/host2-libnetwork-libnetwork-x1`, JSON.stringify({ kind: 'WorkloadEndpoint', apiVersion: 'projectcalico.org/v3', metadata: { name: 'host2-libnetwork-libnetwork-x1', namespace: 'default' }, spec: { orchestrator: 'libnetwork', node: 'host2', endpoint: 'x1', interfaceName: 'cali1', ipNetworks: ['10.65.2.2/32'] } }));
    await put('/calico/docker/v1/endpoint/host2/x1', '{"network":"calnet1"}');
    expect(await errorOf('NetworkDriver.DeleteNetwork', { NetworkID: NETWORK_ID })).to.deep.equal([500, 'network calnet1 stays, and comes back to this host: a container is left in it: 10.65.2.2 on host2 (endpoint x1)']);
    expect([await there(), (await content()).has(dockerHostKey(NODE, 'calnet1'))]).to.deep.equal([true, false]);
    await Promise.all([remember('calnet1', NETWORK_ID), put('/calico/docker/v1/endpoint/host2/x1', '{"network":"calnet2"}')]);
    expect((await ask('NetworkDriver.DeleteNetwork', { NetworkID: NETWORK_ID })).text).to.equal('{}');
    expect(await there()).to.equal(false);
    expect((await ask('NetworkDriver.DeleteNetwork', { NetworkID: NETWORK_ID })).text).to.equal('{}');
  });
});
