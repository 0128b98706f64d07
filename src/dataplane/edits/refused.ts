import type { RenderedRule, TableState } from '../desired.js';

/** What is put in the place of rules that the kernel refuses, by their ids: how many ways around were refused, too. */
export type Refusals = ReadonlyMap<string, number>;

/** How the rules of a language are told from each other by their texts. */
export interface RuleLanguage {
  /** Chains that hold the rules of one policy or profile, where it is known what each rule is for. */
  readonly ofRules: RegExp;
  readonly rejects: RegExp;
  readonly drop: string;
  readonly logs: RegExp;
  readonly ends: RegExp;
  /** The mark that a rule sets. */
  markSet(text: string): number | undefined;
  /** Whether a rule ends its chain for packets with a mark. */
  acts(text: string, mark: number): boolean;
  /** A rule that drops everything, with the comment of an id. */
  dropsAll(id: string): string;
}

export const IPTABLES_RULES: RuleLanguage = {
  ofRules: /^cali-(pi|po|pri|pro)-/,
  rejects: /--jump REJECT( --reject-with \S+)?/,
  drop: '--jump DROP',
  logs: /--jump LOG( |$)/,
  ends: /--jump (DROP|REJECT)( |$)/,
  markSet: (text) => numberOf(/--jump MARK --set-mark (0x[0-9a-f]+)\/\1( |$)/.exec(text)?.[1]),
  acts: (text, mark) => numberOf(/--mark (0x[0-9a-f]+)\/\1 --jump (RETURN|DROP|REJECT|ACCEPT)/.exec(text)?.[1]) === mark,
  dropsAll: (id) => `-m comment --comment "cali:${id}" --jump DROP`,
};

export const NFT_RULES: RuleLanguage = {
  ofRules: /^\w+-cali-(pi|po|pri|pro)-/,
  rejects: /\breject( with [a-z0-9 -]+?)?(?= comment |$)/,
  drop: 'drop',
  logs: /\blog prefix /,
  ends: /\b(drop|reject)\b/,
  markSet: (text) => numberOf(/meta mark set (?:meta )?mark (?:\||or) (0x[0-9a-f]+)\b/.exec(text)?.[1]),
  acts: (text, mark) => numberOf(/mark (?:&|and) (0x[0-9a-f]+) == \1 (?:counter )?(?:return|drop|reject|accept)\b/.exec(text)?.[1]) === mark,
  dropsAll: (id) => `counter drop comment "cali:${id};"`,
};

function numberOf(hexadecimal: string | undefined): number | undefined {
  return hexadecimal === undefined ? undefined : Number(hexadecimal);
}

/**
 * A table without the rules that the kernel refuses, so that they do not keep out everything else (reference/felix 4.4). A REJECT becomes
 * a DROP. Of a policy's rule, what allows is left out as a whole; in the place of anything else everything is dropped: less may
 * pass than was asked for, never more.
 * @param acceptMark the mark of accepted packets
 */
export function withoutRefused(state: TableState, refusals: Refusals, acceptMark: number): TableState {
  if (refusals.size === 0) return state;
  const chains = new Map([...state.chains].map(([chain, rules]) => [chain, repairedRules(chain, rules, refusals, acceptMark, IPTABLES_RULES)]));
  const repaired = (chain: string, rules: readonly RenderedRule[]): readonly RenderedRule[] => repairedRules(chain, rules, refusals, acceptMark, IPTABLES_RULES);
  const hooks = new Map([...state.hooks].map(([chain, { inserted, appended }]) => [chain, { inserted: repaired(chain, inserted), appended: repaired(chain, appended) }]));
  return { chains, hooks };
}

/** The same for the rules of one chain; the identical list where none is refused. */
export function repairedRules(chain: string, rules: readonly RenderedRule[], refusals: Refusals, acceptMark: number, language: RuleLanguage): readonly RenderedRule[] {
  if (!rules.some(({ id }) => refusals.has(id))) return rules;
  const places = new Map<number, RenderedRule | undefined>();
  rules.forEach((rule, at) => {
    const tries = refusals.get(rule.id);
    if (tries === undefined) return;
    if (language.rejects.test(rule.text) && tries === 1) places.set(at, replaced(rule, rule.text.replace(language.rejects, language.drop)));
    else if (!language.ofRules.test(chain)) places.set(at, undefined);
    else for (const [place, instead] of aroundRule(rules, at, acceptMark, language)) places.set(place, instead);
  });
  return rules.flatMap((rule, at) => (places.has(at) ? (places.get(at) ?? []) : rule));
}

/** A rule of a policy is several of iptables, the last of which says what it is for. */
function aroundRule(rules: readonly RenderedRule[], at: number, acceptMark: number, language: RuleLanguage): readonly (readonly [number, RenderedRule | undefined])[] {
  for (let end = at; end < rules.length; end++) {
    const { text } = rules[end]!;
    const mark = language.markSet(text);
    if (mark === acceptMark || language.logs.test(text)) return [[at, undefined], [end, undefined]];
    // Scratch marks are set, and read on; the others are acted upon at once.
    if ((mark !== undefined && language.acts(rules[end + 1]?.text ?? '', mark)) || language.ends.test(text)) break;
  }
  return [[at, replaced(rules[at]!, language.dropsAll(rules[at]!.id))]];
}

/** It has an id of its own, so that a later start does not take it for the one it stands for. */
function replaced({ id }: RenderedRule, text: string): RenderedRule {
  const own = [...id].reverse().join('');
  return { id: own, text: text.replace(`cali:${id}`, `cali:${own}`) };
}
