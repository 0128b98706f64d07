import { felixSettings } from '../../policy/felix-settings.js';
import type { HookClass } from '../../policy/hook-classes.js';
import type { Endpoint } from '../../policy/known-objects.js';
import { DIRECTIONS, type Model } from '../../policy/model.js';
import type { Policy, Profile, Tier } from '../../policy/policy.js';
import type { Rule } from '../../policy/rule.js';

/** Nothing decides before the rules. */
const SETTINGS = felixSettings([{ origin: 'nobody', texts: new Map([['failsafeInboundHostPorts', 'none'], ['failsafeOutboundHostPorts', 'none']]) }]);

const SOMEBODY: Endpoint = { id: '', kind: 'host', name: '', labels: {}, group: 0, nets: [], ports: [], node: '', interfaceName: '', profiles: [], identity: '' };
const TIER: Tier = { name: '', order: 0, defaultAction: 'pass', isStored: true };

/**
 * The lists of rules of which none is ever asked, because no endpoint is selected or others decide: each as if somebody with any address asked
 * it and nothing else. A rule behind a deny stays a fault there.
 */
export function listsAlone({ parts: { policies, profiles } }: Model, isKnown: (rule: Rule) => boolean): readonly HookClass[] {
  const owners: readonly (Policy | Profile)[] = [...policies.policies, ...[...profiles.values()].filter(({ object }) => object !== undefined)];
  return owners.flatMap((owner) => DIRECTIONS.filter((direction) => !('governs' in owner) || owner.governs(direction)).flatMap((direction) => {
    const rules = owner.rules(direction);
    if (rules.length < 2 || rules.some(isKnown)) return [];
    const questions = { tiers: [{ tier: TIER, policies: [], rules }], direction, endsTiers: false, isGoverned: true };
    return [{ hook: { hook: 'host', direction, endpoint: SOMEBODY, settings: SETTINGS, questions }, endpoints: [] }];
  }));
}
