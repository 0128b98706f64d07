import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { listLinks, watchLinks, type HostLink } from '../../src/host/links.js';
import { eventually } from '../../scripts/support/wait.js';
import { NetworkNamespace } from '../support/network-namespace.js';
import { describeAsRoot } from '../support/root.js';

describeAsRoot('the interfaces of a host', () => {
  let host: NetworkNamespace;
  before(async () => (host = await NetworkNamespace.start()));
  after(() => host.stop());

  const find = async (name: string): Promise<HostLink | undefined> => (await listLinks(host.run)).find((link) => link.name === name);

  it('are listed with what the kernel says of them', async () => {
    await host.do('ip link add eth0 address ee:ee:ee:00:00:01 mtu 1400 type veth peer name other', 'ip address add 10.0.0.1/24 dev eth0', 'ip -6 address add fd00::1/64 dev eth0 nodad');
    expect(await find('eth0')).to.include({ name: 'eth0', isUp: false, mac: 'ee:ee:ee:00:00:01', mtu: 1400 });
    await host.do('ip link set eth0 up');
    expect((await find('eth0'))?.isUp, 'without its other end').to.equal(false);
    await host.do('ip link set other up');
    // The kernel takes its time to say so.
    await eventually('it runs', async () => (await find('eth0'))?.isUp === true);
    const { addresses } = (await find('eth0'))!;
    expect(addresses).to.include.members(['10.0.0.1/24', 'fd00::1/64']);
    expect(await find('lo')).to.deep.include({ index: 1, isUp: true, addresses: ['127.0.0.1/8', '::1/128'] });
    expect(await find('lo')).not.to.have.property('mac');
  });

  it('are told when they change, and when watching them begins anew', async () => {
    const end = new AbortController();
    let told = 0;
    const down = new Set<string>();
    const watching = watchLinks((names) => { told++; for (const name of names) down.add(name); }, end.signal, host.run);
    await eventually('the beginning is told', () => told === 1);
    await eventually('it listens', async () => {
      await host.do('ip address add 10.9.9.9/32 dev lo', 'ip address del 10.9.9.9/32 dev lo');
      await sleep(50);
      return told > 1;
    });
    for (const change of ['ip address add 10.9.0.1/32 dev lo', 'ip link set eth0 down', 'ip link del eth0']) {
      const before = told;
      await host.do(change);
      await eventually(change, () => told > before);
    }
    expect([...down], 'taken down').to.deep.equal(['eth0', 'other']);
    await host.do('ip link add eth0 type veth peer name other', 'ip link set other up', 'ip link set eth0 up');
    await eventually('it settles', async () => { const before = told; await sleep(100); return told === before; });
    down.clear();
    await host.do('ip link set eth0 down', 'ip link set eth0 up');
    await eventually('a moment of being down is told', () => down.has('eth0'));
    expect((await find('eth0'))?.isUp).to.equal(true);
    end.abort();
    await watching;
  });
});
