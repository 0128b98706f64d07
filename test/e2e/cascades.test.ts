import { expect } from 'chai';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { startProxy, type Proxy } from '../support/proxy.js';
import { Workplace } from '../support/workplace.js';

const RESOURCES = `
- {apiVersion: v1, kind: ipPool, metadata: {cidr: 10.0.0.0/16}}
- {apiVersion: v1, kind: ipPool, metadata: {cidr: 10.1.0.0/16}}
- {apiVersion: v1, kind: node, metadata: {name: n1}, spec: {bgp: {ipv4Address: 192.168.0.1}}}
- {apiVersion: v1, kind: node, metadata: {name: n2}}
- {apiVersion: v1, kind: hostEndpoint, metadata: {name: eth0, node: n1}, spec: {interfaceName: eth0}}
- {apiVersion: v1, kind: hostEndpoint, metadata: {name: eth0, node: n2}, spec: {interfaceName: eth0}}
- {apiVersion: v1, kind: workloadEndpoint, metadata: {name: e, workload: w1, orchestrator: k8s, node: n1}, spec: {interfaceName: cali1, ipNetworks: [10.0.0.1]}}
- {apiVersion: v1, kind: workloadEndpoint, metadata: {name: e, workload: w2, orchestrator: k8s, node: n2}, spec: {interfaceName: cali2, ipNetworks: [10.0.0.2]}}
- {apiVersion: v1, kind: bgpPeer, metadata: {scope: node, node: n1, peerIP: 192.168.0.9}, spec: {asNumber: 64512}}
- {apiVersion: v1, kind: bgpPeer, metadata: {scope: global, peerIP: 192.168.0.9}, spec: {asNumber: 64512}}
- {apiVersion: projectcalico.org/v3, kind: FelixConfiguration, metadata: {name: node.n1}, spec: {logSeverityScreen: Info}}
- {apiVersion: projectcalico.org/v3, kind: FelixConfiguration, metadata: {name: default}, spec: {logSeverityScreen: Info}}
- {apiVersion: projectcalico.org/v3, kind: BGPConfiguration, metadata: {name: node.n1}, spec: {logSeverityScreen: Info}}
`;

/** A block of n1 from which both nodes have an address, and an empty one of n1 in each pool. */
const IPAM: Readonly<Record<string, object>> = {
  '/calico/ipam/v2/assignment/ipv4/block/10.0.0.0-26': block('10.0.0.0/26', ['e1', 'e2']),
  '/calico/ipam/v2/assignment/ipv4/block/10.0.0.64-26': block('10.0.0.64/26', []),
  '/calico/ipam/v2/assignment/ipv4/block/10.1.0.0-26': block('10.1.0.0/26', []),
  '/calico/ipam/v2/host/n1/ipv4/block/10.0.0.0-26': { state: 'confirmed' },
  '/calico/ipam/v2/host/n1/ipv4/block/10.0.0.64-26': { state: 'confirmed' },
  '/calico/ipam/v2/host/n1/ipv4/block/10.1.0.0-26': { state: 'confirmed' },
  '/calico/ipam/v2/handle/e1': { handleID: 'e1', block: { '10.0.0.0/26': 1 } },
  '/calico/ipam/v2/handle/e2': { handleID: 'e2', block: { '10.0.0.0/26': 1 } },
};

/** A block whose addresses from the second on belong to these handles. */
function block(cidr: string, handles: readonly string[]): object {
  const used = handles.map((_handle, index) => index + 1);
  return {
    cidr,
    affinity: 'host:n1',
    allocations: Array.from({ length: 64 }, (_none, ordinal) => (used.includes(ordinal) ? ordinal - 1 : null)),
    unallocated: Array.from({ length: 64 }, (_none, ordinal) => ordinal).filter((ordinal) => !used.includes(ordinal)),
    attributes: handles.map((handle_id, index) => ({ handle_id, secondary: { node: `n${index + 1}` } })),
    sequenceNumber: 7,
    sequenceNumberForAllocation: {},
    deleted: false,
  };
}

/** What stays once n1 is gone: n2 keeps its address, in a block that is nobody's. */
const WITHOUT_NODE = [
  'v3/projectcalico.org/bgppeers/192-168-0-9',
  'v3/projectcalico.org/clusterinformations/default',
  'v3/projectcalico.org/felixconfigurations/default',
  'v3/projectcalico.org/hostendpoints/n2.eth0',
  'v3/projectcalico.org/ippools/10-0-0-0-16',
  'v3/projectcalico.org/ippools/10-1-0-0-16',
  'v3/projectcalico.org/nodes/n2',
  'v3/projectcalico.org/tiers/default',
  'v3/projectcalico.org/tiers/kube-admin',
  'v3/projectcalico.org/tiers/kube-baseline',
  'v3/projectcalico.org/workloadendpoints/default/n2-k8s-w2-e',
];

describe('deletions that take more than a transaction', function () {
  this.timeout(120_000);
  let at: Workplace;
  let proxy: Proxy;
  before(async () => (at = await Workplace.open()));
  after(() => at.close());
  beforeEach(async () => (proxy = await startProxy(at.etcd.port)));
  afterEach(() => proxy.stop());

  async function furnish(): Promise<void> {
    await at.wipe();
    expect(await at.quickly(['create', '-f', '-'], { stdin: RESOURCES })).to.deep.equal({ code: 0, signal: null, stdout: 'Successfully created 13 resource(s)\n', stderr: '' });
    await at.put(Object.fromEntries(Object.entries(IPAM).map(([key, value]) => [key, JSON.stringify(value)])));
  }

  /** Runs a command that is killed when its so-many-th request leaves; false where it had ended before. */
  async function killedAt(request: number, args: readonly string[]): Promise<boolean> {
    let kill = (): void => undefined;
    let killed = false;
    proxy.cutNext('request', async () => kill(), request);
    const running = at.start(args, { env: { ETCD_ENDPOINTS: proxy.endpoint } });
    kill = () => {
      killed = true;
      running.kill('SIGKILL');
    };
    await running.ended;
    return killed;
  }

  /** Kills a command at every one of its requests in turn and lets it finish when run again; what is left has to be the same each time. */
  async function isSafeToRepeat(args: readonly string[], check: () => Promise<void>): Promise<number> {
    for (let request = 0; ; request++) {
      await furnish();
      const killed = await killedAt(request, args);
      const again = await at.quickly([...args, '--skip-not-exists']);
      expect({ request, code: again.code, stderr: again.stderr }).to.deep.equal({ request, code: 0, stderr: '' });
      await check();
      if (!killed) return request;
    }
  }

  async function nodeIsGone(): Promise<void> {
    expect(await at.keys('/calico/resources/')).to.deep.equal(WITHOUT_NODE.map((key) => `/calico/resources/${key}`));
    const ipam = await at.stored('/calico/ipam/');
    const left = ipam['/calico/ipam/v2/assignment/ipv4/block/10.0.0.0-26'] as { affinity: unknown; allocations: unknown[]; attributes: unknown };
    expect({ keys: Object.keys(ipam), affinity: left.affinity, used: left.allocations.map((each, ordinal) => (each === null ? -1 : ordinal)).filter((ordinal) => ordinal >= 0), attributes: left.attributes }).to.deep.equal({
      keys: ['/calico/ipam/v2/assignment/ipv4/block/10.0.0.0-26', '/calico/ipam/v2/handle/e2'],
      affinity: null,
      used: [2],
      attributes: [{ handle_id: 'e2', secondary: { node: 'n2' } }],
    });
  }

  async function poolIsGone(): Promise<void> {
    expect((await at.keys('/calico/resources/v3/projectcalico.org/ippools/')).map((key) => key.split('/').at(-1))).to.deep.equal(['10-1-0-0-16']);
    expect(await at.keys('/calico/ipam/')).to.deep.equal([
      '/calico/ipam/v2/assignment/ipv4/block/10.0.0.0-26',
      '/calico/ipam/v2/assignment/ipv4/block/10.1.0.0-26',
      '/calico/ipam/v2/handle/e1',
      '/calico/ipam/v2/handle/e2',
      '/calico/ipam/v2/host/n1/ipv4/block/10.1.0.0-26',
    ]);
  }

  it('a node takes what is only its own with it, and can be deleted again after a crash at any moment', async () => {
    const requests = await isSafeToRepeat(['delete', 'node', 'n1'], nodeIsGone);
    expect(requests).to.be.greaterThan(5);
  });

  it('a pool lets go of its blocks, and can be deleted again after a crash at any moment', async () => {
    const requests = await isSafeToRepeat(['delete', 'ipPool', '10.0.0.0/16'], poolIsGone);
    expect(requests).to.be.greaterThan(4);
  });

  it('a pool is disabled before anything else happens to it', async () => {
    await furnish();
    // The reading, the reading of the pool, and the writing pass; then the pool settles before its blocks are looked for.
    expect(await killedAt(3, ['delete', 'ipPool', '10.0.0.0/16'])).to.equal(true);
    const { stdout } = await at.quickly(['get', 'ipPool', '10.0.0.0/16', '-o', 'json']);
    expect(JSON.parse(stdout)).to.deep.equal([{ kind: 'ipPool', apiVersion: 'v1', metadata: { cidr: '10.0.0.0/16' }, spec: { disabled: true } }]);
    expect((await at.keys('/calico/ipam/v2/host/')).length).to.equal(3);
  });

  it('of several, those that were deleted and those that were not are named when the server falls silent', async () => {
    await furnish();
    const list = ['{apiVersion: v1, kind: hostEndpoint, metadata: {name: eth0, node: n2}, spec: {interfaceName: eth0}}', '{apiVersion: v1, kind: node, metadata: {name: n1}}', '{apiVersion: v1, kind: node, metadata: {name: n2}}'];
    // The reading, both of the guard, and the first transaction pass.
    proxy.cutNext('request', async () => void proxy.hang(), 4);
    const { code, stdout, stderr } = await at.run(['delete', '-f', '-', '--timeout', '3s'], { stdin: `[${list.join(', ')}]`, env: { ETCD_ENDPOINTS: proxy.endpoint } });
    expect({ code, stdout, stderr: stderr.replaceAll(proxy.endpoint, 'PROXY').split('\n') }).to.deep.equal({
      code: 6,
      stdout: 'Partial success: deleted 1 out of 3 resources\n',
      stderr: [
        'no answer within 3 s: etcd at PROXY: accepts no connection, or does not answer on it',
        'deleted: HostEndpoint(node=n2, name=eth0)',
        'not deleted: Node(name=n1)',
        'not deleted: Node(name=n2)',
        'Run the same command again with --skip-not-exists to do the rest.',
        '',
      ],
    });
  });
});
