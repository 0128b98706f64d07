import { hash } from 'node:crypto';
import type { RenderedRule } from '../../desired.js';
import type { Rule } from '../rule.js';
import { ruleText, type IptablesForm } from './text.js';

/** How many characters of a hash make an id. */
const ID_LENGTH = 16;

/**
 * The rules of a chain with their ids: each is a hash over the one before and the text of the rule, so that an id says that this rule and all
 * before it are what they should be (reference/netfilter 1.2).
 * @param chain what the ids are of: the chain's name, or for rules at the end of a chain of the kernel `NAME*appends*`
 */
export function renderRules(chain: string, rules: readonly Rule[], form: IptablesForm): readonly RenderedRule[] {
  let before = hash('sha224', chain, 'buffer');
  return rules.map((each) => {
    const text = ruleText(each, form);
    before = hash('sha224', Buffer.concat([before, Buffer.from(`-A ${chain} HASH ${text}`)]), 'buffer');
    const id = before.toString('base64url').slice(0, ID_LENGTH);
    return { id, text: `-m comment --comment "cali:${id}"${text === '' ? '' : ` ${text}`}` };
  });
}
