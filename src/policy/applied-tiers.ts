import { DIRECTIONS, type Model } from './model.js';
import type { HookPolicies } from './tier-policies.js';
import type { Endpoint } from './known-objects.js';
import type { Policy, Tier } from './policy.js';
import type { Direction } from './rule.js';

/** A tier that counts for an endpoint in a hook, with the policies that are asked in each direction, in order. */
export interface TierOf {
  readonly tier: Tier;
  readonly policies: Readonly<Record<Direction, readonly Policy[]>>;
}

/** The policies that are asked about packets of an endpoint in a hook, in order (reference/policy 3); `normal` are those of the hooks workload and host. */
export function tiersOf(model: Model, { group }: Endpoint, hook: HookPolicies): readonly TierOf[] {
  const [ingress, egress] = DIRECTIONS.map((direction) => new Map(model.tiers(group, hook, direction).map(({ tier, policies }) => [tier, policies])));
  const tiers = new Set(model.selecting(group).map(({ tier }) => tier));
  return [...tiers]
    .map((tier) => ({ tier, policies: { ingress: ingress?.get(tier) ?? [], egress: egress?.get(tier) ?? [] } }))
    .filter(({ policies }) => policies.ingress.length + policies.egress.length > 0);
}
