import { expect } from 'chai';
import { describe, it } from 'mocha';
import { cutRules } from '../../src/lab/keeper/cuts.js';

const HOSTS = ['a', 'b', 'c'].map((name, at) => ({ name, number: at + 1 }));

describe('what is cut in a lab', () => {
  it('is nothing where there are no cuts: the rules of before go', () => {
    expect(cutRules([], HOSTS)).to.equal('table bridge lab\ndelete table bridge lab\n');
  });

  it('is all between hosts and the others, and what is outside, and nothing between them', () => {
    const rules = cutRules([{ hosts: ['a', 'c'], of: 'all' }], HOSTS);
    expect(rules).to.include('iifname { "host1", "host3" } oifname != { "host1", "host3" } drop; iifname != { "host1", "host3" } oifname { "host1", "host3" } drop;');
    expect(rules).to.include('chain input { type filter hook input priority 0; policy accept; iifname { "host1", "host3" } drop; }');
    expect(rules).to.include('chain output { type filter hook output priority 0; policy accept; oifname { "host1", "host3" } drop; }');
  });

  it('is etcd alone, or BGP alone, where that is asked for', () => {
    const etcd = cutRules([{ hosts: ['b'], of: 'etcd' }], HOSTS);
    expect(etcd.match(/[^;{]*drop/g)?.map((each) => each.trim())).to.have.length(2);
    expect(etcd).to.match(/iifname \{ "host2" \} tcp dport 2379 drop/).and.match(/oifname \{ "host2" \} tcp sport 2379 drop/);
    const bgp = cutRules([{ hosts: ['b'], of: 'bgp' }], HOSTS);
    expect(bgp.match(/tcp [ds]port 179 drop/g)).to.have.length(4);
    expect(bgp).to.not.include('2379');
  });

  it('adds up', () => {
    const both = cutRules([{ hosts: ['a'], of: 'etcd' }, { hosts: ['b'], of: 'all' }], HOSTS);
    expect(both).to.include('"host1"').and.to.include('"host2"');
  });
});
