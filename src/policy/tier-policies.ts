import type { Policy, PolicyUse, Tier } from './policy.js';
import type { Direction, Rule } from './rule.js';

/** The policies of one tier that an endpoint asks in one hook and direction, in their order. */
export interface TierPolicies {
  readonly tier: Tier;
  readonly policies: readonly Policy[];
  /** The rules of all of them, in order: a Pass leaves the tier, not the policy. */
  readonly rules: readonly Rule[];
}

/** Which policies of an endpoint a hook asks (reference/policy 7). */
export type HookPolicies = PolicyUse | 'forward';

/** Whether a hook asks a policy, if it governs the direction at all. */
export function isAsked(policy: Policy, hook: HookPolicies): boolean {
  return hook === 'forward' ? policy.use === 'normal' && policy.appliesOnForward : policy.use === hook;
}

/**
 * Of policies that select an endpoint, those that a hook asks in a direction, by tier (reference/policy 3).
 * @param policies in their order
 */
export function tierPolicies(policies: readonly Policy[], hook: HookPolicies, direction: Direction): readonly TierPolicies[] {
  const tiers: { tier: Tier; policies: Policy[] }[] = [];
  for (const policy of policies) {
    if (!isAsked(policy, hook) || !policy.governs(direction)) continue;
    const last = tiers.at(-1);
    if (last?.tier === policy.tier) last.policies.push(policy);
    else tiers.push({ tier: policy.tier, policies: [policy] });
  }
  return tiers.map((each) => ({ ...each, rules: each.policies.flatMap((policy) => policy.rules(direction)) }));
}
