import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { eventually } from '../../../scripts/support/wait.js';
import { object, Scene, workload } from '../../dataplane/host/scene.js';
import { describeAsRoot } from '../../support/root.js';
import { AppliedHost } from './applied-host.js';

const MIGRATION = object('LiveMigration', 'm', { source: { workload: { orchestratorID: 'cni', workloadID: 'default/z' } }, target: { selector: "app == 'a'" } });

describeAsRoot('a workload that a live migration brings', () => {
  let host: AppliedHost;
  before(async () => {
    host = await AppliedHost.start(new Scene().with(workload('a', { ipNetworks: ['10.1.0.5'] }), workload('b', { ipNetworks: ['10.1.0.6'] }), MIGRATION));
    for (const name of ['calia', 'calib']) await host.addPair(name);
  });
  after(() => host.host.stop());

  const apply = async (): Promise<number | undefined> => {
    host.scene.seen = new Set(host.applier.seen);
    const { failures, dueAt } = await host.apply();
    expect([failures, host.warnings]).to.deep.equal([[], []]);
    return dueAt;
  };
  const announce = (address: string): Promise<unknown> => host.host.do('ip link set palia down', `ip address replace ${address}/32 dev palia`, 'ip link set palia up');

  it('has no route until it says where it is', async () => {
    host.host.writeSetting('net/ipv4/conf/palia/arp_notify', '1');
    expect(await apply()).to.equal(host.now + 200);
    expect(await host.routes()).to.deep.equal(['10.1.0.6 dev calib scope link metric 1024']);
    // Another address is no sign of it.
    await announce('10.1.0.9');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([await apply(), host.applier.seen.size]).to.deep.equal([host.now + 200, 0]);
    await host.host.do('ip address del 10.1.0.9/32 dev palia');
    await announce('10.1.0.5');
    await eventually('it is seen', async () => (await apply()) === host.now && host.applier.seen.has('wep:default/a'));
    // What a plugin may have made on the interfaces is looked for then.
    expect(await apply()).to.equal(host.now + 10_000);
    host.now += 10_000;
    expect(await apply()).to.equal(undefined);
    expect(await host.routes()).to.deep.equal(['10.1.0.5 dev calia scope link metric 512', '10.1.0.6 dev calib scope link metric 1024']);
    expect(await host.host.do('nft list ruleset')).to.equal('');
  });

  it('keeps its priority for a while when it is over', async () => {
    host.scene.without('LiveMigration');
    expect(await apply()).to.equal(host.now + 30_000);
    host.now += 30_000;
    expect(await apply()).to.equal(undefined);
    expect(await host.routes()).to.deep.equal(['10.1.0.5 dev calia scope link metric 1024', '10.1.0.6 dev calib scope link metric 1024']);
  });

  it('leaves nothing of an earlier run behind', async () => {
    host.scene.with(MIGRATION);
    host.scene.planner.plan({ objects: new Map(), blocks: [], links: [], now: host.now });
    await apply();
    expect(await host.host.do('nft list ruleset')).to.include('calico-arrivals');
    host.scene.without('LiveMigration');
    host.restart();
    await apply();
    expect(await host.host.do('nft list ruleset')).to.equal('');
  });

  it('a host without nft says that routes come late', async () => {
    host.pretended.set('nft', () => Promise.reject(new Error('spawn nft ENOENT')));
    host.scene.with(MIGRATION);
    host.scene.planner.plan({ objects: new Map(), blocks: [], links: [], now: host.now });
    host.restart();
    await host.apply();
    await host.apply();
    expect(host.warnings).to.deep.equal(['workloads that a live migration brings have routes only when it is over, as they cannot be seen before: spawn nft ENOENT']);
  });
});
