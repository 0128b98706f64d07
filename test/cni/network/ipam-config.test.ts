import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Fields } from '../../../src/cni/fields.js';
import { readNetworkConfig } from '../../../src/cni/network-config.js';
import { ANY_NETWORKS, destinationsOf, podNetworkPlace, withIpam, withPodNetworks } from '../../../src/cni/network/ipam-config.js';
import type { NetworkCall } from '../../../src/cni/call.js';
import { formatCidr } from '../../../src/net/address.js';

const BOTH = { ipv4: '10.0.1.0/24', ipv6: 'fd00:1::/64' };

function callOf(ipam: object, more: object = {}): NetworkCall {
  return { version: '1.0.0', path: '', config: readNetworkConfig(new Fields({ name: 'net1', type: 'calico', ipam, ...more })) };
}

describe('networks of the node for host-local', () => {
  it('are put in at the top and in ranges, in any letter case', () => {
    expect(withPodNetworks({ type: 'host-local', subnet: 'usePodCidr', routes: [{ dst: '0.0.0.0/0' }] }, BOTH)).to.deep.equal({ type: 'host-local', subnet: '10.0.1.0/24', routes: [{ dst: '0.0.0.0/0' }] });
    const ranges = [[{ subnet: 'USEPODCIDR', rangeStart: '10.0.1.9' }, { subnet: '10.9.0.0/16' }], [{ subnet: 'usePodCidrIPv6' }]];
    expect(withPodNetworks({ ranges }, BOTH)).to.deep.equal({ ranges: [[{ subnet: '10.0.1.0/24', rangeStart: '10.0.1.9' }, { subnet: '10.9.0.0/16' }], [{ subnet: 'fd00:1::/64' }]] });
    expect(withPodNetworks({ ranges }, ANY_NETWORKS)).to.deep.equal({ ranges: [[{ subnet: '0.0.0.0/0', rangeStart: '10.0.1.9' }, { subnet: '10.9.0.0/16' }], [{ subnet: '::/0' }]] });
  });

  it('are missed where the node has none of a family', () => {
    expect(() => withPodNetworks({ subnet: '10.0.0.0/8', ranges: [[{ subnet: 'usePodCidrIPv6' }]] }, { ...BOTH, ipv6: undefined })).to.throw('ipam.ranges[0][0].subnet is "usePodCidrIPv6", but the node has no IPv6 network for pods in Kubernetes');
  });

  for (const { ipam, place } of [
    { ipam: { subnet: 'usePodCidr' }, place: 'ipam.subnet' },
    { ipam: { ranges: [[{ subnet: '10.0.0.0/8' }], [{ subnet: 'usepodcidripv6' }]] }, place: 'ipam.ranges[1][0].subnet' },
    { ipam: {}, place: undefined },
    { ipam: { subnet: 'constructor', ranges: 'x' }, place: undefined },
    { ipam: { subnet: 7, ranges: ['x', ['y', null]] }, place: undefined },
  ]) {
    it(`are asked for at ${place ?? 'no place'} of ${JSON.stringify(ipam)}`, () => {
      expect(podNetworkPlace(ipam)).to.equal(place);
    });
  }
});

describe('a call with other keys of ipam', () => {
  it('says so in the configuration that is read and the one that is handed on', () => {
    const call = callOf({ type: 'calico-ipam', assign_ipv6: 'true', other: 1 }, { mtu: 1400 });
    const changed = withIpam(call, { ipv4_pools: ['four'], assign_ipv6: 'false' });
    expect(changed.config.ipam.ipv4Pools).to.deep.equal(['four']);
    expect(changed.config.ipam.assignIpv6).to.equal(false);
    expect(changed.config.mtu).to.equal(1400);
    expect(changed.config.data).to.deep.equal({ name: 'net1', type: 'calico', mtu: 1400, ipam: { type: 'calico-ipam', assign_ipv6: 'false', other: 1, ipv4_pools: ['four'] } });
    expect(call.config.ipam.ipv4Pools).to.deep.equal([]);
  });
});

describe('where a workload gets to', () => {
  const shown = (call: NetworkCall, isPod: boolean): readonly string[] => destinationsOf(call, isPod).map(formatCidr);
  const routes = [{ dst: '10.0.0.0/8', gw: '10.0.0.1' }, { gw: '10.0.0.1' }, { dst: 'fd00::/8' }];

  it('is everywhere', () => {
    expect(shown(callOf({ type: 'calico-ipam', routes }), true)).to.deep.equal(['0.0.0.0/0', '::/0']);
    expect(shown(callOf({ type: 'host-local' }), true)).to.deep.equal(['0.0.0.0/0', '::/0']);
    expect(shown(callOf({ type: 'host-local', routes }), false)).to.deep.equal(['0.0.0.0/0', '::/0']);
  });

  it('is what host-local names for a pod, and everywhere besides where that is wanted', () => {
    expect(shown(callOf({ type: 'host-local', routes }), true)).to.deep.equal(['10.0.0.0/8', 'fd00::/8']);
    expect(shown(callOf({ type: 'host-local', routes }, { include_default_routes: true }), true)).to.deep.equal(['0.0.0.0/0', '::/0', '10.0.0.0/8', 'fd00::/8']);
  });

  it('is named by networks', () => {
    expect(() => shown(callOf({ type: 'host-local', routes: [{ dst: '10.0.0.300/8' }] }), true)).to.throw('ipam.routes[0].dst must be a network such as 10.0.0.0/8, not "10.0.0.300/8"');
    expect(() => shown(callOf({ type: 'host-local', routes: { dst: '10.0.0.0/8' } }), true)).to.throw('ipam.routes must be a list of maps, not a map');
  });
});
