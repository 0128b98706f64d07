import { isMap } from '../../base/data.js';
import type { Policy, Profile } from '../../policy/policy.js';
import type { Direction, Rule as PolicyRule } from '../../policy/rule.js';
import type { Family } from '../desired.js';
import { policyChainName, PREFIX, shortKind } from './names.js';
import { ruleForms } from './policy-rule.js';
import { chain, DENY, marked, RETURN, rule, setMark, type Action, type Chain, type Match, type Rule } from './rule.js';
import type { Terms } from './terms.js';

/** How a policy or a profile is named in its chain. */
interface Owner {
  readonly chainName: string;
  readonly comment: string;
  readonly tier: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

/** The chain of the rules of a policy in one direction (reference/netfilter 8). */
export function policyChain(terms: Terms, policy: Policy, direction: Direction, family: Family): Chain {
  const { name, namespace, tier, object: { kind } } = policy;
  const whole = namespace === undefined ? name : `${namespace}/${name}`;
  const chainName = terms.chainName(direction === 'ingress' ? PREFIX.policyIn : PREFIX.policyOut, policyChainName(kind, name, namespace));
  return rulesChain(terms, { chainName, comment: `${kind} ${whole} ${direction}`, tier: tier.name, kind: shortKind(kind), name, namespace }, policy.rules(direction), family);
}

/** The name of the chain of a profile. */
export function profileChainName({ chainName }: Terms, name: string, direction: Direction): string {
  return chainName(direction === 'ingress' ? PREFIX.profileIn : PREFIX.profileOut, name);
}

/** The chain of the rules of a profile in one direction; of one that nobody stored, a rule that denies. */
export function profileChain(terms: Terms, profile: Profile, direction: Direction, family: Family): Chain {
  const { name } = profile;
  const owner = { chainName: profileChainName(terms, name, direction), comment: `Profile ${name} ${direction}`, tier: '', kind: 'pro', name, namespace: undefined };
  return rulesChain(terms, owner, profile.rules(direction), family);
}

function rulesChain(terms: Terms, owner: Owner, rules: readonly PolicyRule[], family: Family): Chain {
  const all = rules.flatMap((each) => kernelRules(terms, owner, each, family));
  while (all.at(-1)?.action?.kind === 'return') all.pop();
  const [first = rule([], undefined), ...others] = all;
  return chain(owner.chainName, { ...first, comments: [...first.comments, owner.comment] }, ...others);
}

/** What a packet that matches is told: to leave the chain with a mark, or to be denied. */
function kernelRules(terms: Terms, owner: Owner, each: PolicyRule, family: Family): readonly Rule[] {
  const forms = ruleForms(terms, each.stored, family, each.owner.namespace);
  if (forms.length === 0) return [];
  const { marks } = terms;
  const [mark, then] = each.action === 'deny' ? [marks.drop, DENY] : [each.action === 'pass' ? marks.pass : marks.accept, RETURN];
  const isLog = each.action === 'log';
  const limit = isLog ? logLimit(terms) : [];
  const action: Action = isLog ? { kind: 'log', prefix: logPrefix(terms, owner) } : setMark(mark);
  const rules = [
    ...forms.flatMap(({ before, matches }) => [...before, rule([...limit, ...matches], action)]),
    ...(isLog ? [] : [rule([marked(mark)], then)]),
  ];
  const notes = annotations(each);
  return notes.length === 0 ? rules : rules.map((one) => ({ ...one, comments: [...one.comments, ...notes] }));
}

function annotations({ stored: { metadata } }: PolicyRule): readonly string[] {
  const notes = isMap(metadata) ? metadata['annotations'] : undefined;
  return isMap(notes) ? Object.entries(notes).map(([key, value]) => `${key}=${String(value)}`).sort() : [];
}

function logLimit({ settings: { logActionRateLimit: rate, logActionRateLimitBurst: burst } }: Terms): readonly Match[] {
  return rate === '' ? [] : [{ kind: 'limit', rate, burst }];
}

const DEFAULT_PREFIX = 'calico-packet';

/** The setting, with what it says of the policy filled in; characters that would end the text are left out. */
function logPrefix({ settings }: Terms, { tier, kind, name, namespace }: Owner): string {
  const values: Readonly<Record<string, string>> = { t: tier, k: kind, n: name, p: namespace === undefined ? name : `${namespace}/${name}` };
  const text = settings.logPrefix === '' ? DEFAULT_PREFIX : settings.logPrefix;
  return text.replace(/%([tknp])/g, (_, letter: string) => values[letter]!).replace(/["\\\p{Cc}]/gu, '');
}
