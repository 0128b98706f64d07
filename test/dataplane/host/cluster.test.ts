import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { BlockOwner } from '../../../src/dataplane/input.js';
import { block, BLOCKS, ETH0, link, node, pool, Scene, THREE_NODES, workload, type Spec } from './scene.js';

describe('routes between hosts', () => {
  const scene = (spec: Spec, blocks: readonly BlockOwner[] = BLOCKS): Scene => {
    const made = new Scene().with(...THREE_NODES, pool('p', '10.0.0.0/8', spec));
    made.blocks = blocks;
    return made;
  };

  it('through VXLAN, always', () => {
    expect(scene({ vxlanMode: 'Always' }).routes()).to.deep.equal([
      '10.2.0.0/26 via 10.2.0.0 dev vxlan.calico onlink proto 3 mtu 1450', '10.3.0.0/26 via 10.3.0.0 dev vxlan.calico onlink proto 3 mtu 1450', 'blackhole 10.1.0.0/26 proto 80',
    ]);
  });

  it('through VXLAN to other networks only', () => {
    expect(scene({ vxlanMode: 'CrossSubnet' }).routes()).to.deep.equal([
      '10.2.0.0/26 via 192.0.2.2 dev eth0 onlink proto 80', '10.3.0.0/26 via 10.3.0.0 dev vxlan.calico onlink proto 3 mtu 1450', 'blackhole 10.1.0.0/26 proto 80',
    ]);
  });

  it('with another protocol and a source address', () => {
    const made = scene({ vxlanMode: 'CrossSubnet' }).set({ DEVICEROUTEPROTOCOL: '99', DEVICEROUTESOURCEADDRESS: '192.0.2.1' });
    expect(made.routes()).to.deep.equal([
      '10.2.0.0/26 via 192.0.2.2 dev eth0 onlink proto 99 src 192.0.2.1', '10.3.0.0/26 via 10.3.0.0 dev vxlan.calico onlink proto 99 src 192.0.2.1 mtu 1450', 'blackhole 10.1.0.0/26 proto 99 src 192.0.2.1',
    ]);
  });

  it('to borrowed addresses, but not to those that workloads of this host borrowed', () => {
    const blocks = [block('10.1.0.0/26', 'n1', { n2: ['10.1.0.9'] }), block('10.2.0.0/26', 'n2', { n1: ['10.2.0.9'], n3: ['10.2.0.10'] }), block('10.9.0.0/26', undefined, { n3: ['10.9.0.1'], n1: ['10.9.0.2'] })];
    expect(scene({ vxlanMode: 'Always' }, blocks).routes().map((route) => route.split(' dev')[0])).to.deep.equal([
      '10.1.0.9/32 via 10.2.0.0', '10.2.0.0/26 via 10.2.0.0', '10.2.0.10/32 via 10.3.0.0', '10.9.0.1/32 via 10.3.0.0', 'blackhole 10.1.0.0/26 proto 80',
    ]);
  });

  it('to tunnel addresses that no block of their node holds', () => {
    expect(scene({ vxlanMode: 'Always' }, [block('10.2.0.0/32', 'n2'), block('10.3.0.0/26', 'n2', { n3: ['10.3.0.0'] })]).routes()).to.deep.equal([
      '10.2.0.0/32 dev vxlan.calico proto 3 scope link mtu 1450', '10.3.0.0/26 via 10.2.0.0 dev vxlan.calico onlink proto 3 mtu 1450', '10.3.0.0/32 dev vxlan.calico proto 3 scope link mtu 1450',
    ]);
  });

  it('own blocks of one address are no blackholes', () => {
    expect(scene({ vxlanMode: 'Always' }, [block('10.1.0.0/32', 'n1'), block('10.1.0.2/31', 'n1')]).routes()).to.deep.equal(['blackhole 10.1.0.2/31 proto 80']);
  });

  it('without encapsulation only where they are Felix\'s', () => {
    expect(scene({}).routes()).to.deep.equal([]);
    expect(scene({}).set({ PROGRAMCLUSTERROUTES: 'Enabled' }).routes()).to.deep.equal([
      '10.2.0.0/26 via 192.0.2.2 dev eth0 onlink proto 80', '10.3.0.0/26 via 198.51.100.3 dev eth0 onlink proto 80', 'blackhole 10.1.0.0/26 proto 80',
    ]);
  });

  it('the narrowest pool counts, disabled or not; outside of pools there are none', () => {
    const made = scene({ vxlanMode: 'Always' }).with(pool('q', '10.2.0.0/16'), pool('r', '10.3.0.0/16', { vxlanMode: 'Always', disabled: true }));
    made.blocks = [...BLOCKS, block('172.16.0.0/26', 'n2')];
    expect(made.routes()).to.deep.equal(['10.3.0.0/26 via 10.3.0.0 dev vxlan.calico onlink proto 3 mtu 1450', 'blackhole 10.1.0.0/26 proto 80']);
  });

  it('IPIP is refused in one sentence, and the rest goes on', () => {
    const state = scene({ ipipMode: 'Always' }).plan();
    expect([state.routes!.size, state.workloadMtu, state.refused]).to.deep.equal([0, 1480, ['this agent has no IPIP: the pools p would need it; use VXLAN, or no encapsulation']]);
    expect(scene({ ipipMode: 'Always' }).set({ IPINIPENABLED: 'false' }).plan().refused).to.deep.equal([]);
  });

  it('follow endpoints where settings say so', () => {
    const made = scene({ vxlanMode: 'Always' }).set({ ROUTESOURCE: 'WorkloadIPs' }).with(workload('a', { ipNetworks: ['10.2.0.5'] }, 'n2'), workload('b', { ipNetworks: ['10.1.0.5'] }));
    expect(made.routes()).to.deep.equal(['10.2.0.5/32 via 10.2.0.0 dev vxlan.calico onlink proto 3 mtu 1450']);
  });

  it('a route to a workload of this host counts more than one to another host', () => {
    const made = scene({ vxlanMode: 'Always' }, [block('10.1.0.0/26', 'n1', { n2: ['10.1.0.9'] })]).with(workload('a', { ipNetworks: ['10.1.0.9'] }));
    made.links = [ETH0, link('calia', 3)];
    expect(made.routes()).to.deep.equal(['10.1.0.9/32 dev calia proto 3 scope link metric 1024', 'blackhole 10.1.0.0/26 proto 80']);
  });

  it('the device stands and falls with the own tunnel address and the interface', () => {
    const device = (change: (made: Scene) => unknown): unknown => {
      const made = scene({ vxlanMode: 'Always' });
      change(made);
      const { vxlan } = made.plan();
      return vxlan.has('vxlan.calico') ? (vxlan.get('vxlan.calico')?.local ?? 'none yet') : 'none';
    };
    expect(device(() => undefined)).to.equal('192.0.2.1');
    expect(device((made) => made.with(node('n1', { ipv4Address: '192.0.2.1/24' })))).to.equal('none yet');
    expect(device((made) => (made.links = []))).to.equal('none yet');
    expect(device((made) => made.set({ VXLANENABLED: 'false' }))).to.equal('none');
    expect(device((made) => made.with(pool('p', '10.0.0.0/8')))).to.equal('none');
    expect(device((made) => made.with(pool('p', '10.0.0.0/8')).set({ VXLANENABLED: 'true' }))).to.equal('192.0.2.1');
  });

  it('MAC addresses are those of the Nodes, else follow from their names', () => {
    const made = scene({ vxlanMode: 'Always' }).with(node('n2', { ipv4Address: '192.0.2.2/24' }, { ipv4VXLANTunnelAddr: '10.2.0.0', vxlanTunnelMACAddr: '66:00:00:00:00:02' }), node('n4', { ipv4Address: '192.0.2.4/24' }), node('n3', { ipv4Address: '198.51.100.3/24' }, { ipv4VXLANTunnelAddr: '10.3.0.0', vxlanTunnelMACAddr: '66:00 dst 192.0.2.9' }));
    const device = made.plan().vxlan.get('vxlan.calico')!;
    expect(device.fdb.map(({ mac, destination }) => `${mac} ${destination}`).sort()).to.deep.equal(['66:00:00:00:00:02 192.0.2.2', '66:26:c2:ce:28:d0 198.51.100.3'].sort());
    expect(device.neighbours.map(({ address }) => address).sort()).to.deep.equal(['10.2.0.0', '10.3.0.0']);
  });
});
