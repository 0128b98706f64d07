import { expect } from 'chai';
import { describe, it } from 'mocha';
import { containerInterfaceName, podInterfaceName } from '../../../src/host/workload/attach.js';
import { planInterface } from '../../../src/host/workload/interface-plan.js';
import { parseCidr, parseIp, type Cidr, type Ip } from '../../../src/net/address.js';

const ips = (...texts: string[]): Ip[] => texts.map((text) => parseIp(text)!);
const cidrs = (...texts: string[]): Cidr[] => texts.map((text) => parseCidr(text)!);
const texts = (settings: readonly (readonly [string, string])[]): string[] => settings.map((each) => each.join('='));
const planned = (addresses: Ip[], more: object = {}) => planInterface({ hostName: 'cali1', name: 'eth0', namespace: 'w1', addresses, ...more });

describe('the interface of a workload', () => {
  it('is a pair whose end on the host has the address that all have', () => {
    expect(planned(ips('10.0.0.1')).pair).to.deep.equal(['link add cali1 address ee:ee:ee:ee:ee:ee type veth peer name eth0 netns w1']);
  });

  it('has the size and the address that were asked for', () => {
    expect(planned(ips('10.0.0.1'), { mtu: 1450, mac: '02:00:00:00:00:01' }).pair).to.deep.equal(['link add cali1 mtu 1450 address ee:ee:ee:ee:ee:ee type veth peer name eth0 mtu 1450 address 02:00:00:00:00:01 netns w1']);
  });

  it('has as many queues as were asked for, at both ends', () => {
    expect(planned(ips('10.0.0.1'), { queues: 2 }).pair[0]).to.equal('link add cali1 numtxqueues 2 numrxqueues 2 address ee:ee:ee:ee:ee:ee type veth peer name eth0 numtxqueues 2 numrxqueues 2 netns w1');
  });

  it('leads to the host with IPv4 by an address that nobody has', () => {
    const { inside, outside } = planned(ips('10.0.0.1'));
    expect(inside.lines).to.deep.equal(['link set lo up', 'link set dev eth0 up', 'address add 10.0.0.1/32 dev eth0', 'route add 169.254.1.1 dev eth0 scope link', 'route add default via 169.254.1.1 dev eth0']);
    expect(texts(inside.settings)).to.deep.equal(['net/ipv4/ip_forward=0']);
    expect(outside.lines).to.deep.equal(['link set dev cali1 up', 'route add 10.0.0.1/32 dev cali1 scope link']);
    expect(texts(outside.settings)).to.deep.equal(['net/ipv4/conf/cali1/route_localnet=1', 'net/ipv4/neigh/cali1/proxy_delay=0', 'net/ipv4/conf/cali1/proxy_arp=1', 'net/ipv4/conf/cali1/forwarding=1', 'net/ipv6/conf/cali1/accept_ra=0']);
  });

  it('leads to the host with IPv6 by the link-local address of its end', () => {
    const { inside, outside } = planned(ips('fd00::1'));
    expect(inside.lines).to.deep.equal(['link set lo up', 'link set dev eth0 up', 'address add fd00::1/128 dev eth0 nodad', 'route add default via fe80::ecee:eeff:feee:eeee dev eth0']);
    expect(texts(inside.settings)).to.deep.equal(['all/disable_ipv6=0', 'default/disable_ipv6=0', 'lo/disable_ipv6=0', 'eth0/accept_dad=0', 'all/forwarding=0'].map((text) => `net/ipv6/conf/${text}`));
    expect(outside.lines).to.deep.equal(['link set dev cali1 up', 'route add fd00::1/128 dev cali1']);
    expect(texts(outside.settings)).to.deep.equal(['accept_ra=0', 'addr_gen_mode=0', 'disable_ipv6=0', 'accept_dad=0', 'proxy_ndp=1', 'forwarding=1'].map((text) => `net/ipv6/conf/cali1/${text}`));
  });

  it('has both where a workload has addresses of both', () => {
    const { inside, outside } = planned(ips('10.0.0.1', 'fd00::1'));
    expect(inside.lines).to.have.length(7);
    expect(outside.lines).to.have.length(3);
  });

  it('forwards packets of others where that was asked for', () => {
    expect(texts(planned(ips('10.0.0.1', 'fd00::1'), { forwards: true }).inside.settings)).to.include.members(['net/ipv4/ip_forward=1', 'net/ipv6/conf/all/forwarding=1']);
  });

  for (const { given, expected } of [
    { given: cidrs('10.0.0.0/8', '10.1.2.3/16'), expected: ['10.0.0.0/8 via 169.254.1.1', '10.1.0.0/16 via 169.254.1.1'] },
    { given: cidrs('0.0.0.0/0', '::/0', '0.0.0.0/0'), expected: ['default via 169.254.1.1', 'default via fe80::ecee:eeff:feee:eeee'] },
    { given: cidrs('fd00::/8'), expected: ['fd00::/8 via fe80::ecee:eeff:feee:eeee'] },
    { given: [], expected: [] },
  ]) {
    it(`leads to ${given.length} destinations that were given: ${expected.join(', ')}`, () => {
      const lines = planned(ips('10.0.0.1', 'fd00::1'), { destinations: given }).inside.lines.filter((line) => line.includes(' via '));
      expect(lines).to.deep.equal(expected.map((each) => `route add ${each} dev eth0`));
    });
  }

  it('has a name that follows from namespace and pod', () => {
    expect(podInterfaceName('default', 'frontend-1')).to.equal('cali798de850f6e');
  });

  it('has a name that follows from the id of a container', () => {
    expect(containerInterfaceName('8b53639f152c8fc6ef30')).to.equal('cali8b53639f152');
    expect(containerInterfaceName('abc')).to.equal('caliabc');
  });
});
