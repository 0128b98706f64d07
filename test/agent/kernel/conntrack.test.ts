import { expect } from 'chai';
import { after, before, beforeEach, it } from 'mocha';
import { eventually } from '../../../scripts/support/wait.js';
import { Scene, workload } from '../../dataplane/host/scene.js';
import { describeAsRoot } from '../../support/root.js';
import { AppliedHost } from './applied-host.js';

describeAsRoot('established connections of workloads', () => {
  let host: AppliedHost;
  let ends: readonly { readonly code: number; readonly stderr: string }[];
  before(async () => {
    host = await AppliedHost.start(new Scene().with(workload('a', { ipNetworks: ['10.1.0.5', 'fd80::5'] })));
    await host.addPair('calia');
    await host.addPair('calib');
    host.pretended.set('conntrack', async () => {
      const [end = { code: 0, stderr: '' }, ...rest] = ends;
      ends = rest;
      return { ...end, stdout: '' };
    });
    ends = [];
    await host.apply();
  });
  after(() => host.host.stop());
  beforeEach(() => void (host.ran.length = 0, host.warnings.length = 0, ends = []));

  const deletions = (): readonly string[] => host.ran.filter(({ command }) => command.startsWith('conntrack')).map(({ command }) => command);
  const both = (address: string, family = 'ipv4'): readonly string[] => ['--orig-src', '--reply-src'].map((direction) => `conntrack --family ${family} --delete ${direction} ${address}`);

  it('are forgotten before an address has a route to another interface', async () => {
    host.scene.without('WorkloadEndpoint').with(workload('b', { ipNetworks: ['10.1.0.5', 'fd80::5'] }));
    ends = [{ code: 1, stderr: 'conntrack v1.4.7: 0 flow entries have been deleted.' }];
    expect((await host.apply()).failures).to.deep.equal([]);
    expect([...deletions()].sort()).to.deep.equal([...both('10.1.0.5'), ...both('fd80::5', 'ipv6')].sort());
    const [first, ...rest] = host.ran.map(({ command, input }) => (command.startsWith('ip ') ? input : 'conntrack'));
    expect(first!.trim().split('\n').sort()).to.deep.equal(['route del 10.1.0.5/32 dev calia proto 3 metric 1024', 'route del fd80::5/128 dev calia proto 3 metric 1024']);
    expect(rest.at(-1)).to.include('route replace 10.1.0.5/32 dev calib').and.include('route replace fd80::5/128 dev calib');
    expect(host.warnings).to.deep.equal([]);
  });

  it('are not where a route stays on its interface with another priority', async () => {
    await host.host.do('ip route add 10.1.0.5/32 dev calib proto static');
    host.now += 20_000;
    host.applier.refresh();
    expect((await host.apply()).failures).to.deep.equal([]);
    expect(deletions()).to.deep.equal([]);
    expect(await host.routes()).to.deep.equal(['10.1.0.5 dev calib scope link metric 1024']);
  });

  it('are forgotten when a workload is gone, which nothing waits for; a new route for the address does', async () => {
    let end = (): void => undefined;
    const slow = new Promise<void>((resolve) => (end = resolve));
    const pretended = host.pretended.get('conntrack')!;
    host.pretended.set('conntrack', async (...args) => (await slow, pretended(...args)));
    const gone = workload('b', { ipNetworks: ['10.1.0.5'] });
    host.scene.without('WorkloadEndpoint');
    expect((await host.apply()).failures).to.deep.equal([]);
    host.scene.with(gone);
    let isApplied = false;
    const applied = host.apply().then(() => void (isApplied = true));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([isApplied, await host.routes()]).to.deep.equal([false, []]);
    end();
    await applied;
    expect(await host.routes()).to.deep.equal(['10.1.0.5 dev calib scope link metric 1024']);
    host.pretended.set('conntrack', pretended);
    expect([...deletions()].sort()).to.deep.equal([...both('10.1.0.5'), ...both('fd80::5', 'ipv6')].sort());
  });

  it('are forgotten with an interface that is gone', async () => {
    await host.host.do('ip link del calib');
    expect((await host.apply()).failures).to.deep.equal([]);
    await eventually('both directions', () => deletions().length === 2);
    expect(deletions()).to.deep.equal(both('10.1.0.5'));
    await host.addPair('calib');
    await host.apply();
  });

  it('are forgotten of an address that came to another workload while the agent was away', async () => {
    const [pretended, scene] = [host.pretended.get('conntrack')!, host.scene];
    scene.without('WorkloadEndpoint').with(workload('b', { ipNetworks: ['10.1.0.9'] }));
    await host.apply();
    await eventually('what went before is forgotten', () => deletions().length === 2);
    host.ran.length = 0;
    scene.with(workload('a', { ipNetworks: ['10.1.0.7', '10.1.0.8'] }));
    const there = ['7', '9'].map((at) => `udp 17 29 src=192.0.2.1 dst=10.1.0.${at} sport=1 dport=2 src=10.1.0.${at} dst=192.0.2.1 sport=2 dport=1 [ASSURED] mark=0 use=1`);
    host.pretended.set('conntrack', async (file, args, options) => {
      if (args.includes('--dump')) for (const line of there) options?.onLine?.(line, 'stdout');
      return pretended(file, args, options);
    });
    host.restart();
    expect((await host.apply()).failures).to.deep.equal([]);
    expect(deletions()).to.deep.equal(['conntrack --family ipv4 --dump', ...both('10.1.0.7')]);
    expect(host.ran.findIndex(({ input }) => input.includes('route replace 10.1.0.7/32'))).to.be.greaterThan(host.ran.findLastIndex(({ command }) => command.startsWith('conntrack')));
    host.pretended.set('conntrack', pretended);
    host.now += 20_000;
    scene.without('WorkloadEndpoint').with(workload('b', { ipNetworks: ['10.1.0.5'] }));
    await host.apply();
    await eventually('what went is forgotten', () => deletions().length === 9);
  });

  it('what cannot be forgotten is told after three tries', async () => {
    ends = Array.from({ length: 3 }, () => ({ code: 1, stderr: 'Operation failed: resource busy' }));
    host.scene.without('WorkloadEndpoint');
    await host.apply();
    await eventually('a warning', () => host.warnings.length > 0);
    expect(host.warnings).to.deep.equal(['the connections of 10.1.0.5 cannot be forgotten: conntrack --family ipv4 --delete --orig-src 10.1.0.5: Operation failed: resource busy']);
    await eventually('the other direction', () => deletions().length === 4);
  });

  it('a host without conntrack is told once', async () => {
    host.pretended.set('conntrack', () => Promise.reject(Object.assign(new Error('spawn conntrack ENOENT'), { code: 'ENOENT' })));
    for (const address of ['10.1.0.6', '10.1.0.7', '10.1.0.8']) {
      host.scene.without('WorkloadEndpoint').with(workload('a', { ipNetworks: [address] }));
      expect((await host.apply()).failures).to.deep.equal([]);
    }
    await eventually('a warning', () => host.warnings.length > 0);
    expect(host.warnings).to.deep.equal(['there is no program conntrack on this host: connections to workloads that went or moved end only when they time out']);
  });
});
