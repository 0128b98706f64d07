import { hash } from 'node:crypto';
import type { Family, RenderedRule, TableName } from '../../desired.js';
import type { Chain, Rule } from '../rule.js';
import type { Terms } from '../terms.js';
import { nftName, ruleComment, ruleText, type NftForm } from './text.js';

const ID_LENGTH = 16;

/** Turns chains into lines for nft, each once. */
export class NftRenderer {
  private readonly rendered = new WeakMap<Chain, Map<string, readonly RenderedRule[]>>();
  private readonly rejects: boolean;

  constructor(
    { tables }: Terms,
    private readonly randomFully: boolean,
  ) {
    this.rejects = tables.filterDenyAction === 'Reject';
  }

  /** The rules of a chain in the place of a table of iptables. */
  render(chain: Chain, family: Family, table: TableName): readonly RenderedRule[] {
    let variants = this.rendered.get(chain);
    if (variants === undefined) this.rendered.set(chain, (variants = new Map<string, readonly RenderedRule[]>()));
    const key = `${family} ${table}`;
    let rules = variants.get(key);
    // The kernel refuses to reject what has found its way out, which is where mangle asks.
    if (rules === undefined) variants.set(key, (rules = this.rulesOf(nftName(table, chain.name), chain.rules, { family, table, denyAction: this.rejects && table !== 'mangle' ? 'reject' : 'drop', randomFully: this.randomFully })));
    return rules;
  }

  /** Ids are hashes over the texts without comments, after the name of the chain (reference/netfilter 12). */
  rulesOf(name: string, rules: readonly Rule[], form: NftForm): readonly RenderedRule[] {
    let before = hash('sha224', name, 'buffer');
    return rules.map((each) => {
      const text = ruleText(each, form);
      before = hash('sha224', Buffer.concat([before, Buffer.from(text)]), 'buffer');
      const id = before.toString('base64url').slice(0, ID_LENGTH);
      return { id, text: `${text} comment "${ruleComment(id, each.comments)}"` };
    });
  }
}
