import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'mocha';
import { podInterfaceName } from '../../src/host/workload/attach.js';
import { keyOf } from '../../src/resources/keys.js';
import { profile } from '../../src/resources/v3/profile.js';
import { DEAD_ENDPOINT } from '../../scripts/support/etcd.js';
import { eventually } from '../../scripts/support/wait.js';
import { addressesIn, CniLab, podArgs } from '../support/cni-lab.js';
import { describeAsRoot } from '../support/root.js';

const BOTH = { ipam: { type: 'calico-ipam', assign_ipv4: 'true', assign_ipv6: 'true' } };

describeAsRoot('the plugin calico on two hosts', function () {
  this.timeout(120_000);
  let lab: CniLab;
  let [first, second] = ['', ''];

  before(async () => {
    lab = await CniLab.start(`test-c${process.pid}`);
    [first = '', second = ''] = lab.names;
  });
  after(() => lab?.stop());

  afterEach(() => lab.expectNothing());

  it('puts containers of a network on two hosts in touch, in both families', async () => {
    const [here, there] = [await lab.sandbox(first, 'here'), await lab.sandbox(second, 'there')];
    const [one, two] = [await lab.must(first, 'ADD', 'container-a', { netns: here, config: BOTH }), await lab.must(second, 'ADD', 'container-b', { netns: there, config: BOTH })];
    const [mac] = (one['interfaces'] as { mac: string }[]).slice(1).map((each) => each.mac);
    expect(one['interfaces']).to.deep.equal([{ name: 'calicontainer-a', mac: 'ee:ee:ee:ee:ee:ee', mtu: 1400 }, { name: 'eth0', mac, mtu: 1400, sandbox: here }]);
    expect(one['ips']).to.deep.equal(addressesIn(one).map((ip) => ({ address: `${ip}/${ip.includes(':') ? 128 : 32}`, interface: 1 })));
    for (const target of addressesIn(two)) {
      await eventually(`${target} answers`, () => lab.on(first)(['ip', 'netns', 'exec', 'here', 'ping', '-c', '1', '-W', '1', target]).then(() => true, () => false));
    }
    await lab.must(first, 'CHECK', 'container-a', { netns: here, config: { ...BOTH, prevResult: one } });
    await lab.must(first, 'DEL', 'container-a', { netns: here, config: BOTH });
    await lab.must(second, 'DEL', 'container-b', { netns: there, config: BOTH });
  });

  it('takes a second ADD for another network of the same container, and leaves all else as it is', async () => {
    const netns = await lab.sandbox(first, 'twice');
    const result = await lab.must(first, 'ADD', 'twice', { netns });
    const again = await lab.must(first, 'ADD', 'twice', { netns });
    const other = await lab.must(first, 'ADD', 'twice', { netns, ifname: 'eth1', config: { name: 'net2' } });
    // The one network has it under another name than the other, and the endpoint under the first.
    await lab.must(first, 'GC', '', { config: { name: 'net2', 'cni.dev/valid-attachments': [{ containerID: 'twice', ifname: 'eth1' }] } });
    await lab.must(first, 'GC', '', { config: { name: 'net2', 'cni.dev/valid-attachments': [] } });
    await lab.must(first, 'CHECK', 'twice', { netns, ifname: 'eth1', config: { name: 'net2', prevResult: other } });
    await lab.must(first, 'DEL', 'twice', { netns, ifname: 'eth1', config: { name: 'net2' } });
    await lab.must(first, 'CHECK', 'twice', { netns, config: { prevResult: result } });
    for (const each of [again, other]) expect(each['ips']).to.deep.equal(result['ips']);
    const [endpoint, ...more] = await lab.endpoints();
    expect(more).to.deep.equal([]);
    expect(endpoint?.spec).to.include({ endpoint: 'eth0', interfaceName: 'calitwice' });
    expect(endpoint?.spec['profiles']).to.deep.equal(['net1', 'net2']);
    expect(await lab.store.get(keyOf(profile, 'net2'))).to.not.equal(undefined);
    // It leaves the second network, and the first twice by the name that it has there too: it is in it by the other one.
    await lab.must(first, 'DEL', 'twice', { netns, ifname: 'eth1', config: { name: 'net2' } });
    await lab.must(first, 'DEL', 'twice', { netns, ifname: 'eth1' });
    await lab.must(first, 'CHECK', 'twice', { netns, config: { prevResult: result } });
    await lab.must(first, 'DEL', 'twice', { netns });
  });

  it('takes all that a pod has, by the name that its interface was given last', async () => {
    const netns = await lab.sandbox(first, 'renamed');
    const args = podArgs('prod', 'web-1');
    await lab.must(first, 'ADD', 'renamed', { netns, args });
    await lab.must(first, 'ADD', 'renamed', { netns, args, ifname: 'eth1' });
    await lab.must(first, 'DEL', 'renamed', { netns, args, ifname: 'eth1' });
    await lab.expectNothing();
    await lab.must(first, 'DEL', 'renamed', { netns, args });
  });

  it('takes names for interfaces that its tools have for themselves, and the namespace that a test names', async () => {
    const netns = await lab.sandbox(first, 'words');
    for (const ifname of ['dev', 'type']) {
      await lab.must(first, 'ADD', 'words', { netns, ifname, args: 'CNI_TEST_NAMESPACE=prod' });
      expect((await lab.endpoints()).map(({ metadata, spec }) => [metadata.namespace, spec['endpoint']])).to.deep.equal([['prod', ifname]]);
      await lab.must(first, 'DEL', 'words', { netns, ifname, args: 'CNI_TEST_NAMESPACE=prod' });
    }
  });

  it('makes the interface again where a container comes back with an empty namespace', async () => {
    const result = await lab.must(first, 'ADD', 'restarted', { netns: await lab.sandbox(first, 'before-boot') });
    await lab.on(first)(['ip', 'netns', 'del', 'before-boot']);
    await eventually('the interface is gone', async () => (await lab.interfaces(first)).length === 0);
    const netns = await lab.sandbox(first, 'after-boot');
    const again = await lab.must(first, 'ADD', 'restarted', { netns });
    expect(again['ips']).to.deep.equal(result['ips']);
    await lab.must(first, 'CHECK', 'restarted', { netns, config: { prevResult: again } });
    await lab.must(first, 'DEL', 'restarted', { netns });
  });

  it('gives a pod that was started anew another address, and DEL of the old container does not touch it', async () => {
    const args = podArgs('prod', 'web-1');
    const [old, young] = [await lab.sandbox(first, 'old'), await lab.sandbox(first, 'young')];
    const before = await lab.must(first, 'ADD', 'old', { netns: old, args });
    const result = await lab.must(first, 'ADD', 'young', { netns: young, args });
    expect(result['ips']).to.not.deep.equal(before['ips']);
    await lab.must(first, 'DEL', 'old', { netns: old, args });
    expect(await lab.interfaces(first)).to.deep.equal([podInterfaceName('prod', 'web-1')]);
    await lab.must(first, 'CHECK', 'young', { netns: young, args, config: { prevResult: result } });
    const [endpoint] = await lab.endpoints();
    expect(endpoint?.metadata).to.include({ namespace: 'prod', name: `${first.replaceAll('-', '--')}-k8s-web--1-eth0` });
    expect(endpoint?.spec).to.include({ pod: 'web-1', containerID: 'young' });
    await lab.must(first, 'DEL', 'young', { netns: young, args });
  });

  it('names each difference that CHECK finds', async () => {
    const netns = await lab.sandbox(first, 'damaged');
    const prevResult = await lab.must(first, 'ADD', 'damaged', { netns });
    const [address] = addressesIn(prevResult);
    await lab.on(first)(['ip', 'netns', 'exec', 'damaged', 'ip', 'address', 'del', `${address}/32`, 'dev', 'eth0']);
    await lab.on(first)(['ip', 'link', 'set', 'calidamaged', 'address', '02:00:00:00:00:01']);
    const [endpoint] = await lab.endpoints();
    await lab.must(first, 'DEL', 'damaged', { plugin: 'calico-ipam' });
    const { code, data } = await lab.call(first, 'CHECK', 'damaged', { netns, config: { prevResult } });
    expect({ code, data }).to.deep.equal({
      code: 1,
      data: {
        code: 999,
        msg: [
          `the interface eth0 has no address ${address}/32`,
          // The kernel takes the routes of a family away with its last address.
          'the container has no route to 0.0.0.0/0 by 169.254.1.1',
          'the interface calidamaged has the hardware address 02:00:00:00:00:01, not ee:ee:ee:ee:ee:ee',
          `${address} is not assigned to net1.damaged any more`,
        ].join('; '),
      },
    });
    expect(endpoint?.spec['ipNetworks']).to.deep.equal([`${address}/32`]);
    await lab.must(first, 'DEL', 'damaged', { netns });
  });

  it('takes away what it cannot finish', async () => {
    const netns = await lab.sandbox(first, 'taken');
    await lab.on(first)(['ip', 'netns', 'exec', 'taken', 'ip', 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'other']);
    const { code, data } = await lab.call(first, 'ADD', 'taken', { netns });
    expect(code).to.equal(1);
    expect(data['code']).to.equal(999);
    expect(data['msg']).to.match(/link add calitaken .*File exists/);
    expect((await lab.call(first, 'ADD', 'narrow', { netns, config: { ...BOTH, mtu: 1200 } })).data).to.include({ code: 7, msg: 'the MTU must be 1280 or more for an IPv6 address, not 1200' });
    await lab.on(first)(['ip', 'netns', 'del', 'taken']);
  });

  it('does not take the interface of another container whose id begins in the same way', async () => {
    const [one, two] = [await lab.sandbox(first, 'alike-1'), await lab.sandbox(first, 'alike-2')];
    const prevResult = await lab.must(first, 'ADD', 'my-container-1', { netns: one });
    const { data } = await lab.call(first, 'ADD', 'my-container-2', { netns: two });
    expect(data).to.include({ code: 999, msg: 'the interface calimy-containe is that of container my-container-1 already' });
    await lab.must(first, 'DEL', 'my-container-2', { netns: two });
    await lab.must(first, 'DEL', 'my-container-2');
    await lab.must(first, 'CHECK', 'my-container-1', { netns: one, config: { prevResult } });
    await lab.must(first, 'DEL', 'my-container-1', { netns: one });
  });

  it('does DEL of what there is not, or not any more', async () => {
    const netns = await lab.sandbox(first, 'empty');
    await lab.must(first, 'DEL', 'unknown', { netns });
    await lab.must(first, 'DEL', 'unknown');
    await lab.must(first, 'DEL', 'unknown', { netns: '/etc/hostname' });
    await lab.must(first, 'DEL', 'unknown', { netns: '/run/netns/never-made', args: podArgs('prod', 'web-1') });
    await lab.must(first, 'ADD', 'orphan', { netns });
    await lab.must(first, 'DEL', 'orphan');
    expect(await lab.interfaces(first)).to.deep.equal([]);
  });

  it('refuses a namespace that is none, or its own', async () => {
    for (const netns of ['/run/netns/never-made', '/etc/hostname']) expect((await lab.call(first, 'ADD', 'x', { netns })).data).to.include({ code: 8 });
    const { data } = await lab.call(first, 'ADD', 'x', { netns: '/proc/self/ns/net' });
    expect(data).to.include({ code: 8, msg: '/proc/self/ns/net is the network namespace that the plugin itself runs in, not that of a container' });
  });

  it('waits until the agent has programmed the endpoint', async () => {
    const netns = await lab.sandbox(first, 'awaited');
    const config = { log_level: 'warning', policy_setup_timeout_seconds: 20, endpoint_status_dir: lab.path(first, '/run/calico/endpoint-status') };
    const { code, stderr } = await lab.call(first, 'ADD', 'awaited', { netns, config });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(await lab.on(first)(['ip', 'route', 'show', 'dev', 'caliawaited'])).to.contain('metric 1024');
    await lab.must(first, 'DEL', 'awaited', { netns });
  });

  it('says to try again where etcd does not answer', async () => {
    const netns = await lab.sandbox(first, 'lost');
    const away = { etcd_endpoints: DEAD_ENDPOINT };
    for (const command of ['ADD', 'DEL']) expect((await lab.call(first, command, 'lost', { netns, config: away })).data, command).to.include({ code: 11 });
    expect((await lab.call(first, 'STATUS', '', { config: away })).data).to.include({ code: 50 });
  });

  it('forwards, and has more queues, where the configuration says so', async () => {
    const netns = await lab.sandbox(first, 'router');
    await lab.must(first, 'ADD', 'router', { netns, config: { ...BOTH, container_settings: { allow_ip_forwarding: true }, num_queues: 2, mtu: 1300 } });
    const shown = await lab.on(first)(['ip', 'netns', 'exec', 'router', 'sh', '-c', 'cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding; ip -details -oneline link show eth0']);
    expect(shown).to.match(/^1\n1\n/).and.contain('mtu 1300').and.contain('numtxqueues 2 numrxqueues 2');
    await lab.must(first, 'DEL', 'router', { netns });
  });

  it('collects what belongs to attachments that are gone, on its own node and of its own network', async () => {
    const names = ['kept', 'gone', 'other-net'];
    const [kept, gone, other] = await Promise.all(names.map((name) => lab.sandbox(first, name)));
    const elsewhere = await lab.sandbox(second, 'elsewhere');
    const result = await lab.must(first, 'ADD', 'kept', { netns: kept! });
    await lab.must(first, 'ADD', 'gone', { netns: gone! });
    await lab.must(first, 'ADD', 'gone-pod', { netns: await lab.sandbox(first, 'gone-pod'), args: podArgs('prod', 'gone') });
    await lab.must(first, 'ADD', 'other-net', { netns: other!, config: { name: 'net2' } });
    await lab.must(second, 'ADD', 'elsewhere', { netns: elsewhere });
    await lab.must(first, 'GC', '', { config: { 'cni.dev/valid-attachments': [{ containerID: 'kept', ifname: 'eth0' }] } });
    expect((await lab.endpoints()).map(({ spec }) => spec['containerID']).sort()).to.deep.equal(['elsewhere', 'kept', 'other-net']);
    expect((await lab.interfaces(first)).slice().sort()).to.deep.equal(['calikept', 'caliother-net']);
    await lab.expectClean();
    await lab.must(first, 'CHECK', 'kept', { netns: kept!, config: { prevResult: result } });
    await lab.must(first, 'DEL', 'kept', { netns: kept! });
    await lab.must(first, 'DEL', 'other-net', { netns: other!, config: { name: 'net2' } });
    await lab.must(second, 'DEL', 'elsewhere', { netns: elsewhere });
  });

  it('collects a container whose interface is another\'s by now, and leaves that one its own', async () => {
    await lab.must(first, 'ADD', 'my-container-1', { netns: await lab.sandbox(first, 'lost-1') });
    await lab.on(first)(['ip', 'netns', 'del', 'lost-1']);
    await eventually('the interface is gone', async () => (await lab.interfaces(first)).length === 0);
    const netns = await lab.sandbox(first, 'lost-2');
    const prevResult = await lab.must(first, 'ADD', 'my-container-2', { netns });
    await lab.must(first, 'GC', '', { config: { 'cni.dev/valid-attachments': [{ containerID: 'my-container-2', ifname: 'eth0' }] } });
    expect((await lab.endpoints()).map(({ spec }) => spec['containerID'])).to.deep.equal(['my-container-2']);
    await lab.must(first, 'CHECK', 'my-container-2', { netns, config: { prevResult } });
    await lab.must(first, 'DEL', 'my-container-2', { netns });
  });

  describe('STATUS', () => {
    let gate: Server;
    before(() => new Promise<void>((resolve) => void (gate = createServer((_, response) => void response.writeHead(503).end())).listen(0, '127.0.0.1', resolve)));
    after(() => gate.close());

    it('is good where an ADD would be', async () => {
      expect(await lab.must(first, 'STATUS', '')).to.deep.equal({});
    });

    it('says what is missing', async () => {
      expect((await lab.call(first, 'STATUS', '', { config: { nodename: 'nobody' } })).data).to.deep.equal({ code: 50, msg: 'there is no node nobody: calico-node has not started here yet' });
      expect((await lab.call(first, 'STATUS', '', { config: { nodename_file_optional: false, nodename_file: '/no/such/file' } })).data).to.include({ code: 50 });
      // The gate is on the machine, where the host does not reach it.
      expect((await lab.call(first, 'STATUS', '', { config: { readiness_gates: [`http://127.0.0.1:${(gate.address() as AddressInfo).port}/readiness`] } })).data).to.include({ code: 51 });
    });
  });
});
