import type { RenderedRule, TableState } from '../desired.js';

/** What is put in the place of rules that the kernel refuses, by their ids: how many ways around were refused, too. */
export type Refusals = ReadonlyMap<string, number>;

/** Chains that hold the rules of one policy or profile, where it is known what each rule is for. */
const OF_RULES = /^cali-(pi|po|pri|pro)-/;
const REJECT = /--jump REJECT( --reject-with \S+)?/;
const SETS_MARK = /--jump MARK --set-mark (0x[0-9a-f]+)\/\1( |$)/;

/**
 * A table without the rules that the kernel refuses, so that they do not keep out everything else (reference/felix 4.4). A REJECT becomes
 * a DROP. Of a policy's rule, what allows is left out as a whole; in the place of anything else everything is dropped: less may
 * pass than was asked for, never more.
 * @param acceptMark the mark of accepted packets, as rules have it: `0x10000`
 */
export function withoutRefused(state: TableState, refusals: Refusals, acceptMark: string): TableState {
  if (refusals.size === 0) return state;
  const chains = new Map([...state.chains].map(([chain, rules]) => [chain, rules.some(({ id }) => refusals.has(id)) ? repaired(chain, rules, refusals, acceptMark) : rules]));
  const hooks = new Map([...state.hooks].map(([chain, { inserted, appended }]) => [chain, { inserted: repaired(chain, inserted, refusals, acceptMark), appended: repaired(chain, appended, refusals, acceptMark) }]));
  return { chains, hooks };
}

function repaired(chain: string, rules: readonly RenderedRule[], refusals: Refusals, acceptMark: string): readonly RenderedRule[] {
  const places = new Map<number, RenderedRule | undefined>();
  rules.forEach((rule, at) => {
    const tries = refusals.get(rule.id);
    if (tries === undefined) return;
    const isReject = REJECT.test(rule.text);
    if (isReject && tries === 1) places.set(at, replaced(rule, rule.text.replace(REJECT, '--jump DROP')));
    else if (!OF_RULES.test(chain)) places.set(at, undefined);
    else for (const [place, instead] of aroundRule(rules, at, acceptMark)) places.set(place, instead);
  });
  return rules.flatMap((rule, at) => (places.has(at) ? (places.get(at) ?? []) : rule));
}

/** A rule of a policy is several of iptables, the last of which says what it is for. */
function aroundRule(rules: readonly RenderedRule[], at: number, acceptMark: string): readonly (readonly [number, RenderedRule | undefined])[] {
  for (let end = at; end < rules.length; end++) {
    const { text } = rules[end]!;
    const mark = SETS_MARK.exec(text)?.[1];
    if (mark === acceptMark) return [[at, undefined], [end, undefined]];
    if (/--jump LOG( |$)/.test(text)) return [[at, undefined], [end, undefined]];
    if (mark !== undefined && isVerdict(rules[end + 1]?.text ?? '', mark)) break;
    if (/--jump (DROP|REJECT)( |$)/.test(text)) break;
  }
  return [[at, replaced(rules[at]!, `-m comment --comment "cali:${rules[at]!.id}" --jump DROP`)]];
}

/** Whether a rule acts on a mark that the one before it set: scratch marks are set and read on. */
function isVerdict(text: string, mark: string): boolean {
  return new RegExp(`--mark ${mark}/${mark} --jump (RETURN|DROP|REJECT|ACCEPT)`).test(text);
}

/** It has an id of its own, so that a later start does not take it for the one it stands for. */
function replaced({ id }: RenderedRule, text: string): RenderedRule {
  const own = [...id].reverse().join('');
  return { id: own, text: text.replace(`cali:${id}`, `cali:${own}`) };
}
