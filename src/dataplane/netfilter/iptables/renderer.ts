import type { Family, RenderedRule, TableName } from '../../desired.js';
import type { Chain } from '../rule.js';
import type { Terms } from '../terms.js';
import { renderRules } from './chain.js';
import type { IptablesForm } from './text.js';

/** Turns chains into text for iptables-restore, each once: where families or tables make no difference to a chain, it is the same text. */
export class IptablesRenderer {
  private readonly rendered = new WeakMap<Chain, (readonly RenderedRule[] | undefined)[]>();
  private readonly forms: readonly IptablesForm[];
  private readonly rejects: boolean;

  constructor({ tables }: Terms, randomFully: boolean) {
    this.rejects = tables.filterDenyAction === 'Reject';
    const families: readonly Family[] = [4, 6];
    this.forms = families.flatMap((family) => (['drop', 'reject'] as const).map((denyAction): IptablesForm => ({ family, denyAction, randomFully })));
  }

  /** The rules of a chain. */
  render(chain: Chain, family: Family, table: TableName): readonly RenderedRule[] {
    let variants = this.rendered.get(chain);
    if (variants === undefined) this.rendered.set(chain, (variants = []));
    // REJECT is for the table filter only: the kernel refuses it elsewhere, where dropping does the same but for the answer to the sender.
    const denied = this.rejects && table === 'filter' ? 1 : 0;
    const at = (family === 6 && dependsOnFamily(chain) ? 2 : 0) + denied;
    return (variants[at] ??= renderRules(chain.name, chain.rules, this.forms[at]!));
  }
}

function dependsOnFamily({ rules }: Chain): boolean {
  return rules.some(({ matches }) => matches.some(({ kind }) => kind === 'set'));
}
