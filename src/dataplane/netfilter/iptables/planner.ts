import { TABLES, type Family, type Netfilter, type TableName, type TableState } from '../../desired.js';
import type { Link, ObjectsByKind } from '../../input.js';
import type { Settings } from '../../settings/settings.js';
import { ChainPlanner, type HostFacts } from '../planner.js';
import { ArpGuard } from '../nft/arp.js';
import { NftRenderer } from '../nft/renderer.js';
import type { Chain } from '../rule.js';
import { AllSets } from '../sets/all-sets.js';
import { hooksOf } from '../hooks.js';
import { IptablesRenderer } from './renderer.js';
import { IptablesTable } from './table.js';

/** What of iptables and the kernel rules depend on. */
export interface IptablesFacts extends HostFacts {
  /** Whether NAT can choose ports at random: iptables 1.6.2 and a kernel of 3.14 or newer. */
  readonly randomFully: boolean;
}

/**
 * Plans everything of ours in iptables and its sets. Each plan has the identical objects for what did not change since the one before: chains,
 * tables and sets.
 */
export class NetfilterPlanner {
  private readonly chains: ChainPlanner;
  private readonly sets: AllSets;
  private readonly arp: ArpGuard;
  private readonly tables: ReadonlyMap<Family, Readonly<Record<TableName, IptablesTable>>>;

  constructor(settings: Settings, facts: IptablesFacts) {
    this.chains = new ChainPlanner(settings, facts, 'iptables');
    const { terms, families, ruleSets } = this.chains;
    this.sets = new AllSets(families, ruleSets);
    const renderer = new IptablesRenderer(terms, facts.randomFully);
    this.arp = new ArpGuard(new NftRenderer(terms, facts.randomFully));
    this.tables = new Map(families.map((family) => [family, tablesOf((table) => new IptablesTable(family, table, renderer, hooksOf(terms, table)))]));
  }

  /** What the kernel of the host should hold. */
  plan(objects: ObjectsByKind, links: readonly Link[]): Netfilter {
    const planned = this.chains.plan(objects, links);
    const tables: Partial<Record<Family, Readonly<Record<TableName, TableState>>>> = {};
    for (const [family, own] of this.tables) tables[family] = tablesOf((table) => own[table].plan((name) => planned.find(family, table, name)));
    this.chains.keep(new Set([...this.tables.values()].flatMap((own) => Object.values(own)).flatMap((table): Chain[] => [...table.chains])));
    return { tables, sets: this.sets.plan(planned.plainSets), arp: this.arp.plan(planned.workloads) };
  }
}

function tablesOf<T>(of: (table: TableName) => T): Readonly<Record<TableName, T>> {
  return Object.fromEntries(TABLES.map((table) => [table, of(table)])) as Record<TableName, T>;
}
