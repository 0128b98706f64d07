import { expect } from 'chai';
import { ANY_CIDRS, usesPodCidrs, withPodCidrs } from '../../../src/cni/kubernetes/host-local.js';

const BOTH = { ipv4: '10.0.1.0/24', ipv6: 'fd00:1::/64' };

describe('host-local with the networks of the node', () => {
  it('has them at its top and in its ranges, and keeps all else', () => {
    expect(withPodCidrs({ type: 'host-local', subnet: 'usePodCidr', routes: [{ dst: '0.0.0.0/0' }] }, BOTH)).to.deep.equal({ type: 'host-local', subnet: '10.0.1.0/24', routes: [{ dst: '0.0.0.0/0' }] });
    const ranges = [[{ subnet: 'USEPODCIDR', rangeStart: '10.0.1.9' }, { subnet: '10.9.0.0/16' }], [{ subnet: 'usePodCidrIPv6' }]];
    expect(withPodCidrs({ ranges }, BOTH)).to.deep.equal({ ranges: [[{ subnet: '10.0.1.0/24', rangeStart: '10.0.1.9' }, { subnet: '10.9.0.0/16' }], [{ subnet: 'fd00:1::/64' }]] });
    expect(withPodCidrs({ ranges }, ANY_CIDRS)).to.deep.equal({ ranges: [[{ subnet: '0.0.0.0/0', rangeStart: '10.0.1.9' }, { subnet: '10.9.0.0/16' }], [{ subnet: '::/0' }]] });
  });

  it('says whether they are needed', () => {
    expect(usesPodCidrs({ subnet: 'usePodCidr' })).to.equal(true);
    expect(usesPodCidrs({ subnet: '10.0.0.0/8', ranges: [[{ subnet: 'usePodCidrIPv6' }]] })).to.equal(true);
    for (const ipam of [{}, { subnet: '10.0.0.0/8' }, { subnet: 'constructor' }, { ranges: [[{ subnet: '10.0.0.0/8' }]] }, { ranges: 'x' }, { ranges: ['x', ['y']] }, { subnet: 7 }]) expect(usesPodCidrs(ipam)).to.equal(false);
  });

  it('says which is not there', () => {
    expect(() => withPodCidrs({ subnet: 'usePodCidrIPv6' }, { ...BOTH, ipv6: undefined })).to.throw('ipam says usePodCidrIPv6, and the node has no IPv6 podCIDR in Kubernetes');
  });
});
