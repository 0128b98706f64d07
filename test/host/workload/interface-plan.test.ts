import { expect } from 'chai';
import { describe, it } from 'mocha';
import { podInterfaceName } from '../../../src/host/workload/attach.js';
import { planInterface } from '../../../src/host/workload/interface-plan.js';
import { parseIp, type Ip } from '../../../src/net/address.js';

const ips = (...texts: string[]): Ip[] => texts.map((text) => parseIp(text)!);
const planned = (addresses: Ip[], more: object = {}) => planInterface({ hostName: 'cali1', name: 'eth0', namespace: 'w1', addresses, ...more });

describe('the interface of a workload', () => {
  it('is a pair whose end on the host has the address that all have', () => {
    expect(planned(ips('10.0.0.1')).pair).to.deep.equal(['link add cali1 address ee:ee:ee:ee:ee:ee type veth peer name eth0 netns w1']);
  });

  it('has the size and the address that were asked for', () => {
    expect(planned(ips('10.0.0.1'), { mtu: 1450, mac: '02:00:00:00:00:01' }).pair).to.deep.equal(['link add cali1 mtu 1450 address ee:ee:ee:ee:ee:ee type veth peer name eth0 mtu 1450 address 02:00:00:00:00:01 netns w1']);
  });

  it('leads to the host with IPv4 by an address that nobody has', () => {
    const { settings, inside, outside } = planned(ips('10.0.0.1'));
    expect(inside).to.deep.equal(['link set lo up', 'link set eth0 up', 'address add 10.0.0.1/32 dev eth0', 'route add 169.254.1.1 dev eth0 scope link', 'route add default via 169.254.1.1 dev eth0']);
    expect(outside).to.deep.equal(['link set cali1 up', 'route add 10.0.0.1/32 dev cali1 scope link']);
    expect(settings.map((each) => each.join('='))).to.deep.equal(['net/ipv4/conf/cali1/route_localnet=1', 'net/ipv4/neigh/cali1/proxy_delay=0', 'net/ipv4/conf/cali1/proxy_arp=1', 'net/ipv4/conf/cali1/forwarding=1', 'net/ipv6/conf/cali1/accept_ra=0']);
  });

  it('leads to the host with IPv6 by the link-local address of its end', () => {
    const { settings, inside, outside } = planned(ips('fd00::1'));
    expect(inside).to.deep.equal(['link set lo up', 'link set eth0 up', 'address add fd00::1/128 dev eth0 nodad', 'route add default via fe80::ecee:eeff:feee:eeee dev eth0']);
    expect(outside).to.deep.equal(['link set cali1 up', 'route add fd00::1/128 dev cali1']);
    expect(settings.map(([path]) => path)).to.deep.equal(['accept_ra', 'disable_ipv6', 'accept_dad', 'proxy_ndp', 'forwarding'].map((name) => `net/ipv6/conf/cali1/${name}`));
  });

  it('has both where a workload has addresses of both', () => {
    const { inside, outside } = planned(ips('10.0.0.1', 'fd00::1'));
    expect(inside).to.have.length(7);
    expect(outside).to.have.length(3);
  });

  it('has a name that follows from namespace and pod', () => {
    expect(podInterfaceName('default', 'frontend-1')).to.equal('cali798de850f6e');
  });
});
