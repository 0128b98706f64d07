import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { connect as dial, createServer, type AddressInfo } from 'node:net';
import { after, before, describe, it } from 'mocha';
import { startEtcd, type Etcd } from '../../../scripts/support/etcd.js';
import { eventually } from '../../../scripts/support/wait.js';
import { keepAddresses } from '../../../src/agent/startup/monitor.js';
import { startUp, writeNode } from '../../../src/agent/startup/startup.js';
import type { Store } from '../../../src/datastore/store.js';
import { connect } from '../../../src/datastore/etcd/connect.js';
import { HostOfData, logOf } from '../../support/agent-host.js';
import { become, settingsFor, stored } from '../../support/datastore.js';
import { EndingStore } from '../../support/ending-store.js';
import { MemoryStore } from '../../support/memory-store.js';

const R = '/calico/resources/v3/projectcalico.org';

/** A start of the node `node1` with one interface, and what it wrote to its log. */
function starting(env: Record<string, string> = {}, { address = '10.0.0.1/24', host = new HostOfData('node1', [{ name: 'eth0', address: [address, 'fd00::1/64'] }]) } = {}) {
  const { log, lines } = logOf();
  const ending = new AbortController();
  return { env: { NODENAME: 'node1', ...env }, log, lines, host, ending, signal: ending.signal, version: 'test', sources: { now: () => new Date('2026-01-01T00:00:00Z'), uuid: randomUUID } };
}

/** Writes a node into a store in memory, and returns what became of it: the message of what it threw, or the spec of the Node. */
async function written(store: Store, env: Record<string, string> = {}, options: Parameters<typeof starting>[1] = {}): Promise<unknown> {
  const context = starting(env, options);
  try {
    await writeNode({ ...context, store, name: context.env.NODENAME });
  } catch (error) {
    return (error as Error).message;
  }
  return specOf(store, `nodes/${context.env.NODENAME}`);
}

async function specOf(store: Store, name: string): Promise<unknown> {
  const entry = await store.get(`${R}/${name}`);
  return entry && (JSON.parse(entry.value) as { spec: unknown }).spec;
}

const nodeText = (name: string, spec: object): string => JSON.stringify({ kind: 'Node', apiVersion: 'projectcalico.org/v3', metadata: { name, uid: randomUUID(), creationTimestamp: '2026-01-01T00:00:00Z' }, spec, status: {} });
const withNode = (spec: object, name = 'node1'): MemoryStore => new MemoryStore({ [`${R}/nodes/${name}`]: nodeText(name, spec) });

/** What is new every time is the same in all. */
const alike = (content: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(Object.entries(content).map(([key, value]) => [key, value.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|fd[0-9a-f:]+::\/48/g, '@NEW@')]));

describe('the start of a node', () => {
  it('killed at any moment and started again, it leaves what one start leaves', async () => {
    const whole = new MemoryStore();
    await written(whole);
    const commits = Object.keys(whole.content()).length;
    for (let killed = 0; killed < commits; killed++) {
      for (const done of [false, true]) {
        const store = new MemoryStore();
        const first = await written(new EndingStore(store, killed, done));
        await written(store);
        expect(alike(store.content()), `killed in commit ${killed}, ${done ? 'carried out' : 'not carried out'}: ${String(first)}`).to.deep.equal(alike(whole.content()));
      }
    }
  });

  it('looks again where somebody else is faster, and keeps what they wrote', async () => {
    const store = withNode({ bgp: { ipv4Address: '10.0.0.9/24' } });
    const racing = new EndingStore(store, 0, true, () => store.set(`${R}/nodes/node1`, nodeText('node1', { bgp: { ipv4Address: '10.0.0.9/24', routeReflectorClusterID: '244.0.0.1' } })));
    expect(await written(racing, { IP: 'autodetect' })).to.deep.equal({ bgp: { ipv4Address: '10.0.0.1/24', routeReflectorClusterID: '244.0.0.1' }, interfaces: [{ name: 'eth0', addresses: ['10.0.0.1'] }] });
  });

  it('with IP=none keeps the stored address, and takes away what is stored of the interfaces', async () => {
    const store = withNode({ bgp: { ipv4Address: '10.0.0.9/24' }, interfaces: [{ name: 'eth0', addresses: ['10.0.0.9'] }] });
    expect(await written(store, { IP: 'none' })).to.deep.equal({ bgp: { ipv4Address: '10.0.0.9/24' } });
  });

  it('with autodetect keeps the stored address where it finds none', async () => {
    const context = starting({ IP: 'autodetect', IP_AUTODETECTION_METHOD: 'interface=nosuch' });
    const store = withNode({ bgp: { ipv4Address: '10.0.0.9/24' } });
    await writeNode({ ...context, store, name: 'node1' });
    expect(await specOf(store, 'nodes/node1')).to.deep.equal({ bgp: { ipv4Address: '10.0.0.9/24' }, interfaces: [{ name: 'eth0', addresses: ['10.0.0.1'] }] });
    expect(context.lines.join('')).to.match(/WARNING.*keeps the IPv4 address that is stored: 10.0.0.9\/24/);
  });

  it('takes an address that was found before out of the store where detection fails', async () => {
    const ipv4Only = { host: new HostOfData('node1', [{ name: 'eth0', address: ['10.0.0.1/24'] }]) };
    const store = withNode({ bgp: { asNumber: 65001, ipv4Address: '10.0.0.9/24' } });
    expect(await written(store, { IP: 'autodetect', IP6: 'autodetect' }, ipv4Only)).to.match(/no IPv6 address was found/);
    expect(await specOf(store, 'nodes/node1')).to.deep.equal({ bgp: { asNumber: 65001 } });
  });

  it('leaves a given address that another node has as it was stored', async () => {
    const store = withNode({ bgp: { ipv4Address: '10.0.0.9/24' } });
    store.set(`${R}/nodes/other`, nodeText('other', { bgp: { ipv4Address: '10.0.0.1/16', ipv6Address: 'fd00::1/64' } }));
    expect(await written(store, { IP: '10.0.0.1' })).to.equal('the IPv4 address of this node is that of another one, other');
    expect(await written(store, { IP: '10.0.0.1', IP6: 'fd00::1' })).to.match(/IPv4 address .* other; the IPv6 address .* other/);
    expect(await specOf(store, 'nodes/node1')).to.deep.equal({ bgp: { ipv4Address: '10.0.0.9/24' } });
  });

  it('passes over nodes that cannot be read', async () => {
    const store = new MemoryStore({ [`${R}/nodes/odd`]: 'no JSON', [`${R}/nodes/odder`]: nodeText('odder', { bgp: { ipv4Address: 'nowhere' } }) });
    expect(await written(store)).to.deep.equal({ bgp: { ipv4Address: '10.0.0.1/24' } });
  });

  it('writes a Node without addresses where another program routes', async () => {
    expect(await written(new MemoryStore(), { CALICO_NETWORKING_BACKEND: 'none', AS: '65001', CALICO_K8S_NODE_REF: 'k1' })).to.deep.equal({ orchRefs: [{ nodeName: 'k1', orchestrator: 'k8s' }] });
  });

  it('reads AS numbers of both forms, and refuses what is none', async () => {
    expect(await written(new MemoryStore(), { AS: '1.10' })).to.deep.include({ bgp: { asNumber: 65546, ipv4Address: '10.0.0.1/24' } });
    for (const AS of ['x', '4294967296', '1.65536', '-1']) expect(await written(new MemoryStore(), { AS })).to.equal(`AS=${AS} is not an AS number`);
  });

  it('refuses methods that there are not, and one that needs Kubernetes finds nothing', async () => {
    expect(await written(new MemoryStore(), { IP_AUTODETECTION_METHOD: 'first' })).to.match(/"first" is not a method/);
    for (const method of ['kubernetes-internal-ip', 'cidr=10.0.0.0/8,x', 'interface=(', 'can-reach=']) expect(await written(new MemoryStore(), { IP_AUTODETECTION_METHOD: method }, method === 'can-reach=' ? { address: 'fd00::2/64' } : {}), method).to.match(/no IPv4 address was found/);
  });

  it('fills in what a FelixConfiguration leaves open, and keeps the rest of it', async () => {
    const felix = (name: string, spec: object): [string, string] => [`${R}/felixconfigurations/${name}`, JSON.stringify({ kind: 'FelixConfiguration', apiVersion: 'projectcalico.org/v3', metadata: { name }, spec })];
    const store = new MemoryStore(Object.fromEntries([felix('default', { reportingInterval: '30s', floatingIPs: 'Enabled' }), felix('node.node1', { defaultEndpointToHostAction: 'Drop' })]));
    await written(store);
    expect(await specOf(store, 'felixconfigurations/default')).to.include({ reportingInterval: '30s', floatingIPs: 'Enabled', logSeverityScreen: 'Info' });
    expect(await specOf(store, 'felixconfigurations/node.node1')).to.deep.equal({ defaultEndpointToHostAction: 'Drop' });
  });

  it('gives a cluster the GUID that it lacks, and never unlocks it', async () => {
    const store = new MemoryStore({ [`${R}/clusterinformations/default`]: JSON.stringify({ kind: 'ClusterInformation', apiVersion: 'projectcalico.org/v3', metadata: { name: 'default' }, spec: { datastoreReady: false, clusterType: 'a,b' } }) });
    await written(store, { CLUSTER_TYPE: 'b,c' });
    expect(await specOf(store, 'clusterinformations/default')).to.deep.include({ clusterType: 'a,b,c', calicoVersion: 'v3.32.1', datastoreReady: false }).and.to.have.property('clusterGUID').that.matches(/^[0-9a-f]{32}$/);
  });

  it('makes no pool where addresses of its network are in blocks of another size', async () => {
    const store = new MemoryStore({ '/calico/ipam/v2/assignment/ipv4/block/10.65.0.0-26': '{}' });
    expect(await written(store, { CALICO_IPV4POOL_CIDR: '10.65.0.0/16', CALICO_IPV4POOL_BLOCK_SIZE: '28' })).to.match(/addresses of the block 10.65.0.0\/26/);
  });

  it('reads the variables of pools, whether the pool is there or not', async () => {
    const refusals: [Record<string, string>, RegExp][] = [
      [{ CALICO_IPV4POOL_BLOCK_SIZE: '2x' }, /BLOCK_SIZE=2x/], [{ CALICO_IPV6POOL_BLOCK_SIZE: '115' }, /between 116 and 128/], [{ CALICO_IPV6POOL_NODE_SELECTOR: 'a ==' }, /is not a selector/],
      [{ CALICO_IPV4POOL_CIDR: 'fd00::/64' }, /is not an IPv4 network/], [{ CALICO_IPV6POOL_CIDR: '10.0.0.1' }, /is not an IPv6 network/], [{ CALICO_IPV6POOL_VXLAN: 'maybe' }, /none of Always/],
      [{ NO_DEFAULT_POOLS: 'True', CALICO_IPV6POOL_CIDR: 'none' }, /wants no pool/],
    ];
    for (const [env, message] of refusals) expect(await written(new MemoryStore(), env), JSON.stringify(env)).to.match(message);
    const store = new MemoryStore();
    await written(store, { CALICO_IPV4POOL_CIDR: '10.65.7.9/16', CALICO_IPV4POOL_VXLAN: 'cross-subnet', CALICO_IPV4POOL_NAT_OUTGOING: 'N', CALICO_IPV6POOL_CIDR: 'none' });
    expect(await specOf(store, 'ippools/default-ipv4-ippool')).to.deep.include({ cidr: '10.65.0.0/16', vxlanMode: 'CrossSubnet' }).and.not.to.have.property('natOutgoing');
    expect(await specOf(store, 'ippools/default-ipv6-ippool')).to.equal(undefined);
  });

  it('has no IPv6 pool on a kernel without IPv6', async () => {
    const host = Object.assign(new HostOfData('node1', [{ name: 'eth0', address: ['10.0.0.1/24'] }]), { hasIpv6: async () => false });
    const store = new MemoryStore();
    await written(store, {}, { host });
    expect(Object.keys(store.content()).filter((key) => key.includes('/ippools/'))).to.deep.equal([`${R}/ippools/default-ipv4-ippool`]);
  });

  it('refuses a name that no node may have before anything is written', async () => {
    const store = new MemoryStore();
    expect(await written(store, { NODENAME: 'Node_1' })).to.match(/cannot be called so/);
    expect(store.content()).to.deep.equal({});
  });

  it('is called as it was at its last start', async () => {
    const context = starting({ NODENAME: ' ', HOSTNAME: 'other', CALICO_STARTUP_LOGLEVEL: 'loud', ETCD_ENDPOINTS: 'nonsense://' });
    context.host.files.set('/var/lib/calico/nodename', 'kept\n');
    expect(await startUp(context)).to.equal(1);
    expect(context.lines.join('')).to.match(/ERROR.*"loud" is no level of a log/).and.to.match(/starting node kept/).and.to.match(/the node was not started/);
  });

  it('ends where a setting leads to no datastore at all', async () => {
    for (const env of [{ DATASTORE_TYPE: 'kubernetes' }, { ETCD_ENDPOINTS: 'ftp://x' }]) expect(await startUp(starting(env))).to.equal(1);
  });
});

describe('the start of a node against a real etcd', () => {
  let etcd: Etcd;
  let store: Store;
  before(async () => {
    etcd = await startEtcd();
    store = await connect(settingsFor(etcd.endpoint), { timeoutMs: 60_000 });
  });
  after(async () => {
    store?.close();
    await etcd?.stop();
  });

  it('two nodes that start at once in an empty datastore both become nodes', async () => {
    for (let round = 0; round < 5; round++) {
      await become(store, new Map());
      const nodes = [1, 2].map((number) => starting({ NODENAME: `node${number}`, ETCD_ENDPOINTS: etcd.endpoint, CLUSTER_TYPE: `type${number}` }, { address: `10.0.0.${number}/24` }));
      expect(await Promise.all(nodes.map(startUp)), nodes.map(({ lines }) => lines.join('')).join('\n')).to.deep.equal([0, 0]);
      const names = [...(await stored(store)).keys()].map((key) => key.replace(`${R}/`, ''));
      expect(names).to.deep.equal([
        'bgpconfigurations/default', 'clusterinformations/default', 'felixconfigurations/default', 'felixconfigurations/node.node1', 'felixconfigurations/node.node2',
        'ippools/default-ipv4-ippool', 'ippools/default-ipv6-ippool', 'nodes/node1', 'nodes/node2', 'tiers/default', 'tiers/kube-admin', 'tiers/kube-baseline',
      ]);
      const { clusterType } = (await specOf(store, 'clusterinformations/default')) as { clusterType: string };
      expect(clusterType.split(',').sort()).to.deep.equal(['type1', 'type2']);
    }
  });

  it('looks for the addresses again, and tells what goes wrong then', async () => {
    await become(store, new Map());
    let own = '10.0.0.1/24';
    const context = starting({ ETCD_ENDPOINTS: etcd.endpoint, IP: 'autodetect', AUTODETECT_POLL_INTERVAL: '30ms' });
    context.host.interfaces = () => new HostOfData('node1', [{ name: 'eth0', address: own === '' ? [] : [own] }]).interfaces();
    expect(await startUp(context)).to.equal(0);
    const watching = keepAddresses({ ...context, name: 'node1' }).catch((error: unknown) => error);
    own = '10.0.0.7/24';
    await eventually('the address is another', async () => JSON.stringify(await specOf(store, 'nodes/node1')).includes('10.0.0.7/24'));
    await store.commit([{ action: 'put', key: `${R}/nodes/other`, expect: '0', value: nodeText('other', { bgp: { ipv4Address: '10.0.0.8/24' } }) }]);
    own = '10.0.0.8/24';
    await eventually('it says that the address is taken', () => context.lines.some((line) => line.includes('ERROR') && line.includes('is that of another one, other')));
    expect(await specOf(store, 'nodes/node1')).to.deep.equal({ interfaces: [{ name: 'eth0', addresses: ['10.0.0.8'] }] });
    context.ending.abort(new Error('SIGTERM'));
    expect(await watching).to.be.instanceOf(Error);
    await keepAddresses({ ...context, env: { ...context.env, IP: '10.0.0.1' }, name: 'node1' });
  });

  it('waits for an etcd that comes up late', async () => {
    await become(store, new Map());
    const gate = createServer((client) => {
      const upstream = dial(etcd.port, '127.0.0.1');
      client.pipe(upstream).pipe(client);
      for (const socket of [client, upstream]) socket.on('error', () => [client, upstream].forEach((each) => each.destroy()));
    });
    const listen = (port: number): Promise<number> => new Promise((resolve) => gate.listen(port, '127.0.0.1', () => resolve((gate.address() as AddressInfo).port)));
    const port = await listen(0);
    await new Promise((resolve) => gate.close(resolve));
    const context = starting({ ETCD_ENDPOINTS: `http://127.0.0.1:${port}` });
    const running = startUp(context);
    await eventually('it says that the datastore is away', () => context.lines.some((line) => line.includes('the datastore cannot be used')));
    expect(context.host.files.size).to.equal(0);
    await listen(port);
    try {
      expect(await running, context.lines.join('')).to.equal(0);
    } finally {
      gate.close();
    }
    expect(await specOf(store, 'nodes/node1')).to.deep.equal({ bgp: { ipv4Address: '10.0.0.1/24' } });
    expect(context.host.files.get('/var/lib/calico/nodename')).to.equal('node1');
  });
});
