import { TABLES, type Family, type NftChain, type NftMap, type NftSet, type NftTable, type RenderedRule, type TableName } from '../../desired.js';
import type { Link, ObjectsByKind } from '../../input.js';
import type { Settings } from '../../settings/settings.js';
import { endOf, hooksOf } from '../hooks.js';
import { ChainPlanner, type PlannedChains } from '../planner.js';
import { chainsNamedBy, type Chain, type Rule } from '../rule.js';
import { AllSets } from '../sets/all-sets.js';
import type { Terms } from '../terms.js';
import { ArpGuard } from './arp.js';
import { BASE_CHAINS } from './base-chains.js';
import { verdictMap } from './maps.js';
import { NftRenderer } from './renderer.js';
import { nftSetOf } from './sets.js';
import { nftName } from './text.js';

/** What of the kernel rules of nftables depend on. */
export interface NftFacts {
  /** Whether NAT can choose ports at random. */
  readonly randomFully: boolean;
  /** Is told, once, of what is stored and not enforced as it stands. */
  readonly warn?: (text: string) => void;
}

/**
 * Plans everything of ours in nftables, where the settings want it in place of iptables: a table for each family, and the guard of ARP. Each plan
 * has the identical objects for what did not change since the one before.
 */
export class NftPlanner {
  private readonly chains: ChainPlanner;
  private readonly sets: AllSets;
  private readonly tables: readonly FamilyTable[];
  private readonly arp: ArpGuard;

  constructor(settings: Settings, { randomFully, warn }: NftFacts) {
    this.chains = new ChainPlanner(settings, { usesIpvs: false, warn }, 'nftables');
    const { terms, families, ruleSets } = this.chains;
    this.sets = new AllSets(families, ruleSets);
    const renderer = new NftRenderer(terms, randomFully);
    this.tables = families.map((family) => new FamilyTable(terms, family, renderer));
    this.arp = new ArpGuard(renderer);
  }

  /** What the kernel of the host should hold: the table of ARP last. */
  plan(objects: ObjectsByKind, links: readonly Link[]): readonly NftTable[] {
    const planned = this.chains.plan(objects, links);
    const sets = this.sets.plan(planned.plainSets);
    const tables = this.tables.map((table) => table.plan(planned, [...sets.values()].filter(({ family }) => family === table.family).map(nftSetOf)));
    this.chains.keep(new Set(this.tables.flatMap((table) => [...table.used])));
    return [...tables, this.arp.plan(planned.workloads)];
  }
}

/** The table of one family, from one plan to the next. */
class FamilyTable {
  private table: NftTable | undefined;
  private readonly rendered = new WeakMap<readonly RenderedRule[], NftChain>();
  private readonly maps = new WeakMap<Chain, NftMap>();
  private readonly base: readonly (readonly [string, NftChain])[];
  private readonly roots: ReadonlyMap<TableName, readonly string[]>;
  private chains = new Map<string, Chain>();

  constructor(
    terms: Terms,
    readonly family: Family,
    private readonly renderer: NftRenderer,
  ) {
    this.base = TABLES.flatMap((table) => {
      const hooks = new Map(hooksOf(terms, table).map((each) => [each.chain, each]));
      const rules = (name: string, own: readonly Rule[] = []): readonly RenderedRule[] => renderer.render({ name, rules: own }, family, table);
      return BASE_CHAINS[table].map(({ chain, hook }) => [nftName(table, chain), { hook, rules: [...rules(chain, hooks.get(chain)?.entry), ...rules(endOf(chain), hooks.get(chain)?.end)] }] as const);
    });
    this.roots = new Map(TABLES.map((table) => [table, hooksOf(terms, table).map(({ chain }) => `cali-${chain}`)]));
  }

  /** The chains that are programmed, in no language. */
  get used(): Iterable<Chain> {
    return this.chains.values();
  }

  plan({ find }: PlannedChains, sets: readonly (readonly [string, NftSet])[]): NftTable {
    const chains = new Map<string, NftChain>(this.base);
    const maps = new Map<string, NftMap>();
    const used = new Map<string, Chain>();
    for (const table of TABLES) {
      const names = [...this.roots.get(table)!];
      for (let name = names.pop(); name !== undefined; name = names.pop()) {
        const place = nftName(table, name);
        if (used.has(place)) continue;
        const chain = find(this.family, table, name);
        if (chain === undefined) throw new Error(`a rule leads to ${name}, and there is no such chain`);
        used.set(place, chain);
        chains.set(place, this.chainOf(chain, table, place));
        const map = this.mapOf(chain, table);
        if (map !== undefined) maps.set(nftName(table, name), map);
        names.push(...chainsNamedBy(chain));
      }
    }
    this.chains = used;
    const { table: before } = this;
    if (before !== undefined && isSame(before.chains, chains) && isSame(before.maps, maps) && isSame(before.sets, new Map(sets))) return before;
    return (this.table = { family: this.family === 4 ? 'ip' : 'ip6', name: 'calico', chains, sets: new Map(sets), maps });
  }

  private chainOf(chain: Chain, table: TableName, place: string): NftChain {
    const rules = this.renderer.render(chain, this.family, table);
    const before = this.table?.chains.get(place);
    if (before?.rules.length === rules.length && before.rules.every(({ text }, at) => text === rules[at]!.text)) return before;
    let known = this.rendered.get(rules);
    if (known === undefined) this.rendered.set(rules, (known = { rules }));
    return known;
  }

  /** The map that a chain looks interfaces up in. */
  private mapOf(chain: Chain, table: TableName): NftMap | undefined {
    const known = this.maps.get(chain);
    const action = chain.rules.map((each) => each.action).find((each) => each?.kind === 'by-interface');
    if (known !== undefined || action === undefined) return known;
    const map = verdictMap(action.to.map(({ interfaceName, to }) => ({ interfaceName, to: nftName(table, to) })));
    this.maps.set(chain, map);
    return map;
  }
}

function isSame<T>(left: ReadonlyMap<string, T>, right: ReadonlyMap<string, T>): boolean {
  return left.size === right.size && [...right].every(([name, value]) => left.get(name) === value);
}
