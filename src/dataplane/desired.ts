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

/** All that Calico has in netfilter on one host, where it uses iptables. */
export interface Netfilter {
  readonly tables: Readonly<Partial<Record<Family, Readonly<Record<TableName, TableState>>>>>;
  readonly sets: ReadonlyMap<string, IpSet>;
}
