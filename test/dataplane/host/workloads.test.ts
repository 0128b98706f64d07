import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { StoredObject } from '../../../src/resources/kind.js';
import { ETH0, link, object, Scene, workload, type Spec } from './scene.js';

describe('routes to workloads', () => {
  it('lead to interfaces that are up, of both families', () => {
    const scene = new Scene().with(workload('a', { ipNetworks: ['10.1.0.5/32', '2001:db8:1::5/128'] }), workload('b', { ipNetworks: ['10.1.0.6'] }), workload('c', { ipNetworks: ['10.1.0.7'] }), workload('d', { ipNetworks: ['10.1.0.8'] }, 'n2'));
    scene.links = [ETH0, link('calia', 3), link('calib', 4, { isUp: false }), link('calid', 5)];
    expect(scene.routes()).to.deep.equal(['10.1.0.5/32 dev calia proto 3 scope link metric 1024', '2001:db8:1::5/128 dev calia proto 3 metric 1024']);
  });

  it('of an address that two have leads to the interface that came last, whatever the order of the endpoints', () => {
    for (const [first, second] of [[3, 4], [4, 3]] as const) {
      const scene = new Scene().with(workload('a', { ipNetworks: ['10.1.0.5'] }), workload('b', { ipNetworks: ['10.1.0.5'] }));
      scene.links = [link('calia', first), link('calib', second)];
      expect(scene.routes()).to.deep.equal([`10.1.0.5/32 dev ${first > second ? 'calia' : 'calib'} proto 3 scope link metric 1024`]);
    }
  });

  it('of two endpoints with one interface follow the first, and the other when that is gone', () => {
    const scene = new Scene().with(workload('b', { ipNetworks: ['10.1.0.6'], interfaceName: 'cali0' }), workload('a', { ipNetworks: ['10.1.0.5'], interfaceName: 'cali0' }));
    scene.links = [link('cali0', 3)];
    expect(scene.routes()).to.deep.equal(['10.1.0.5/32 dev cali0 proto 3 scope link metric 1024']);
    scene.without('WorkloadEndpoint').with(workload('b', { ipNetworks: ['10.1.0.6'], interfaceName: 'cali0' }));
    expect(scene.routes()).to.deep.equal(['10.1.0.6/32 dev cali0 proto 3 scope link metric 1024']);
  });

  it('to floating addresses are made where a setting or OpenStack wants them', () => {
    const nats = [{ internalIP: '10.1.0.5', externalIP: '203.0.113.5' }, { internalIP: '10.1.0.5', externalIP: 'nonsense' }];
    const routes = (settings: Record<string, string>, spec: Spec): readonly string[] => {
      const scene = new Scene().set(settings).with(workload('a', { ipNetworks: ['10.1.0.5'], ipNATs: nats, ...spec }));
      scene.links = [link('calia', 3)];
      return scene.routes().map((route) => route.split(' ')[0]!);
    };
    expect([routes({}, {}), routes({ FLOATINGIPS: 'Enabled' }, {}), routes({}, { orchestrator: 'openstack' })]).to.deep.equal([['10.1.0.5/32'], ['10.1.0.5/32', '203.0.113.5/32'], ['10.1.0.5/32', '203.0.113.5/32']]);
  });

  it('have neighbours where the MAC address is known, in IPv4 only', () => {
    const scene = new Scene().with(workload('a', { ipNetworks: ['10.1.0.5', '2001:db8:1::5'], mac: 'CA-FE-00-00-00-01' }));
    scene.links = [link('calia', 3)];
    const forged = workload('a', { ipNetworks: ['10.1.0.5'], mac: 'ca:fe:00:00:00:01 dev eth0\nroute add default dev calia' });
    expect([...scene.plan().neighbours.values()]).to.deep.equal([{ family: 4, device: 'calia', address: '10.1.0.5', mac: 'ca:fe:00:00:00:01' }]);
    expect([...scene.with(forged).plan().neighbours], 'what is no MAC address').to.deep.equal([]);
  });

  it('are nobody\'s where settings say so', () => {
    expect(new Scene().set({ ROUTESYNCDISABLED: 'true' }).plan().routes).to.equal(undefined);
  });
});

describe('live migration', () => {
  const migration = (target: Spec, source: Spec = { workload: { orchestratorID: 'cni', workloadID: 'default/z' } }): StoredObject => object('LiveMigration', 'm', { source, target });
  const endpoint = { workloadEndpoint: { hostname: 'n1', orchestratorID: 'cni', workloadID: 'default/a', endpointID: 'eth0' } };
  const scene = (target: Spec, source?: Spec): Scene => {
    const made = new Scene().with(workload('a', { ipNetworks: ['10.1.0.5'] }), migration(target, source));
    made.links = [link('calia', 3)];
    return made;
  };
  const metric = (made: Scene): number | undefined => [...made.plan().routes!.values()][0]?.metric;

  it('routes wait for the workload, are preferred while others learn of it, and are as all others then', () => {
    const made = scene(endpoint);
    expect([metric(made), made.plan().awaited]).to.deep.equal([undefined, [{ id: 'wep:default/a', device: 'calia', addresses: ['10.1.0.5'] }]]);
    made.seen.add('wep:default/a');
    expect([metric(made), made.plan().awaited]).to.deep.equal([512, []]);
    made.without('LiveMigration').now = 1000;
    expect([metric(made), made.plan().dueAt]).to.deep.equal([512, 31_000]);
    made.now = 30_999;
    expect(metric(made)).to.equal(512);
    made.now = 31_000;
    expect([metric(made), made.plan().dueAt]).to.deep.equal([1024, undefined]);
  });

  it('a migration that is over before anything was seen counts as done', () => {
    const made = scene({ selector: "app == 'a'" });
    expect(metric(made)).to.equal(undefined);
    made.without('LiveMigration');
    expect(metric(made)).to.equal(512);
  });

  it('the source, other hosts and other workloads go on', () => {
    expect(metric(scene({ selector: "app == 'b'" }))).to.equal(1024);
    expect(metric(scene({ workloadEndpoint: { ...endpoint.workloadEndpoint, hostname: 'n2' } }))).to.equal(1024);
    expect(metric(scene({ workloadEndpoint: { ...endpoint.workloadEndpoint, endpointID: 'eth1' } }))).to.equal(1024);
    expect(metric(scene({ selector: 'all()' }, endpoint))).to.equal(1024);
  });

  it('a workload that leaves again in its time of preference is as any other', () => {
    const made = scene(endpoint);
    made.seen.add('wep:default/a');
    expect(metric(made)).to.equal(512);
    made.with(migration({ selector: 'none == 1' }, endpoint));
    expect(metric(made)).to.equal(1024);
  });

  it('one that is deleted meanwhile begins anew when it is back', () => {
    const made = scene(endpoint);
    made.seen.add('wep:default/a');
    expect(metric(made)).to.equal(512);
    made.seen.clear();
    made.without('WorkloadEndpoint');
    expect(metric(made)).to.equal(undefined);
    made.with(workload('a', { ipNetworks: ['10.1.0.5'] }));
    expect(metric(made)).to.equal(undefined);
  });
});
