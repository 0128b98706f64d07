import { expect } from 'chai';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Data } from '../../src/base/data.js';
import { entering } from '../../src/host/namespaces/namespaces.js';
import { startProgram } from '../../scripts/support/calicoctl.js';
import { eventually } from '../../scripts/support/wait.js';
import { addressesIn, CniLab, podArgs } from '../support/cni-lab.js';
import { Random } from '../support/policy/random.js';
import { describeAsRoot } from '../support/root.js';

/** More of them by hand: CNI_CONTAINERS=400 CNI_KILLS=200 CNI_SEED=7. */
const CONTAINERS = Number(process.env['CNI_CONTAINERS'] ?? 100);
const KILLS = Number(process.env['CNI_KILLS'] ?? 12);
const SEED = Number(process.env['CNI_SEED'] ?? 1);

describeAsRoot('the plugin calico with other plugins, with Kubernetes, and very often', function () {
  this.timeout(120_000);
  let lab: CniLab;
  let [first, second] = ['', ''];

  before(async () => {
    lab = await CniLab.start(`test-o${process.pid}`);
    [first = '', second = ''] = lab.names;
  });
  after(() => lab?.stop());
  afterEach(() => lab.expectNothing());

  describe('with host-local', () => {
    const hostLocal = (more: Data): Data => ({ cniVersion: '1.0.0', ipam: { type: 'host-local', dataDir: join(lab.folder, 'host-local'), ...more } });

    it('has its addresses from it, each alone', async () => {
      const netns = await lab.sandbox(first, 'local');
      const config = hostLocal({ ranges: [[{ subnet: '10.99.0.0/24', rangeStart: '10.99.0.9' }], [{ subnet: 'fd99::/64' }]] });
      const result = await lab.must(first, 'ADD', 'local', { netns, config });
      expect(result['ips']).to.deep.equal([{ address: '10.99.0.9/32', interface: 1 }, { address: 'fd99::2/128', interface: 1 }]);
      await lab.must(first, 'CHECK', 'local', { netns, config: { ...config, prevResult: result } });
      await lab.must(first, 'DEL', 'local', { netns, config });
      const next = await lab.sandbox(first, 'local-2');
      expect(addressesIn(await lab.must(first, 'ADD', 'local-2', { netns: next, config }))).to.deep.equal(['10.99.0.10', 'fd99::3']);
      await lab.must(first, 'DEL', 'local-2', { netns: next, config });
    });

    it('gives a pod the routes that it names', async () => {
      const netns = await lab.sandbox(first, 'routed');
      const config = hostLocal({ subnet: '10.99.1.0/24', routes: [{ dst: '10.0.0.0/8' }] });
      const result = await lab.must(first, 'ADD', 'routed', { netns, args: podArgs('prod', 'routed'), config });
      expect((await lab.on(first)(['ip', '-netns', 'routed', 'route'])).split('\n').map((line) => line.trim()).filter((line) => line !== '').sort()).to.deep.equal(['10.0.0.0/8 via 169.254.1.1 dev eth0', '169.254.1.1 dev eth0 scope link']);
      await lab.must(first, 'CHECK', 'routed', { netns, args: podArgs('prod', 'routed'), config: { ...config, prevResult: result } });
      await lab.must(first, 'DEL', 'routed', { netns, args: podArgs('prod', 'routed'), config });
    });

    it('needs Kubernetes for the networks of the node, and not for DEL', async () => {
      const netns = await lab.sandbox(first, 'no-kubernetes');
      const config = hostLocal({ subnet: 'usePodCidr' });
      const { data } = await lab.call(first, 'ADD', 'no-kubernetes', { netns, config });
      expect(data).to.include({ code: 7, msg: "ipam.subnet asks for the node's network in Kubernetes, but the configuration does not say where Kubernetes' API is" });
      await lab.must(first, 'DEL', 'no-kubernetes', { netns, config });
    });

    it('hands on what it says went wrong', async () => {
      const netns = await lab.sandbox(first, 'wrong');
      const { data } = await lab.call(first, 'ADD', 'wrong', { netns, config: hostLocal({ subnet: '10.99.0.300/24' }) });
      expect(data).to.deep.include({ msg: 'invalid CIDR address: 10.99.0.300/24' });
      const missing = await lab.call(first, 'ADD', 'wrong', { netns, config: { ipam: { type: 'no-such-ipam' } } });
      expect(missing.data['msg']).to.match(/^failed to find plugin "no-such-ipam" in path \[/);
    });
  });

  describe('with Kubernetes', () => {
    const API = '/api/v1/namespaces/shop';
    const annotated = (annotations: Record<string, string>): object => ({
      metadata: { name: 'web-1', namespace: 'shop', generateName: 'web-', labels: { app: 'web' }, annotations: Object.fromEntries(Object.entries(annotations).map(([name, value]) => [`cni.projectcalico.org/${name}`, value])) },
      spec: { serviceAccountName: 'seller', containers: [{ ports: [{ name: 'http', containerPort: 80 }] }] },
    });
    const args = podArgs('shop', 'web-1');
    const config = (url: string, more: Data = {}): Data => ({ policy: { type: 'k8s' }, kubernetes: { k8s_api_root: url }, feature_control: { ip_addrs_no_ipam: true, floating_ips: true }, ...more });

    it('gives a pod what its annotations say, again where it is started anew', async () => {
      const { url, stop } = await lab.kubernetes(first, { [API]: { metadata: { name: 'shop' } }, [`${API}/pods/web-1`]: annotated({ ipAddrs: '["10.65.0.77", "fd65::77"]', floatingIPs: '["192.0.2.7"]', hwAddr: '0A:00:00:00:00:07' }) });
      try {
        for (const name of ['pod-a', 'pod-b']) {
          const netns = await lab.sandbox(first, name);
          const result = await lab.must(first, 'ADD', name, { netns, args, config: config(url) });
          expect(addressesIn(result)).to.deep.equal(['10.65.0.77', 'fd65::77']);
          await lab.must(first, 'CHECK', name, { netns, args, config: config(url, { prevResult: result }) });
        }
        const [endpoint] = await lab.endpoints();
        expect(endpoint?.metadata).to.deep.include({ generateName: 'web-', labels: { app: 'web', 'projectcalico.org/namespace': 'shop', 'projectcalico.org/orchestrator': 'k8s', 'projectcalico.org/serviceaccount': 'seller' } });
        expect(endpoint?.spec).to.deep.include({ profiles: ['kns.shop', 'ksa.shop.seller'], mac: '0a:00:00:00:00:07', ipNATs: [{ internalIP: '10.65.0.77', externalIP: '192.0.2.7' }], ports: [{ name: 'http', protocol: 'TCP', port: 80, hostPort: 0, hostIP: '' }] });
        await lab.must(first, 'DEL', 'pod-a', { args });
        await lab.expectClean();
        await lab.must(first, 'DEL', 'pod-b', { netns: lab.sandboxPath(first, 'pod-b'), args });
      } finally {
        stop();
      }
    });

    it('gives nothing back that was not assigned', async () => {
      const { url, stop } = await lab.kubernetes(first, { [API]: { metadata: { name: 'shop' } }, [`${API}/pods/web-1`]: annotated({ ipAddrsNoIpam: '["10.65.0.78"]' }) });
      try {
        const netns = await lab.sandbox(first, 'unmanaged');
        const result = await lab.must(first, 'ADD', 'unmanaged', { netns, args, config: config(url) });
        expect(addressesIn(result)).to.deep.equal(['10.65.0.78']);
        await lab.must(first, 'CHECK', 'unmanaged', { netns, args, config: config(url, { prevResult: result }) });
        await lab.must(first, 'DEL', 'unmanaged', { netns, args, config: config(url) });
        const missing = await lab.call(first, 'ADD', 'unmanaged', { netns, args: podArgs('shop', 'web-2'), config: config(url) });
        expect(missing.data['msg']).to.contain('web-2');
      } finally {
        stop();
      }
    });

    it('has host-local assign from the networks of the node', async () => {
      const { url, stop } = await lab.kubernetes(first, { [`/api/v1/nodes/${first}`]: { metadata: { name: first }, spec: { podCIDRs: ['10.98.0.0/24', 'fd98::/64'] } } });
      try {
        const netns = await lab.sandbox(first, 'of-node');
        const local = { cniVersion: '1.0.0', kubernetes: { k8s_api_root: url }, ipam: { type: 'host-local', dataDir: join(lab.folder, 'of-node'), ranges: [[{ subnet: 'usePodCidr' }], [{ subnet: 'usePodCidrIPv6' }]] } };
        const result = await lab.must(first, 'ADD', 'of-node', { netns, args, config: local });
        expect(addressesIn(result)).to.deep.equal(['10.98.0.2', 'fd98::2']);
        stop();
        await lab.must(first, 'CHECK', 'of-node', { netns, args, config: { ...local, prevResult: result } });
        await lab.must(first, 'DEL', 'of-node', { netns, args, config: local });
      } finally {
        stop();
      }
    });
  });

  it('is followed in a chain by portmap, which leads a port of the host to the container', async () => {
    const netns = await lab.sandbox(first, 'mapped');
    const args = podArgs('prod', 'mapped');
    // The profile of a network that a pod is the first of lets everything in.
    const chain = { cniVersion: '1.0.0', name: 'open' };
    const result = await lab.must(first, 'ADD', 'mapped', { netns, args, config: chain });
    const mapping = { ...chain, type: 'portmap', capabilities: { portMappings: true }, runtimeConfig: { portMappings: [{ hostPort: 8080, containerPort: 80, protocol: 'tcp' }] }, prevResult: result };
    const mapped = await lab.must(first, 'ADD', 'mapped', { plugin: 'portmap', netns, config: mapping });
    expect(mapped['ips']).to.deep.equal(result['ips']);
    const server = startProgram(entering({ net: netns }, [process.execPath, '-e', "require('net').createServer((client) => client.end('from the container')).listen(80)"]), {});
    const ask = `require('net').connect(8080, '${lab.address(first)}').setTimeout(500, () => process.exit(1)).on('error', () => process.exit(1)).pipe(process.stdout)`;
    try {
      expect(await eventually('the port of the host answers', () => lab.on(second)([process.execPath, '-e', ask]).catch(() => undefined), 20_000)).to.equal('from the container');
    } finally {
      server.kill('SIGKILL');
    }
    await lab.must(first, 'CHECK', 'mapped', { netns, args, config: { ...chain, prevResult: mapped } });
    await lab.must(first, 'DEL', 'mapped', { plugin: 'portmap', netns, config: mapping });
    await lab.must(first, 'DEL', 'mapped', { netns, args, config: chain });
  });

  it(`gives ${CONTAINERS} containers at once addresses of their own, and leaves nothing of them`, async function () {
    this.timeout(240_000);
    const names = Array.from({ length: CONTAINERS }, (_, at) => `many-${at}`);
    const sandboxes: string[] = [];
    for (const name of names) sandboxes.push(await lab.sandbox(first, name));
    const results = await Promise.all(names.map((name, at) => lab.must(first, 'ADD', name, { netns: sandboxes[at]! })));
    expect(new Set(results.flatMap(addressesIn)).size).to.equal(CONTAINERS);
    expect((await lab.endpoints()).length).to.equal(CONTAINERS);
    expect((await lab.interfaces(first)).length).to.equal(CONTAINERS);
    await lab.expectClean();
    await Promise.all(names.map((name, at) => lab.must(first, 'DEL', name, { netns: sandboxes[at]! })));
  });

  it(`can be killed at any moment: DEL does the rest (${KILLS} times, seed ${SEED})`, async function () {
    this.timeout(240_000);
    const random = new Random(SEED);
    const config = { ipam: { type: 'calico-ipam', assign_ipv6: 'true' } };
    for (let round = 0; round < KILLS; round++) {
      const [name, args] = [`killed-${round}`, round % 2 === 0 ? '' : podArgs('prod', `killed-${round}`)];
      const netns = await lab.sandbox(first, name);
      const kill = async (command: string): Promise<void> => {
        const running = lab.begin(first, command, name, { netns, args, config });
        await sleep(random.below(220));
        running.kill('SIGKILL');
        await running.ended;
      };
      await kill('ADD');
      if (round % 3 === 0) await kill('DEL');
      await lab.must(first, 'DEL', name, { netns, args, config });
      expect(await lab.endpoints(), `round ${round}`).to.deep.equal([]);
      expect(await lab.interfaces(first), `round ${round}`).to.deep.equal([]);
    }
  });
});
