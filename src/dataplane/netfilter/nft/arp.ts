import { formatIp } from '../../../net/address.js';
import type { NftChain, NftTable } from '../../desired.js';
import { PREFIX } from '../names.js';
import { DROP, jump, rule, type Branch, type Chain, type Rule } from '../rule.js';
import type { LocalEndpoint } from '../state/local.js';
import { verdictMap } from './maps.js';
import type { NftRenderer } from './renderer.js';
import { nftName } from './text.js';

const DISPATCH = 'cali-arp-dispatch';
const HOOK = 'type filter hook output priority filter; policy accept;';

/**
 * The table that keeps the host from answering a workload for the workload's own address: interfaces of workloads answer for every address
 * that the host has a way to, and a workload that asks whether somebody has its address would hear that somebody does (reference/netfilter 9).
 */
export class ArpGuard {
  private table: NftTable | undefined;
  private key = '';
  private readonly made = new Map<string, { readonly key: string; readonly chain: NftChain }>();

  constructor(private readonly renderer: NftRenderer) {}

  /** @param workloads those that have their interfaces */
  plan(workloads: readonly LocalEndpoint[]): NftTable {
    const guarded = workloads.map(({ endpoint }) => ({ interfaceName: endpoint.interfaceName, addresses: endpoint.nets.filter(({ address }) => address.version === 4).map(({ address }) => formatIp(address)) })).filter(({ addresses }) => addresses.length > 0);
    const key = JSON.stringify(guarded);
    if (this.table !== undefined && key === this.key) return this.table;
    this.key = key;
    return (this.table = this.tableOf(guarded));
  }

  private tableOf(guarded: readonly { readonly interfaceName: string; readonly addresses: readonly string[] }[]): NftTable {
    const branches: readonly Branch[] = guarded.map(({ interfaceName }) => ({ interfaceName, to: PREFIX.arp + interfaceName }));
    const chains = new Map<string, NftChain>();
    const put = (chain: Chain, hook?: string): void => void chains.set(nftName('filter', chain.name), this.chainOf(chain, hook));
    put({ name: 'OUTPUT', rules: [rule([], jump(DISPATCH))] }, HOOK);
    put({ name: DISPATCH, rules: [rule([], { kind: 'by-interface', way: 'out', map: DISPATCH, to: branches })] });
    for (const { interfaceName, addresses } of guarded) put({ name: PREFIX.arp + interfaceName, rules: addresses.map((address) => guard(interfaceName, address)) });
    const maps = new Map([[nftName('filter', DISPATCH), verdictMap(branches.map(({ interfaceName, to }) => ({ interfaceName, to: nftName('filter', to) })))]]);
    return { family: 'arp', name: 'calico-arp', chains, sets: new Map(), maps };
  }

  private chainOf(chain: Chain, hook: string | undefined): NftChain {
    const key = JSON.stringify(chain);
    const known = this.made.get(chain.name);
    if (known?.key === key) return known.chain;
    const made = { ...(hook !== undefined && { hook }), rules: this.renderer.render(chain, 4, 'filter') };
    this.made.set(chain.name, { key, chain: made });
    return made;
  }
}

function guard(interfaceName: string, address: string): Rule {
  return rule([{ kind: 'interface', way: 'out', name: interfaceName }, { kind: 'arp-reply', address }], DROP);
}
