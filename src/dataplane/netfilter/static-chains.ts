import type { Family, TableName } from '../desired.js';
import type { Facts } from './facts.js';
import { failsafeChains } from './failsafe.js';
import { filterChains } from './filter.js';
import { Kept } from './kept.js';
import { mangleChains } from './mangle.js';
import { natChains } from './nat.js';
import { rawChains } from './raw.js';
import type { Chain } from './rule.js';
import type { Terms } from './terms.js';
import type { WorkloadRules } from './workloads.js';

/** The chains of a table that do not come of endpoints; each is the same object as long as nothing of it changes. */
export class StaticChains {
  private readonly made = new Kept<readonly Chain[]>();

  constructor(private readonly terms: Terms) {}

  of(table: TableName, family: Family, { overlay, serviceNets, natOutgoing, tunnels }: Facts, { spoofed, floating, classes }: WorkloadRules): readonly Chain[] {
    const { terms } = this;
    const place = `${table} ${family}`;
    switch (table) {
      case 'raw': {
        const facts = { vxlan: overlay.vxlan[family], spoofed };
        return this.made.get(place, facts, () => [...rawChains(terms, family, facts), ...failsafeChains(terms, table, family)]);
      }
      case 'mangle':
        return this.made.get(place, classes, () => [...mangleChains(terms, classes), ...failsafeChains(terms, table, family)]);
      case 'nat': {
        const facts = { natOutgoing: natOutgoing[family], tunnels: tunnels[family], floating };
        return this.made.get(place, facts, () => natChains(terms, family, facts));
      }
      case 'filter': {
        const facts = { overlay, serviceNets };
        return this.made.get(place, facts, () => [...filterChains(terms, family, facts), ...failsafeChains(terms, table, family)]);
      }
    }
  }
}
