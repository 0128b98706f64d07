import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { eventually } from '../../../scripts/support/wait.js';
import type { StoredObject } from '../../../src/resources/kind.js';
import { block, node, pool, Scene, workload } from '../../dataplane/host/scene.js';
import { describeAsRoot } from '../../support/root.js';
import { AppliedHost } from './applied-host.js';

const STORE: readonly StoredObject[] = [
  pool('p', '10.0.0.0/8', { vxlanMode: 'Always' }), pool('p6', 'fd80::/64', { vxlanMode: 'Always' }),
  ...[1, 2].map((at) => node(`n${at}`, { ipv4Address: `192.0.2.${at}/24`, ipv6Address: `2001:db8::${at}/64` }, { ipv4VXLANTunnelAddr: `10.${at}.0.0`, ipv6VXLANTunnelAddr: `fd80::${at}:0` })),
  ...[1, 2].map((at) => workload(`w${at}`, { ipNetworks: [`10.${at}.0.5`, `fd80::${at}:5`], interfaceName: 'cali0' }, `n${at}`)),
];
const BLOCKS = [1, 2].flatMap((at) => [block(`10.${at}.0.0/26`, `n${at}`), block(`fd80::${at}:0/122`, `n${at}`)]);

interface ShownDevice {
  readonly mtu: number;
  readonly address: string;
  readonly ifindex: number;
  readonly linkinfo: { readonly info_data: Readonly<Record<string, unknown>> };
  readonly addr_info: readonly { readonly local: string; readonly prefixlen: number }[];
}

describeAsRoot('VXLAN between two hosts', () => {
  let hosts: readonly AppliedHost[];
  before(async () => {
    hosts = await Promise.all([1, 2].map((at) => AppliedHost.start(new Scene(`n${at}`).with(...STORE))));
    const [a, b] = hosts as [AppliedHost, AppliedHost];
    for (const { scene } of hosts) scene.blocks = BLOCKS;
    await a.host.do(`ip link add eth0 type veth peer name eth0 netns ${b.host.pid}`);
    await Promise.all(hosts.map(async (each, at) => {
      await each.host.do('ip link set eth0 up', `ip address add 192.0.2.${at + 1}/24 dev eth0`, `ip -6 address add 2001:db8::${at + 1}/64 dev eth0 nodad`);
      await each.runs('eth0');
      await each.addPair('cali0');
      each.applier.begin();
    }));
  });
  after(() => hosts.forEach(({ host }) => host.stop()));

  const device = async ({ host }: AppliedHost, name = 'vxlan.calico'): Promise<ShownDevice> => (JSON.parse(await host.do(`ip -details -json address show dev ${name}`)) as ShownDevice[])[0]!;
  const ping = async ({ host }: AppliedHost, address: string): Promise<boolean> => (await host.run('ping', ['-c', '1', '-W', '1', address])).code === 0;

  it('carries packets of both families', async () => {
    for (const each of hosts) expect((await each.apply()).failures).to.deep.equal([]);
    const [a] = hosts as [AppliedHost];
    const shown = await device(a);
    expect([shown.mtu, shown.addr_info.filter(({ local }) => !local.startsWith('fe80')).map(({ local, prefixlen }) => `${local}/${prefixlen}`)]).to.deep.equal([1450, ['10.1.0.0/32']]);
    expect(shown.linkinfo.info_data).to.include({ id: 4096, port: 4789, local: '192.0.2.1', link: 'eth0', learning: false });
    expect(await a.routes()).to.deep.equal([
      '10.1.0.5 dev cali0 scope link metric 1024', '10.2.0.0/26 via 10.2.0.0 dev vxlan.calico onlink mtu 1450', 'blackhole 10.1.0.0/26 proto 80',
    ].sort());
    expect(await ping(a, '10.2.0.0')).to.equal(true);
    await eventually('IPv6 gets through', () => ping(a, 'fd80::2:0'));
  });

  it('is the same after another look and another start', async () => {
    const [a] = hosts as [AppliedHost];
    const before = (await device(a)).ifindex;
    for (const begin of [() => a.applier.refresh(), () => a.restart()]) {
      begin();
      a.ran.length = 0;
      expect((await a.apply()).failures).to.deep.equal([]);
      expect(a.ran.filter(({ command }) => command.includes('-batch'))).to.deep.equal([]);
    }
    expect((await device(a)).ifindex).to.equal(before);
  });

  it('is repaired: neighbours, entries of the FDB, addresses, MTU, the device itself', async () => {
    const [a] = hosts as [AppliedHost];
    const { fdb } = a.scene.plan().vxlan.get('vxlan.calico')!;
    await a.host.do(
      'ip neighbour del 10.2.0.0 dev vxlan.calico', `bridge fdb del ${fdb[0]!.mac} dev vxlan.calico dst 192.0.2.2 self`, 'bridge fdb add 66:00:00:00:00:99 dev vxlan.calico dst 192.0.2.99 self permanent',
      'ip neighbour add 10.9.9.9 lladdr 66:00:00:00:00:99 dev vxlan.calico nud permanent', 'ip address add 10.9.9.9/32 dev vxlan.calico', 'ip link set vxlan.calico mtu 1300', 'ip route add 10.9.0.0/24 dev vxlan.calico proto static',
    );
    a.applier.refresh();
    expect((await a.apply()).failures).to.deep.equal([]);
    const shown = await device(a);
    expect([shown.mtu, shown.addr_info.filter(({ local }) => local.startsWith('10.')).length]).to.deep.equal([1450, 1]);
    expect((await a.host.do('bridge fdb show dev vxlan.calico')).trim()).to.equal(`${fdb[0]!.mac} dst 192.0.2.2 self permanent`);
    expect((await a.host.do('ip neighbour show dev vxlan.calico nud permanent')).trim()).to.match(/^10\.2\.0\.0 lladdr \S+ PERMANENT$/);
    expect((await a.routes()).some((route) => route.includes('10.9.0.0'))).to.equal(false);
    await a.host.do('ip link del vxlan.calico');
    expect((await a.apply()).failures, 'a device that is gone is seen at once').to.deep.equal([]);
    expect(await ping(a, '10.2.0.0')).to.equal(true);
    await a.apply();
    await a.host.do('ip link set vxlan.calico down');
    expect((await a.apply()).failures, 'a device that was taken down').to.deep.equal([]);
    expect(await ping(a, '10.2.0.0')).to.equal(true);
    await a.apply();
    await a.host.do('ip link del vxlan.calico', 'ip link add vxlan.calico type ifb');
    expect((await a.apply()).failures, 'another device in its place').to.deep.equal([]);
    expect(await ping(a, '10.2.0.0')).to.equal(true);
  });

  it('another address of the other node takes its entry of the FDB along', async () => {
    const [a, b] = hosts as [AppliedHost, AppliedHost];
    const moved = node('n2', { ipv4Address: '192.0.2.22/24' }, { ipv4VXLANTunnelAddr: '10.2.0.0' });
    await b.host.do('ip address del 192.0.2.2/24 dev eth0', 'ip address add 192.0.2.22/24 dev eth0');
    for (const each of hosts) {
      each.scene.with(moved);
      expect((await each.apply()).failures).to.deep.equal([]);
    }
    expect((await device(b)).linkinfo.info_data).to.include({ local: '192.0.2.22' });
    expect(await ping(a, '10.2.0.0')).to.equal(true);
  });

  it('stays while the own tunnel address is gone, and goes with the last pool', async () => {
    const [a] = hosts as [AppliedHost];
    a.scene.with(node('n1', { ipv4Address: '192.0.2.1/24' }));
    expect((await a.apply()).failures).to.deep.equal([]);
    expect((await device(a)).mtu).to.equal(1450);
    expect(await a.routes()).to.deep.equal(['10.1.0.5 dev cali0 scope link metric 1024', 'blackhole 10.1.0.0/26 proto 80']);
    a.scene.without('IPPool');
    expect((await a.apply()).failures).to.deep.equal([]);
    expect((await a.host.do('ip -brief link show')).includes('calico')).to.equal(false);
    expect(await a.routes()).to.deep.equal(['10.1.0.5 dev cali0 scope link metric 1024']);
  });
});
