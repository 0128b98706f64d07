/** What the kernel of a host should hold, as whoever programs it needs to know. Everything is text as the kernel's tools read it. */

export type Family = 4 | 6;

export const TABLES = ['raw', 'mangle', 'nat', 'filter'] as const;
export type TableName = (typeof TABLES)[number];

/** A rule of iptables. */
export interface RenderedRule {
  /** 16 characters that stand for the rule and all before it in its chain; `text` has them in its first comment. */
  readonly id: string;
  /** What follows `-A CHAIN ` in the input of iptables-restore. */
  readonly text: string;
}

/** Our part of a table of iptables. */
export interface TableState {
  /** Our own chains that something refers to, each with all of its rules. */
  readonly chains: ReadonlyMap<string, readonly RenderedRule[]>;
  /** Our rules in the kernel's own chains: before all others (or after them, where settings want it), and always after them. */
  readonly hooks: ReadonlyMap<string, { readonly inserted: readonly RenderedRule[]; readonly appended: readonly RenderedRule[] }>;
}

/** A set of addresses that rules refer to by its name. */
export interface IpSet {
  readonly name: string;
  readonly type: 'hash:net' | 'hash:ip' | 'hash:ip,port';
  readonly family: Family;
  /** As `ipset save` prints them. */
  readonly members: ReadonlySet<string>;
}

/** A chain of nftables. */
export interface NftChain {
  /** Where the kernel asks it, as nft reads it: `type filter hook input priority filter; policy accept;`. Absent where only rules lead to it. */
  readonly hook?: string;
  /** Texts as `nft` reads them behind `add rule FAMILY TABLE CHAIN `, each with a comment `cali:ID; ...`. */
  readonly rules: readonly RenderedRule[];
}

/** A set of nftables. */
export interface NftSet {
  /** `ipv4_addr`, `ipv4_addr . inet_proto . inet_service`. */
  readonly type: string;
  /** `interval`, where members may be networks. */
  readonly flags?: string;
  /** As `nft list` prints them. */
  readonly elements: ReadonlySet<string>;
}

/** A map of nftables that says which chain is next. */
export interface NftMap {
  /** `ifname : verdict`. */
  readonly type: string;
  /** The verdict for each key, both as nft reads them: `"cali1"` to `goto filter-cali-fw-cali1`. */
  readonly elements: ReadonlyMap<string, string>;
}

/** A table of nftables that is ours as a whole. Its chains are all there, wanted by a rule or not. */
export interface NftTable {
  readonly family: 'ip' | 'ip6' | 'arp';
  readonly name: string;
  readonly chains: ReadonlyMap<string, NftChain>;
  readonly sets: ReadonlyMap<string, NftSet>;
  readonly maps: ReadonlyMap<string, NftMap>;
}

/** All that Calico has in netfilter on one host, where it uses iptables. */
export interface Netfilter {
  readonly tables: Readonly<Partial<Record<Family, Readonly<Record<TableName, TableState>>>>>;
  readonly sets: ReadonlyMap<string, IpSet>;
  /** The guard of ARP, which is nftables' alone. */
  readonly arp: NftTable;
}
