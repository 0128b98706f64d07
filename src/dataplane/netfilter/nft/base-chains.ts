import type { TableName } from '../../desired.js';

/** A chain that the kernel asks, and when: about as it asks the same chain of iptables, translation a little later so that kube-proxy comes first. */
export interface BaseChain {
  readonly chain: string;
  /** As nft reads and prints it. */
  readonly hook: string;
}

/** The chains of each table of iptables in the one table of nftables; what we have no rules for is there all the same (reference/netfilter 12). */
export const BASE_CHAINS: Readonly<Record<TableName, readonly BaseChain[]>> = {
  raw: [base('PREROUTING', 'filter', 'raw'), base('OUTPUT', 'filter', 'raw')],
  mangle: [base('PREROUTING', 'filter', 'mangle'), base('INPUT', 'filter', 'mangle'), base('FORWARD', 'filter', 'mangle'), base('OUTPUT', 'route', 'mangle'), base('POSTROUTING', 'filter', 'mangle')],
  nat: [base('PREROUTING', 'nat', 'dstnat'), base('INPUT', 'nat', '-100'), base('OUTPUT', 'nat', '110'), base('POSTROUTING', 'nat', 'srcnat + 10')],
  filter: [base('INPUT', 'filter', 'filter'), base('FORWARD', 'filter', 'filter'), base('OUTPUT', 'filter', 'filter')],
};

function base(chain: string, type: 'filter' | 'route' | 'nat', priority: string): BaseChain {
  return { chain, hook: `type ${type} hook ${chain.toLowerCase()} priority ${priority}; policy accept;` };
}
