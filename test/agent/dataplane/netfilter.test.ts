import { expect } from 'chai';
import { after, before, beforeEach, it } from 'mocha';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Log } from '../../../src/text/log.js';
import { programsOf } from '../../../src/agent/dataplane/backend.js';
import { IpSets } from '../../../src/agent/dataplane/ipsets.js';
import { Iptables } from '../../../src/agent/dataplane/iptables.js';
import { TABLES, type IpSet, type RenderedRule, type TableName, type TableState } from '../../../src/dataplane/desired.js';
import { NetworkNamespace } from '../../support/network-namespace.js';
import { describeAsRoot } from '../../support/root.js';

const EMPTY: TableState = { chains: new Map(), hooks: new Map() };

function rule(id: string, rest: string): RenderedRule {
  return { id: id.padEnd(16, '0'), text: `-m comment --comment "cali:${id.padEnd(16, '0')}" ${rest}` };
}

function tables(chains: Readonly<Record<string, readonly RenderedRule[]>>, table: TableName = 'filter', hook = 'FORWARD', inserted: readonly RenderedRule[] = [rule('hook', '--jump cali-a')]): Readonly<Record<TableName, TableState>> {
  const state = { chains: new Map(Object.entries(chains)), hooks: new Map([[hook, { inserted, appended: [] }]]) };
  return { ...(Object.fromEntries(TABLES.map((name) => [name, EMPTY])) as Record<TableName, TableState>), [table]: state };
}

for (const backend of ['nft', 'legacy'] as const) {
  describeAsRoot(`tables of iptables in the kernel, backend ${backend}`, () => {
    let host: NetworkNamespace;
    let calls: string[] = [];
    const lines: string[] = [];
    before(async () => (host = await NetworkNamespace.start()));
    after(() => host.stop());
    beforeEach(async () => {
      await host.do(...TABLES.flatMap((table) => [`iptables-${backend} -t ${table} -F`, `iptables-${backend} -t ${table} -X`]));
      lines.length = 0;
    });

    const start = (): Iptables => new Iptables({
      family: 4, programs: programsOf(4, backend, '/usr/sbin'), waits: true, acceptMark: 0x10000, log: new Log((line) => lines.push(line), 'test', 1),
      run: (file, ...rest) => (calls.push(file), host.run(file, ...rest)),
    });
    const chain = async (name: string, table: TableName = 'filter'): Promise<readonly string[]> =>
      (await host.do(`iptables-${backend}-save -t ${table}`)).split('\n').filter((line) => line.startsWith(`-A ${name} `)).map((line) => line.slice(name.length + 4));
    const DONE = { wrote: true, troubles: [] };

    it('are made, changed and left alone', async () => {
      const agent = start();
      await host.do(`iptables-${backend} -A FORWARD -s 1.2.3.4 -j ACCEPT`);
      const desired = tables({ 'cali-a': [rule('1', '--jump cali-b'), rule('2', '-p tcp -m multiport --destination-ports 22 --jump DROP')], 'cali-b': [] });
      expect(await agent.apply(desired)).to.deep.equal(DONE);
      expect(await chain('FORWARD')).to.deep.equal(['-m comment --comment "cali:hook000000000000" -j cali-a', '-s 1.2.3.4/32 -j ACCEPT']);
      expect(await chain('cali-a')).to.have.lengthOf(2);
      calls = [];
      expect(await agent.apply(desired)).to.deep.equal({ wrote: false, troubles: [] });
      expect(calls).to.deep.equal([]);
      expect(await agent.apply(tables({ 'cali-a': [rule('3', '--jump DROP')] }))).to.deep.equal(DONE);
      expect(calls, 'one table changed').to.have.lengthOf(1);
      expect(await chain('cali-a')).to.deep.equal(['-m comment --comment "cali:3000000000000000" -j DROP']);
      expect(await host.do(`iptables-${backend}-save`)).not.to.include('cali-b');
    });

    it('are repaired where somebody broke them, and taken over by the next start', async () => {
      const first = start();
      const desired = tables({ 'cali-a': ['1', '2', '3'].map((id) => rule(id, `-p tcp --dport ${id} --jump DROP`)) });
      await first.apply(desired);
      const whole = await chain('cali-a');
      await host.do(`iptables-${backend} -D cali-a 2`, `iptables-${backend} -F FORWARD`, `iptables-${backend} -A FORWARD -j LOG`, `iptables-${backend} -N cali-stranger`, `iptables-${backend} -I FORWARD -j cali-stranger`);
      first.forget();
      expect(await first.apply(desired)).to.deep.equal(DONE);
      expect(await chain('cali-a')).to.deep.equal(whole);
      expect(await chain('FORWARD')).to.deep.equal(['-m comment --comment "cali:hook000000000000" -j cali-a', '-j LOG']);
      expect(await start().apply(desired)).to.deep.equal({ wrote: false, troubles: [] });
      expect(await start().apply(tables({}, 'filter', 'FORWARD', []))).to.deep.equal(DONE);
      expect(await host.do(`iptables-${backend}-save`)).not.to.include('cali');
    });

    it('are made without rules that the kernel refuses, which are told', async () => {
      const accept = (id: string, match = ''): readonly RenderedRule[] => [rule(id, `${match}--jump MARK --set-mark 0x10000/0x10000`), rule(`${id}r`, '-m mark --mark 0x10000/0x10000 --jump RETURN')];
      const icmp = '-m icmp --icmp-type 8 ';
      const agent = start();
      const desired = tables({
        'cali-a': [rule('j', '--jump cali-pi-x')],
        'cali-pi-x': [...accept('a', '-p tcp '), ...accept('b', icmp), ...accept('c', '-p udp '), rule('d', `${icmp}--jump MARK --set-mark 0x40000/0x40000`), rule('dd', '-m mark --mark 0x40000/0x40000 --jump DROP'), ...accept('e')],
      });
      expect(await agent.apply(desired)).to.deep.equal(DONE);
      const ids = (await chain('cali-pi-x')).map((text) => `${/cali:0*(\w+?)0*"/.exec(text)?.[1]} ${/-j (\w+)/.exec(text)?.[1]}`);
      expect(ids).to.deep.equal(['a MARK', 'ar RETURN', 'br RETURN', 'c MARK', 'cr RETURN', 'd DROP', 'dd DROP', 'e MARK', 'er RETURN']);
      expect(lines.filter((line) => line.includes('[ERROR]') && line.includes('refuses a rule of cali-pi-x in the table filter of iptables'))).to.have.lengthOf(2);
      agent.forget();
      expect(await agent.apply(desired)).to.deep.equal({ wrote: false, troubles: [] });
      // A later start has no memory of it and comes to the same.
      const later = start();
      await later.apply(desired);
      expect((await chain('cali-pi-x')).length).to.equal(ids.length);
    });

    it('where the kernel cannot reject, drop', async () => {
      const desired = tables({ 'cali-a': [rule('r', '-p tcp --jump REJECT')] }, 'raw', 'PREROUTING');
      expect(await start().apply(desired)).to.deep.equal(DONE);
      expect(await chain('cali-a', 'raw')).to.deep.equal(['-p tcp -m comment --comment "cali:000000000000000r" -j DROP']);
    });

    it('in which something else is wrong leave the others alone', async () => {
      const good = tables({ 'cali-a': [rule('1', '--jump DROP')] });
      const bad = tables({ 'cali-a': [rule('s', '-m set --match-set nosuch src --jump DROP')] }, 'mangle', 'PREROUTING');
      const { wrote, troubles } = await start().apply({ ...good, mangle: bad.mangle });
      expect(wrote).to.equal(true);
      expect(troubles).to.have.lengthOf(1);
      expect(troubles[0]).to.include({ what: 'the table mangle of iptables' }).and.to.have.property('reason').that.includes('nosuch');
      expect(await chain('cali-a')).to.have.lengthOf(1);
      expect(lines).to.deep.equal([]);
    });

    if (backend === 'legacy') {
      it('wait for the lock while another program holds it', async () => {
        const holder = spawn('flock', ['/run/xtables.lock', 'sh', '-c', 'echo held; exec sleep 1']);
        await once(holder.stdout, 'data');
        const since = Date.now();
        expect(await start().apply(tables({ 'cali-a': [rule('1', '--jump DROP')] }))).to.deep.equal(DONE);
        expect(Date.now() - since).to.be.greaterThan(500);
      });
    }
  });
}

describeAsRoot('IP sets in the kernel', () => {
  let host: NetworkNamespace;
  const lines: string[] = [];
  before(async () => (host = await NetworkNamespace.start()));
  after(() => host.stop());

  const start = (): IpSets => new IpSets({ maxelem: 1000, log: new Log((line) => lines.push(line), 'test', 1), run: host.run });
  const sets = (...all: readonly [string, IpSet['type'], readonly string[]][]): ReadonlyMap<string, IpSet> =>
    new Map(all.map(([name, type, members]) => [name, { name, type, family: name.startsWith('cali6') ? 6 : 4, members: new Set(members) }]));
  const saved = async (): Promise<readonly string[]> => (await host.do('ipset save')).split('\n').filter((line) => line !== '').map((line) => line.replace(/^(create \S+ \S+).*/, '$1')).sort();

  it('are made, changed, repaired and destroyed once nothing refers to them', async () => {
    await host.do('ipset create mine hash:ip', 'ipset create cali40s:stale hash:net', 'ipset create felix-4-old hash:ip', 'iptables-nft -A INPUT -m set --match-set cali40s:stale src -j DROP');
    const agent = start();
    const desired = sets(['cali40a', 'hash:net', ['10.0.0.1', '0.0.0.0/1']], ['cali60n:p', 'hash:ip,port', ['fd00::1,tcp:80']]);
    const DESIRED = ['add cali40a 0.0.0.0/1', 'add cali40a 10.0.0.1', 'add cali60n:p fd00::1,tcp:80', 'create cali40a hash:net', 'create cali60n:p hash:ip,port'];
    expect(await agent.apply(desired)).to.deep.equal({ wrote: true, troubles: [] });
    expect((await agent.removeStale()).map(({ what }) => what)).to.deep.equal(['the IP set cali40s:stale']);
    expect(await saved()).to.deep.equal([...DESIRED, 'create cali40s:stale hash:net', 'create mine hash:ip'].sort());
    await host.do('iptables-nft -F INPUT');
    expect(await agent.removeStale()).to.deep.equal([]);
    expect(await saved()).to.deep.equal([...DESIRED, 'create mine hash:ip'].sort());

    await host.do('ipset del cali40a 10.0.0.1', 'ipset add cali60n:p fd00::2,udp:1', 'ipset add mine 1.2.3.4');
    expect(await agent.apply(desired)).to.deep.equal({ wrote: false, troubles: [] });
    agent.forget();
    expect(await agent.apply(desired)).to.deep.equal({ wrote: true, troubles: [] });
    expect(await saved()).to.deep.equal([...DESIRED, 'add mine 1.2.3.4', 'create mine hash:ip'].sort());
    expect(await start().apply(desired)).to.deep.equal({ wrote: false, troubles: [] });
  });

  it('are swapped while rules refer to them', async () => {
    const agent = start();
    await agent.apply(sets(['cali40a', 'hash:net', ['10.0.0.1']]));
    await host.do('iptables-nft -A INPUT -m set --match-set cali40a src -j DROP');
    const members = Array.from({ length: 50 }, (_, at) => `10.1.0.${at}`);
    expect(await agent.apply(sets(['cali40a', 'hash:net', members]))).to.deep.equal({ wrote: true, troubles: [] });
    expect((await saved()).filter((line) => line.startsWith('add cali40a'))).to.have.lengthOf(50);
    await host.do('iptables-nft -F INPUT');
  });

  it('are made without a member that the kernel does not take', async () => {
    const agent = start();
    const desired = sets(['cali40a', 'hash:net', ['10.0.0.1', 'fd00::1', '10.0.0.2', 'nonsense']]);
    expect(await agent.apply(desired)).to.deep.equal({ wrote: true, troubles: [] });
    expect((await saved()).filter((line) => line.startsWith('add cali40a'))).to.deep.equal(['add cali40a 10.0.0.1', 'add cali40a 10.0.0.2']);
    expect(lines.filter((line) => line.includes('does not take'))).to.have.lengthOf(2);
  });
});
