import { policyFacts } from '../../policy/policy-facts.js';
import { DIRECTIONS, type Model } from '../../policy/model.js';
import type { Policy } from '../../policy/policy.js';
import type { StoredObject } from '../../resources/kind.js';
import type { Coverage } from './coverage.js';
import type { Finding } from './finding.js';

/** Stored in every network; what a store without it would do with its policies is the same. */
const DEFAULT_TIER = 'default';

/** What there is to say of policies as wholes. */
export function policyFindings(model: Model, { deniedAtEnd }: Coverage, resources: readonly StoredObject[]): readonly Finding[] {
  const { policies } = model.parts.policies;
  return [...nobody(model), ...deniedAtEnd.map(endFinding), ...policies.flatMap(ungoverned), ...policies.flatMap(unknownTier), ...tierTies(model, resources)];
}

/** Policies that apply to no endpoint; one for hosts alone (doNotTrack, preDNAT) may select workloads, and applies to none. */
function nobody(model: Model): readonly Finding[] {
  const byId = new Map(model.parts.policies.policies.map((policy) => [policy.id, policy]));
  return policyFacts(model).filter(({ endpoints }) => endpoints.length === 0).map((facts) => {
    const policy = byId.get(facts.policy)!;
    return { code: 'selects-nothing', at: policy.object, policy, isForHosts: policy.use !== 'normal' };
  });
}

/** A policy that only logs, or only denies, and is the reason why everything else is denied too. */
function endFinding({ policy, direction }: Coverage['deniedAtEnd'][number]): Finding {
  const onlyLogs = policy.rules(direction).every(({ action }) => action === 'log');
  return { code: onlyLogs ? 'log-only' : 'deny-only', at: policy.object, rules: policy.rules(direction).slice(0, 1), policy, direction };
}

/** Rules of a direction that the policy is not for. */
function ungoverned(policy: Policy): readonly Finding[] {
  return DIRECTIONS.filter((direction) => !policy.governs(direction) && policy.rules(direction).length > 0)
    .map((direction) => ({ code: 'ignored-direction', at: policy.object, rules: policy.rules(direction), direction }));
}

function unknownTier(policy: Policy): readonly Finding[] {
  return policy.tier.isStored || policy.tier.name === DEFAULT_TIER ? [] : [{ code: 'unknown-tier', at: policy.object, tier: policy.tier.name }];
}

/** Tiers of equal order, both with policies for some endpoint, so that their names say which is asked first. */
function tierTies(model: Model, resources: readonly StoredObject[]): readonly Finding[] {
  const found = new Map<string, Finding>();
  const groups = new Set(model.parts.endpoints.map(({ group }) => group));
  for (const [group, direction] of [...groups].flatMap((each) => DIRECTIONS.map((direction) => [each, direction] as const))) {
    const tiers = model.tiers(group, 'normal', direction);
    for (const [at, { tier, policies }] of tiers.entries()) {
      const before = tiers[at - 1];
      const key = `${before?.tier.name ?? ''}/${tier.name}`;
      if (before === undefined || before.tier.order !== tier.order || found.has(key)) continue;
      const stored = resources.find(({ kind, metadata }) => kind === 'Tier' && metadata.name === tier.name);
      if (stored === undefined) continue;
      found.set(key, { code: 'tier-order-by-name', at: stored, first: before.tier.name, order: tier.order, policies: [before.policies[0]!, policies[0]!] });
    }
  }
  return [...found.values()];
}
