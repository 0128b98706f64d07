import { expect } from 'chai';
import { after, before, it } from 'mocha';
import { NftTables, OUR_NFT_TABLES } from '../../../src/agent/dataplane/nftables.js';
import { Log } from '../../../src/text/log.js';
import type { NftChain, NftTable, RenderedRule } from '../../../src/dataplane/desired.js';
import { NetworkNamespace } from '../../support/network-namespace.js';
import { describeAsRoot } from '../../support/root.js';

function rule(id: string, text: string): RenderedRule {
  return { id, text: `${text} comment "cali:${id};"` };
}

const HOOK = 'type filter hook forward priority filter; policy accept;';

function table(chains: Readonly<Record<string, NftChain>>, sets: NftTable['sets'] = new Map(), maps: NftTable['maps'] = new Map()): NftTable {
  return { family: 'ip', name: 'calico', chains: new Map(Object.entries(chains)), sets, maps };
}

describeAsRoot('tables of nftables in the kernel', () => {
  let host: NetworkNamespace;
  const lines: string[] = [];
  before(async () => (host = await NetworkNamespace.start()));
  after(() => host.stop());

  const start = (): NftTables => new NftTables({ acceptMark: 0x10000, ours: OUR_NFT_TABLES, log: new Log((line) => lines.push(line), 'test', 1), run: host.run });
  const listed = async (): Promise<string> => (await host.do('nft -s list ruleset')).replace(/^\t+/gm, '');
  const DONE = { wrote: true, troubles: [] };
  const NOTHING = { wrote: false, troubles: [] };

  const first = table(
    {
      'filter-FORWARD': { hook: HOOK, rules: [rule('a', 'counter jump filter-cali-dispatch')] },
      'filter-cali-dispatch': { rules: [rule('b', 'iifname vmap @dispatch'), rule('c', 'ip saddr @nets counter drop')] },
      'filter-cali-fw-cali1': { rules: [rule('d', 'ip protocol . th dport vmap { tcp . 80 : accept }')] },
      'filter-cali-fw-cali2': { rules: [] },
    },
    new Map([['nets', { type: 'ipv4_addr', flags: 'interval', elements: new Set(['10.0.0.0/8', '192.168.0.1', '0.0.0.0-9.0.0.7']) }], ['ports', { type: 'ipv4_addr . inet_proto . inet_service', elements: new Set(['10.0.0.1 . tcp . 80']) }]]),
    new Map([['dispatch', { type: 'ifname : verdict', elements: new Map([['"cali1"', 'goto filter-cali-fw-cali1'], ['"cali2"', 'goto filter-cali-fw-cali2']]) }]]),
  );
  const second = table(
    { 'filter-FORWARD': { hook: HOOK, rules: [rule('a', 'counter jump filter-cali-dispatch')] }, 'filter-cali-dispatch': { rules: [rule('b', 'iifname vmap @dispatch'), rule('e', 'counter accept')] }, 'filter-cali-fw-cali1': { rules: [] } },
    new Map([['nets', { type: 'ipv4_addr', flags: 'interval', elements: new Set(['10.0.0.0/9', '192.168.0.1']) }]]),
    new Map([['dispatch', { type: 'ifname : verdict', elements: new Map([['"cali1"', 'goto filter-cali-fw-cali1']]) }]]),
  );

  it('are made, left alone, changed, and taken over by the next start', async () => {
    await host.do('nft add table ip mine', 'nft add table arp calico-arp');
    const agent = start();
    expect(await agent.apply([first])).to.deep.equal(DONE);
    expect(await listed()).to.include('elements = { "cali1" : goto filter-cali-fw-cali1,').and.to.include('10.0.0.0/8').and.to.include('table ip mine').and.not.to.include('calico-arp');
    expect(await agent.apply([first])).to.deep.equal(NOTHING);
    expect(await start().apply([first]), 'the next start').to.deep.equal(NOTHING);
    expect(await agent.apply([second])).to.deep.equal(DONE);
    expect(await listed()).to.include('elements = { "cali1" : goto filter-cali-fw-cali1 }').and.not.to.include('cali2').and.not.to.include('set ports');
    expect(await start().apply([second])).to.deep.equal(NOTHING);
  });

  it('are repaired where somebody broke them', async () => {
    const agent = start();
    await agent.apply([first]);
    const whole = await listed();
    await host.do('nft flush chain ip calico filter-cali-dispatch', 'nft add chain ip calico stranger', 'nft delete element ip calico nets { 192.168.0.1 }', 'nft delete element ip calico dispatch { "cali1" }');
    agent.forget();
    expect(await agent.apply([first])).to.deep.equal(DONE);
    expect((await listed()).split('\n').sort()).to.deep.equal(whole.split('\n').sort());
    await host.do('nft delete table ip calico');
    agent.forget();
    expect(await agent.apply([first])).to.deep.equal(DONE);
    expect((await listed()).split('\n').sort()).to.deep.equal(whole.split('\n').sort());
    expect(await agent.apply([])).to.deep.equal(DONE);
    expect(await listed()).not.to.include('calico');
  });

  it('are made without rules that nft refuses, which are told', async () => {
    const agent = start();
    const accept = (id: string, match: string): readonly RenderedRule[] => [rule(id, `${match} counter meta mark set mark or 0x10000`), rule(`${id}r`, 'meta mark & 0x10000 == 0x10000 counter return')];
    const policy = [...accept('f', 'meta l4proto tcp'), ...accept('g', 'iifname eth+'), rule('h', 'iifname eth+ counter meta mark set mark or 0x40000'), rule('i', 'meta mark & 0x40000 == 0x40000 counter drop')];
    expect(await agent.apply([table({ 'filter-cali-pi-gnp/x': { rules: policy } })])).to.deep.equal(DONE);
    expect((await listed()).match(/"cali:\w+/g)).to.deep.equal(['"cali:f', '"cali:fr', '"cali:gr', '"cali:h', '"cali:i']);
    expect(lines.filter((line) => line.includes('[ERROR]'))).to.have.lengthOf(2);
  });
});
