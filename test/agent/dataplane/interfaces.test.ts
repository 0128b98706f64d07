import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { eventually } from '../../../scripts/support/wait.js';
import { Interfaces } from '../../../src/agent/dataplane/interfaces.js';
import { Log } from '../../../src/text/log.js';
import { Scene, workload } from '../../dataplane/host/scene.js';
import { describeAsRoot } from '../../support/root.js';
import { AppliedHost } from '../kernel/applied-host.js';

describeAsRoot('the interfaces of a host, as its dataplane follows them', () => {
  const end = new AbortController();
  let host: AppliedHost;
  before(async () => (host = await AppliedHost.start(new Scene().with(workload('a', { ipNetworks: ['10.1.0.5'] })))));
  after(() => {
    end.abort();
    host.host.stop();
  });

  it('one that is down for a moment has its routes again at once', async () => {
    const down = new Set<string>();
    const interfaces = new Interfaces(new Log(() => undefined, 'test', 1), () => undefined, host.host.run);
    void interfaces.watch(end.signal);
    await eventually('they are read', () => interfaces.links !== undefined);
    await host.addPair('calia');
    await eventually('it is seen', () => interfaces.links?.find(({ name }) => name === 'calia')?.isUp);
    await host.apply();
    const before = interfaces.links;
    interfaces.takenDown();
    await host.host.run('sh', ['-c', 'ip link set calia down; ip link set calia up']);
    await eventually('its being down is told', () => {
      for (const name of interfaces.takenDown()) down.add(name);
      return down.has('calia');
    });
    await host.runs('calia');
    await eventually('it is as before', () => JSON.stringify(interfaces.links) === JSON.stringify(before));
    expect(await host.routes(), 'the kernel dropped it').to.deep.equal([]);
    for (const name of down) host.applier.forget(name);
    await host.apply();
    expect(await host.routes()).to.deep.equal(['10.1.0.5 dev calia scope link metric 1024']);
    expect([...interfaces.takenDown()]).to.deep.equal([]);
  });
});
