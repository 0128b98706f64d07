import { tiersOf, type TierOf } from '../policy/applied-tiers.js';
import { isIn, isSelected, type Condition, type Side } from '../policy/condition.js';
import type { Endpoint, KnownObject } from '../policy/known-objects.js';
import { DIRECTIONS, type Model } from '../policy/model.js';
import type { HookPolicies } from '../policy/tier-policies.js';
import type { Policy } from '../policy/policy.js';
import type { Rule } from '../policy/rule.js';

/** A rule that means an endpoint as its source or destination. */
export interface Mention {
  readonly rule: Rule;
  readonly sides: readonly Side[];
}

/** Policies that are asked about packets of an endpoint in one hook. */
export interface HookTiers {
  readonly hook: HookPolicies;
  readonly tiers: readonly TierOf[];
}

/** What policies have to do with an endpoint. */
export interface EndpointPolicies {
  readonly endpoint: Endpoint;
  /** The normal ones first; the others where there are any. */
  readonly hooks: readonly HookTiers[];
  /** Rules of policies that do not select it. */
  readonly mentions: readonly Mention[];
}

const SIDES: readonly Side[] = ['source', 'destination'];

/** What applies to an endpoint, and what merely mentions it. */
export function policiesOf(model: Model, endpoint: Endpoint): EndpointPolicies {
  const others: readonly HookPolicies[] = endpoint.kind === 'host' ? ['forward', 'untracked', 'preDNAT'] : [];
  const hooks = others.map((hook) => ({ hook, tiers: tiersOf(model, endpoint, hook) })).filter(({ tiers }) => tiers.length > 0);
  const selecting = model.selecting(endpoint.group);
  const mentions = model.parts.policies.policies.filter((policy) => !selecting.includes(policy)).flatMap(rulesOf).flatMap((rule) => {
    const sides = SIDES.filter((side) => isNamed(model, rule, side, endpoint));
    return sides.length === 0 ? [] : [{ rule, sides }];
  });
  return { endpoint, hooks: [{ hook: 'normal', tiers: tiersOf(model, endpoint, 'normal') }, ...hooks], mentions };
}

/** The rules of the directions that a policy governs. */
export function rulesOf(policy: Policy): readonly Rule[] {
  return DIRECTIONS.filter((direction) => policy.governs(direction)).flatMap((direction) => policy.rules(direction));
}

/** What a policy selects, and what each of its rules means. */
export interface PolicyObjects {
  readonly policy: Policy;
  readonly selects: readonly Endpoint[];
  readonly rules: readonly RuleObjects[];
}

/** The known objects that the sides of a rule mean; undefined for a side that is not about addresses, so that it means everything. */
export interface RuleObjects {
  readonly rule: Rule;
  readonly source: readonly KnownObject[] | undefined;
  readonly destination: readonly KnownObject[] | undefined;
}

/** Which endpoints a policy selects, and which objects its rules match. */
export function objectsOf(model: Model, policy: Policy): PolicyObjects {
  const { endpoints, objects } = model.parts;
  const side = (rule: Rule, which: Side): readonly KnownObject[] | undefined => {
    const isAboutAddresses = VERSIONS.some((version) => addressConditions(rule, which, version).length > 0);
    return isAboutAddresses ? objects.filter((object) => isMatched(model, rule, which, object)) : undefined;
  };
  return {
    policy,
    selects: endpoints.filter(({ group }) => policy.matcher.accepts(group)),
    rules: rulesOf(policy).map((rule) => ({ rule, source: side(rule, 'source'), destination: side(rule, 'destination') })),
  };
}

const VERSIONS = [4, 6] as const;

/** Conditions about the addresses of a side of a rule. */
function addressConditions(rule: Rule, side: Side, version: 4 | 6): readonly Extract<Condition, { readonly kind: 'nets' | 'selector' }>[] {
  return rule.conditions(version).filter((condition): condition is Extract<Condition, { readonly kind: 'nets' | 'selector' }> => (condition.kind === 'nets' || condition.kind === 'selector') && condition.side === side);
}

/** Whether a side of a rule names an object by a selector or a network, not by leaving everybody in. */
function isNamed(model: Model, rule: Rule, side: Side, object: KnownObject): boolean {
  return VERSIONS.some((version) => addressConditions(rule, side, version).some(({ not }) => !not)) && isMatched(model, rule, side, object);
}

function isMatched(model: Model, rule: Rule, side: Side, { nets }: KnownObject): boolean {
  return nets.some(({ address }) => {
    const conditions = addressConditions(rule, side, address.version);
    if (conditions.length === 0) return false;
    const at = model.addressOf(address);
    return conditions.every((condition) => (condition.kind === 'nets' ? isIn(condition.nets, at) : isSelected(condition.matcher, at)) !== condition.not);
  });
}
