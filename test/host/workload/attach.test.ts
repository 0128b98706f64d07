import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import { runIn, type Run } from '../../../src/host/run.js';
import { attachWorkload } from '../../../src/host/workload/attach.js';
import type { WorkloadInterface } from '../../../src/host/workload/interface-plan.js';
import { sideOf } from '../../../src/host/workload/side.js';
import { parseCidr, parseIp } from '../../../src/net/address.js';
import { NetworkNamespace } from '../../support/network-namespace.js';
import { failureOfCommand } from '../../support/failures.js';

describe('a workload attached to its host', () => {
  let host: NetworkNamespace;
  let inside: NetworkNamespace;
  let onHost: Run;
  let within: Run;

  before(async () => {
    [host, inside] = await Promise.all([NetworkNamespace.start(), NetworkNamespace.start()]);
    onHost = runIn({ net: `/proc/${host.pid}/ns/net` });
    within = runIn({ net: `/proc/${inside.pid}/ns/net` });
    await onHost(['ip', '-batch', '-'], 'link add wire type veth peer name other\naddress add 192.0.2.1/24 dev wire\nlink set wire up\nlink set other up\nroute add default via 192.0.2.254\n');
  });

  afterEach(() => sideOf(onHost).remove('cali1'));

  after(() => {
    host.stop();
    inside.stop();
  });

  const attach = (more: Partial<WorkloadInterface> = {}): Promise<void> =>
    attachWorkload(sideOf(onHost), sideOf(within), { hostName: 'cali1', name: 'eth0', namespace: `/proc/${inside.pid}/ns/net`, addresses: ['10.0.0.7', 'fd00::7'].map((text) => parseIp(text)!), ...more });

  it('reaches its host in both families', async () => {
    await onHost(['ip', 'address', 'add', 'fd00:2::1/64', 'dev', 'wire', 'nodad']);
    await attach();
    await within(['ping', '-c', '1', '-W', '2', '192.0.2.1']);
    await within(['ping', '-c', '1', '-W', '2', 'fd00:2::1']);
  });

  it('has the settings of a workload on both sides, also where an engine turned IPv6 off', async () => {
    inside.writeSetting('net/ipv6/conf/all/disable_ipv6', '1');
    inside.writeSetting('net/ipv4/ip_forward', '1');
    await attach({ mtu: 1400, queues: 1 });
    const settings = (run: Run, ...paths: readonly string[]): Promise<string> => run(['cat', ...paths.map((path) => `/proc/sys/net/${path}`)]);
    expect(await settings(onHost, 'ipv4/conf/cali1/proxy_arp', 'ipv4/neigh/cali1/proxy_delay', 'ipv6/conf/cali1/proxy_ndp', 'ipv6/conf/cali1/accept_ra')).to.equal('1\n0\n1\n0\n');
    expect(await settings(within, 'ipv4/ip_forward', 'ipv6/conf/all/forwarding', 'ipv6/conf/eth0/disable_ipv6', 'ipv6/conf/eth0/accept_dad')).to.equal('0\n0\n0\n0\n');
    expect(await within(['ip', '-oneline', 'link', 'show', 'eth0'])).to.contain('mtu 1400');
    expect(await within(['ls', '/proc/sys/net/ipv4/conf'])).to.contain('eth0');
  });

  it('has only the destinations that were given', async () => {
    await attach({ destinations: [parseCidr('192.0.2.0/24')!] });
    const routes = await within(['ip', '-4', 'route', 'show', 'dev', 'eth0']);
    expect(routes.split('\n').map((line) => line.trim()).filter((line) => line !== '').sort()).to.deep.equal(['169.254.1.1 scope link', '192.0.2.0/24 via 169.254.1.1']);
  });

  it('takes the place of one that is there already', async () => {
    await attach({ addresses: [parseIp('10.0.0.6')!] });
    await attach();
    expect(await onHost(['ip', 'route', 'show', '10.0.0.6'])).to.equal('');
    expect(await onHost(['ip', 'route', 'show', '10.0.0.7'])).to.contain('dev cali1');
  });

  it('is content with a route that somebody else made to it meanwhile', async () => {
    const racing: Run = async (words, stdin) => {
      if (stdin?.includes('route add 10.0.0.7') === true) await onHost(['ip', '-batch', '-'], 'link set dev cali1 up\nroute add 10.0.0.7/32 dev cali1 scope link\n');
      return onHost(words, stdin);
    };
    await attachWorkload(sideOf(racing), sideOf(within), { hostName: 'cali1', name: 'eth0', namespace: `/proc/${inside.pid}/ns/net`, addresses: [parseIp('10.0.0.7')!, parseIp('fd00::7')!] });
    expect(await onHost(['ip', '-6', 'route', 'show', 'fd00::7'])).to.contain('dev cali1');
  });

  it('says where a route to its address leads to that is in the way', async () => {
    await onHost(['ip', 'route', 'add', '10.0.0.7/32', 'dev', 'wire']);
    try {
      const message = await failureOfCommand(attach());
      expect(message).to.equal('the host has a route to 10.0.0.7/32 already, which leads to wire and not to cali1');
    } finally {
      await onHost(['ip', 'route', 'del', '10.0.0.7/32', 'dev', 'wire']);
    }
  });

  it('says which step failed where the name inside is taken', async () => {
    await within(['ip', 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'other']);
    try {
      const message = await failureOfCommand(attach());
      expect(message).to.match(/link add cali1 .*: RTNETLINK answers: File exists/);
    } finally {
      await within(['ip', 'link', 'del', 'eth0']);
    }
  });
});
