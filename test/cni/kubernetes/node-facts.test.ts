import { expect } from 'chai';
import { podCidrsOf } from '../../../src/cni/kubernetes/node-facts.js';

function read(spec: unknown): unknown {
  try {
    return podCidrsOf('host1', { spec });
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the networks of a node for its pods', () => {
  it('one, or one of each family, in any order', () => {
    expect(read({ podCIDR: '10.0.1.0/24', podCIDRs: ['10.0.1.0/24'] })).to.deep.equal({ ipv4: '10.0.1.0/24', ipv6: undefined });
    expect(read({ podCIDRs: ['fd00:1::/64', '10.0.1.0/24'] })).to.deep.equal({ ipv4: '10.0.1.0/24', ipv6: 'fd00:1::/64' });
    // Kubernetes before 1.16 knows one only.
    expect(read({ podCIDR: 'fd00:1::/64' })).to.deep.equal({ ipv4: undefined, ipv6: 'fd00:1::/64' });
  });

  it('anything else is told', () => {
    expect(read({})).to.equal('the node host1 has no podCIDR in Kubernetes');
    expect(read({ podCIDRs: ['10.0.1.0'] })).to.equal('the node host1: the podCIDR "10.0.1.0" is not a network');
    expect(read({ podCIDRs: [1] })).to.equal('the node host1: the podCIDR 1 is not a network');
    expect(read({ podCIDRs: ['10.0.1.0/24', '10.0.2.0/24'] })).to.equal('the node host1 has several podCIDRs of one family');
    expect(read({ podCIDRs: 'x' })).to.equal('the node host1 cannot be read: spec.podCIDRs is not a list');
  });
});
