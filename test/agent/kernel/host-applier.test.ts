import { expect } from 'chai';
import { after, before, beforeEach, it } from 'mocha';
import { describeAsRoot } from '../../support/root.js';
import { block, Scene, node, pool, workload } from '../../dataplane/host/scene.js';
import { AppliedHost } from './applied-host.js';

const WEB = workload('a', { ipNetworks: ['10.1.0.5', 'fd80::5'], mac: 'ca:fe:00:00:00:01' });
const ROUTE = '10.1.0.5 dev calia scope link metric 1024';

describeAsRoot('the kernel of a host, netfilter aside', () => {
  let host: AppliedHost;
  before(async () => (host = await AppliedHost.start(new Scene())));
  after(() => host.host.stop());
  beforeEach(() => void (host.ran.length = 0));

  it('gets what is planned for a workload', async () => {
    await host.host.do('ip link add eth0 type veth peer name far', 'ip link set far up', 'ip link set eth0 up', 'ip address add 192.0.2.1/24 dev eth0');
    await host.runs('eth0');
    await host.addPair('calia');
    await host.host.do('ip route add 198.51.100.0/24 via 192.0.2.9 proto static', 'ip neighbour add 192.0.2.7 lladdr ca:fe:00:00:00:07 dev eth0');
    expect(host.applier.begin()).to.deep.equal([]);
    host.scene.with(WEB);
    expect((await host.apply()).failures).to.deep.equal([]);
    expect(await host.routes()).to.deep.equal([ROUTE, '198.51.100.0/24 via 192.0.2.9 dev eth0 proto static']);
    expect(await host.routes(6)).to.deep.equal(['fd80::5 dev calia metric 1024']);
    expect(await host.host.do('ip neighbour show dev calia nud permanent')).to.match(/^10\.1\.0\.5 lladdr ca:fe:00:00:00:01 PERMANENT\s*$/);
    expect(await Promise.all(['ip_forward', 'conf/calia/proxy_arp', 'conf/calia/rp_filter', 'neigh/calia/proxy_delay'].map((name) => host.setting(`net/ipv4/${name}`)))).to.deep.equal(['1', '1', '1', '0']);
    expect(await host.setting('net/ipv6/conf/calia/proxy_ndp')).to.equal('1');
  });

  it('runs nothing while nothing changes', async () => {
    expect((await host.apply()).failures).to.deep.equal([]);
    expect(host.ran.map(({ command }) => command)).to.deep.equal([]);
  });

  it('one process does what one change takes', async () => {
    await host.addPair('calib');
    host.scene.with(workload('b', { ipNetworks: ['10.1.0.6'] }));
    expect((await host.apply()).failures).to.deep.equal([]);
    expect(host.ran.map(({ command, input }) => `${command}: ${input}`)).to.deep.equal(['ip -force -batch -: route replace 10.1.0.6/32 dev calib proto 3 scope link metric 1024\n']);
  });

  it('is put right at the next look, and what others have is left alone', async () => {
    await host.host.do('ip route del 10.1.0.5/32 dev calia', 'ip route replace 10.1.0.6/32 dev calib metric 1024 proto static', 'ip neighbour del 10.1.0.5 dev calia', 'ip route add blackhole 10.77.0.0/26 proto 80', 'ip route add blackhole 10.78.0.0/26 proto static');
    expect((await host.apply()).failures).to.deep.equal([]);
    expect(host.ran).to.deep.equal([]);
    host.applier.refresh();
    expect((await host.apply()).failures).to.deep.equal([]);
    expect(await host.routes()).to.deep.equal([ROUTE, '10.1.0.6 dev calib scope link metric 1024', '198.51.100.0/24 via 192.0.2.9 dev eth0 proto static', 'blackhole 10.78.0.0/26 proto static']);
    expect(await host.host.do('ip neighbour show nud permanent')).to.include('10.1.0.5 dev calia').and.include('192.0.2.7 dev eth0');
  });

  it('a plugin\'s routes on a workload\'s interface stay for ten seconds after it was seen first, others\' do not', async () => {
    await host.addPair('calic');
    await host.host.do('ip route add 10.1.0.7/32 dev calic', 'ip route add 10.1.0.99/32 dev calia proto static');
    host.scene.with(workload('c', { ipNetworks: ['10.1.0.7'] }));
    const first = host.now;
    host.applier.refresh();
    expect((await host.apply()).dueAt).to.equal(first + 10_000);
    expect((await host.routes()).filter((route) => /calic|\.99/.test(route))).to.deep.equal(['10.1.0.7 dev calic scope link', '10.1.0.7 dev calic scope link metric 1024']);
    host.now = first + 10_000;
    expect((await host.apply()).dueAt).to.equal(undefined);
    expect((await host.routes()).filter((route) => /calic|\.99/.test(route))).to.deep.equal(['10.1.0.7 dev calic scope link metric 1024']);
    expect(await host.host.do('ip -6 route show dev calia'), 'what the kernel made').to.include('fe80::/64 proto kernel');
  });

  it('finds a plugin\'s route that was made after the last look when the ten seconds are over', async () => {
    await host.addPair('calie');
    host.scene.with(workload('e', { ipNetworks: ['10.1.0.8'] }));
    const first = host.now;
    expect((await host.apply()).dueAt).to.equal(first + 10_000);
    await host.host.do('ip route add 10.1.0.8/32 dev calie');
    host.now = first + 9_999;
    expect((await host.apply()).dueAt).to.equal(first + 10_000);
    expect((await host.routes()).filter((route) => route.includes('calie'))).to.have.length(2);
    host.now = first + 10_000;
    expect((await host.apply()).dueAt).to.equal(undefined);
    expect((await host.routes()).filter((route) => route.includes('calie'))).to.deep.equal(['10.1.0.8 dev calie scope link metric 1024']);
    await host.host.do('ip link del calie');
  });

  it('after a start what an earlier run made goes: on workloads\' interfaces later, all else at once', async () => {
    await host.host.do('ip route add blackhole 10.77.0.0/26 proto 80');
    host.scene.without('WorkloadEndpoint').with(WEB);
    host.restart();
    expect((await host.apply()).failures).to.deep.equal([]);
    expect(await host.routes()).to.deep.equal([ROUTE, '10.1.0.6 dev calib scope link metric 1024', '10.1.0.7 dev calic scope link metric 1024', '198.51.100.0/24 via 192.0.2.9 dev eth0 proto static', 'blackhole 10.78.0.0/26 proto static']);
    host.now += 10_000;
    await host.apply();
    expect((await host.routes()).filter((route) => route.includes('cali'))).to.deep.equal([ROUTE]);
  });

  it('routes and settings are made again on an interface that was down, and on one that is new', async () => {
    await host.host.do('ip link set calia down');
    expect((await host.apply()).failures).to.deep.equal([]);
    host.host.writeSetting('net/ipv4/conf/calia/proxy_arp', '0');
    await host.host.do('ip link set calia up');
    await host.runs('calia');
    expect((await host.apply()).failures).to.deep.equal([]);
    expect([(await host.routes()).includes(ROUTE), await host.setting('net/ipv4/conf/calia/proxy_arp')]).to.deep.equal([true, '1']);
    await host.host.do('ip link del calia');
    await host.addPair('calia');
    expect((await host.apply()).failures).to.deep.equal([]);
    expect([(await host.routes()).includes(ROUTE), await host.setting('net/ipv4/conf/calia/proxy_arp')]).to.deep.equal([true, '1']);
    expect(await host.host.do('ip neighbour show dev calia nud permanent')).to.include('10.1.0.5');
  });

  it('an interface that was down for a moment that nobody saw is made good when that is told', async () => {
    await host.host.do('ip link set calia down', 'ip link set calia up');
    await host.runs('calia');
    expect((await host.routes()).includes(ROUTE)).to.equal(false);
    host.applier.forget('calia');
    await host.apply();
    expect((await host.routes()).includes(ROUTE)).to.equal(true);
  });

  it('what fails is told, and tried again', async () => {
    await host.apply();
    await host.host.do('ip link set calia down');
    // The plan was made before the interface went down.
    host.applier.forget('calia');
    const late = await host.applier.apply(host.scene.plan());
    expect(late.failures.some((failure) => /^ip route replace 10\.1\.0\.5\/32 dev calia .*: .*not up/i.test(failure)), late.failures.join('\n')).to.equal(true);
    await host.host.do('ip link set calia up');
    await host.runs('calia');
    expect((await host.apply()).failures).to.deep.equal([]);
    expect((await host.routes()).includes(ROUTE)).to.equal(true);
  });

  it('a host without ip is told about it', async () => {
    host.restart();
    host.pretended.set('ip', () => Promise.reject(new Error('spawn ip ENOENT')));
    expect((await host.applier.apply(host.scene.plan())).failures).to.deep.equal(['spawn ip ENOENT']);
    host.pretended.clear();
    expect((await host.apply()).failures).to.deep.equal([]);
  });

  it('addresses towards local peers come and go', async () => {
    host.scene.with(workload('a', { ipNetworks: ['10.1.0.5'] }));
    await host.apply();
    host.scene.with({ ...node('x', {}), kind: 'BGPPeer', spec: { localWorkloadSelector: "app == 'a'" } }, { ...node('default', {}), kind: 'BGPConfiguration', spec: { localWorkloadPeeringIPV4: '169.254.77.1', localWorkloadPeeringIPV6: 'fd55::1' } });
    expect((await host.apply()).failures).to.deep.equal([]);
    const addresses = async (): Promise<readonly string[]> => (await host.json<{ addr_info: { local: string; prefixlen: number }[] }[]>('ip -json address show dev calia'))[0]!.addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`).filter((each) => !each.startsWith('fe80'));
    expect(await addresses()).to.deep.equal(['169.254.77.1/32', 'fd55::1/128']);
    host.scene.without('BGPPeer');
    host.restart();
    expect((await host.apply()).failures).to.deep.equal([]);
    expect(await addresses()).to.deep.equal([]);
  });

  it('routes that settings take out of our hands stay as they are', async () => {
    const other = new Scene().set({ ROUTESYNCDISABLED: 'true' });
    const another = await AppliedHost.start(other);
    await another.addPair('calia');
    await another.host.do('ip route add 10.1.0.99/32 dev calia proto static', 'ip route add blackhole 10.77.0.0/26 proto 80');
    other.with(WEB, pool('p', '10.0.0.0/8', { vxlanMode: 'Always' })).blocks = [block('10.1.0.0/26', 'n1')];
    another.now += 20_000;
    expect((await another.apply()).failures).to.deep.equal([]);
    expect(await another.routes()).to.deep.equal(['10.1.0.99 dev calia proto static scope link', 'blackhole 10.77.0.0/26 proto 80']);
    another.host.stop();
  });
});
