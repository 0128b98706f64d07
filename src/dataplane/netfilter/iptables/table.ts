import type { Family, RenderedRule, TableName, TableState } from '../../desired.js';
import { endOf, type Hook } from '../hooks.js';
import { chainsNamedBy, type Chain, type Rule } from '../rule.js';
import type { IptablesRenderer } from './renderer.js';

type Hooks = TableState['hooks'];
const references = new WeakMap<Chain, readonly string[]>();

/** One table of one family, from one plan to the next. */
export class IptablesTable {
  private state: TableState | undefined;
  private readonly hooks: Hooks;
  private readonly roots: readonly string[];
  /** The chains that are programmed, as they were made. */
  private used = new Map<string, Chain>();

  constructor(
    private readonly family: Family,
    private readonly table: TableName,
    private readonly renderer: IptablesRenderer,
    hooks: readonly Hook[],
  ) {
    this.hooks = new Map(hooks.map(({ chain, entry, isFirst, end }) => {
      const [own, last] = [this.hookRules(chain, entry), this.hookRules(endOf(chain), end)];
      return [chain, isFirst ? { inserted: own, appended: last } : { inserted: [], appended: [...own, ...last] }];
    }));
    this.roots = hooks.flatMap(({ chain, entry, end }) => chainsNamedBy({ name: chain, rules: [...entry, ...end] }));
  }

  /**
   * The table with all chains that the kernel's own ones lead to. Throws where a rule leads nowhere.
   * @param find a chain by its name
   */
  plan(find: (name: string) => Chain | undefined): TableState {
    const used = new Map<string, Chain>();
    const names = [...this.roots];
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      if (used.has(name)) continue;
      const chain = find(name);
      if (chain === undefined) throw new Error(`a rule leads to ${name}, and there is no such chain`);
      used.set(name, chain);
      names.push(...namesIn(chain));
    }
    if (this.state !== undefined && used.size === this.used.size && [...used].every(([name, chain]) => this.used.get(name) === chain)) return this.state;
    this.used = used;
    this.state = { hooks: this.hooks, chains: new Map([...used].map(([name, chain]) => [name, this.rendered(name, chain)])) };
    return this.state;
  }

  /** The chains that are programmed. */
  get chains(): Iterable<Chain> {
    return this.used.values();
  }

  /** The last id of a chain stands for all of its rules. */
  private rendered(name: string, chain: Chain): readonly RenderedRule[] {
    const rules = this.renderer.render(chain, this.family, this.table);
    const before = this.state?.chains.get(name);
    return before?.length === rules.length && before.at(-1)?.id === rules.at(-1)?.id ? before : rules;
  }

  private hookRules(name: string, rules: readonly Rule[]): readonly RenderedRule[] {
    return this.renderer.render({ name, rules }, this.family, this.table);
  }
}

function namesIn(chain: Chain): readonly string[] {
  let names = references.get(chain);
  if (names === undefined) references.set(chain, (names = chainsNamedBy(chain)));
  return names;
}
