import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { HostInput } from '../../../src/dataplane/host/planner.js';
import type { Link } from '../../../src/dataplane/input.js';
import type { StoredObject } from '../../../src/resources/kind.js';
import { block, ETH0, link, node, pool, Scene, text, THREE_NODES, workload } from './scene.js';

describe('settings and MTU', () => {
  it('settings of an interface are written again when it was down, is another one, or its endpoint changed', () => {
    const scene = new Scene().with(workload('a', { ipNetworks: ['10.1.0.5'] }));
    scene.links = [link('calia', 3), link('calix', 4)];
    const first = scene.plan().settings;
    expect([...first.keys()]).to.deep.equal(['calia', 'calix']);
    scene.links = [link('calia', 3, { mtu: 1400 }), link('calix', 4)];
    expect([...scene.plan().settings.values()].map((list, at) => list === [...first.values()][at])).to.deep.equal([true, true]);
    scene.with(workload('a', { ipNetworks: ['10.1.0.6'] }));
    expect(scene.plan().settings.get('calia') === first.get('calia')).to.equal(false);
    const second = scene.plan().settings;
    scene.links = [link('calia', 3, { isUp: false }), link('calix', 5)];
    expect([...scene.plan().settings.keys()]).to.deep.equal(['calix']);
    expect(scene.plan().settings.get('calix') === second.get('calix')).to.equal(false);
    scene.links = [link('calia', 3), link('calix', 5)];
    expect(scene.plan().settings.get('calia') === second.get('calia')).to.equal(false);
  });

  it('a workload that may forge its source address is not checked; where it may not, it does not exist', () => {
    const forging = workload('a', { ipNetworks: ['10.1.0.5'], allowSpoofedSourcePrefixes: ['198.51.100.0/24'] });
    const check = (settings: Record<string, string>): readonly unknown[] => {
      const scene = new Scene().set(settings).with(forging);
      scene.links = [link('calia', 3)];
      return [scene.plan().settings.get('calia')!.find(({ path }) => path.endsWith('rp_filter'))?.value, scene.routes().length];
    };
    expect([check({ WORKLOADSOURCESPOOFING: 'Any' }), check({})]).to.deep.equal([['0', 1], ['1', 0]]);
  });

  it('the MTU is the least of interfaces that match and are up, or what it was before they went', () => {
    const scene = new Scene();
    const mtu = (...links: readonly Link[]): number => {
      scene.links = links;
      return scene.plan().workloadMtu;
    };
    expect(mtu(link('eth0', 2), link('ens3', 3, { mtu: 1400 }), link('tun0', 4, { mtu: 1300 }), link('eth1', 5, { mtu: 1280, isUp: false }))).to.equal(1400);
    expect(mtu()).to.equal(1400);
    expect(new Scene().set({ MTUIFACEPATTERN: '^tun' }).plan().workloadMtu).to.equal(1460);
  });
});

describe('bandwidth', () => {
  it('a peak rate keeps a packet\'s size at least', () => {
    const scene = new Scene().with(workload('a', { ipNetworks: ['10.1.0.5'], qosControls: { ingressBandwidth: 80_000_000, ingressBurst: 800_000, ingressPeakrate: 160_000_000, ingressMinburst: 100 } }));
    scene.links = [link('calia', 3)];
    expect(scene.plan().shaping.get('calia')).to.deep.equal({ device: 'calia', mtu: 1500, ingress: { rate: 10_000_000, buffer: 156_250, limit: 406_250, peak: { rate: 20_000_000, burst: 1514 } }, egress: undefined });
  });

  it('limits of packets alone shape nothing', () => {
    const scene = new Scene().with(workload('a', { ipNetworks: ['10.1.0.5'], qosControls: { ingressPacketRate: 5, ingressBandwidth: 7 } }));
    scene.links = [link('calia', 3)];
    expect(scene.plan().shaping.size).to.equal(0);
  });
});

describe('the cost of a change', () => {
  it('one of 250 workloads among 10,000 endpoints and 1,000 nodes touches nothing else', () => {
    const far = Array.from({ length: 9750 }, (_, at) => workload(`r${at}`, { ipNetworks: [`10.${100 + (at >> 8)}.${at & 255}.7`] }, `m${at % 1000}`));
    const near = Array.from({ length: 250 }, (_, at) => workload(`l${at}`, { ipNetworks: [`10.1.${at}.7`] }));
    const nodes = Array.from({ length: 1000 }, (_, at) => node(`m${at}`, { ipv4Address: `192.0.2.${at & 255}/24` }, { ipv4VXLANTunnelAddr: `10.${8 + (at >> 8)}.${at & 255}.0` }));
    const scene = new Scene().with(THREE_NODES[0]!, ...nodes, pool('p', '10.0.0.0/8', { vxlanMode: 'Always' }));
    scene.blocks = nodes.map((each, at) => block(`10.${8 + (at >> 8)}.${at & 255}.0/26`, each.metadata.name));
    scene.links = [ETH0, ...near.map((_, at) => link(`calil${at}`, 10 + at))];
    const input = (endpoints: readonly StoredObject[]): HostInput => ({ objects: new Map([['WorkloadEndpoint', endpoints], ['Node', [THREE_NODES[0]!, ...nodes]], ['IPPool', [pools]]]), blocks: scene.blocks, links: scene.links, now: 0 });
    const pools = pool('p', '10.0.0.0/8', { vxlanMode: 'Always' });
    const all = [...far, ...near];
    const before = scene.planner.plan(input(all));
    const changed = all.map((each) => (each === near[7] ? workload('l7', { ipNetworks: ['10.1.7.8'] }) : each));
    const after = scene.planner.plan(input(changed));
    expect(after.vxlan.get('vxlan.calico') === before.vxlan.get('vxlan.calico')).to.equal(true);
    const differ = [...after.routes!].filter(([key, route]) => before.routes!.get(key) !== route && text(route) !== text(before.routes!.get(key) ?? route));
    expect([after.routes!.size, differ.length, after.routes!.has('4 10.1.7.8/32'), after.routes!.has('4 10.1.7.7/32')]).to.deep.equal([1250, 0, true, false]);
    expect([...after.settings].filter(([name, list]) => before.settings.get(name) !== list).map(([name]) => name)).to.deep.equal(['calil7']);
    const started = performance.now();
    for (let turn = 0; turn < 20; turn++) scene.planner.plan(input(turn % 2 === 0 ? all : changed));
    expect((performance.now() - started) / 20, 'milliseconds a change').to.be.below(20);
  });
});
