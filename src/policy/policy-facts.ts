import { DIRECTIONS, type Model } from './model.js';
import type { Policy } from './policy.js';
import type { Direction } from './rule.js';

/** What a policy applies to. */
export interface PolicyFacts {
  readonly policy: string;
  /** The ids of the endpoints it applies to in some hook. */
  readonly endpoints: readonly string[];
  /** The directions in which it has rules, and none but Log. */
  readonly logOnly?: readonly Direction[];
}

/** Of every enforced policy, by id. */
export function policyFacts(model: Model): readonly PolicyFacts[] {
  const { policies, endpoints } = model.parts;
  const applied = new Map<Policy, string[]>(policies.policies.map((policy) => [policy, []]));
  for (const { id, kind, group } of endpoints) {
    for (const policy of model.selecting(group)) if (kind === 'host' || policy.use === 'normal') applied.get(policy)!.push(id);
  }
  return [...applied].map(([policy, ids]) => {
    const logOnly = DIRECTIONS.filter((direction) => policy.rules(direction).length > 0 && policy.rules(direction).every(({ action }) => action === 'log'));
    return { policy: policy.id, endpoints: ids.sort(), ...(logOnly.length > 0 && { logOnly }) };
  }).sort((left, right) => (left.policy < right.policy ? -1 : 1));
}
