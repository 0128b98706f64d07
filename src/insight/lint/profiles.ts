import { groupedBy } from '../../base/grouped-by.js';
import { DIRECTIONS, type Model } from '../../policy/model.js';
import type { Policy, Profile } from '../../policy/policy.js';
import type { Endpoint } from '../../policy/known-objects.js';
import type { Direction, Rule } from '../../policy/rule.js';
import type { Coverage } from './coverage.js';
import type { Finding } from './finding.js';
import type { StoredObjects } from './stored-objects.js';

/** What there is to say of profiles: those that endpoints name and nobody stored, and those that nothing comes of. */
export function profileFindings(model: Model, coverage: Coverage, stored: StoredObjects): readonly Finding[] {
  const named = model.parts.endpoints.flatMap((endpoint) => [...new Set(endpoint.profiles)].map((name) => ({ name, endpoint })));
  const naming = new Map([...groupedBy(named, ({ name }) => name)].map(([name, those]) => [name, those.map(({ endpoint }) => endpoint)]));
  return [
    ...[...naming].filter(([name]) => !model.parts.profiles.has(name)).flatMap(([name, endpoints]) => missing(name, endpoints, stored)),
    ...[...model.parts.profiles.values()].filter(hasRules).flatMap((profile) => withoutEffect(model, profile, naming.get(profile.name), coverage)),
  ];
}

function missing(name: string, endpoints: readonly Endpoint[], stored: StoredObjects): readonly Finding[] {
  return stored.groupOf(endpoints, 'missing-profile').map(({ at, others }) => ({ code: 'missing-profile', at, others, name }));
}

function hasRules(profile: Profile): boolean {
  return DIRECTIONS.some((direction) => profile.rules(direction).length > 0);
}

/** Its rules are never asked: no endpoint names it, or policies decide everything for those that do. */
function withoutEffect(model: Model, profile: Profile, endpoints: readonly Endpoint[] | undefined, { rules }: Coverage): readonly Finding[] {
  const at = profile.object!;
  if (endpoints === undefined) return isOfCluster(profile) ? [] : [{ code: 'unused-profile', at }];
  const directions = DIRECTIONS.filter((direction) => profile.rules(direction).length > 0 && profile.rules(direction).every((rule) => isNeverAsked(rules.get(rule))));
  const policies = new Set<Policy>(directions.flatMap((direction) => endpoints.flatMap(({ group }) => model.tiers(group, 'normal', direction).flatMap((tier) => tier.policies))));
  return directions.length === 0 || policies.size === 0 ? [] : [{ code: 'profile-ignored', at, rules: firstRules(profile, directions), directions, policies: [...policies] }];
}

function isNeverAsked(use: ReturnType<Coverage['rules']['get']>): boolean {
  return use?.isAsked === true && !use.isUnsure && !use.visited;
}

function firstRules(profile: Profile, directions: readonly Direction[]): readonly Rule[] {
  return directions.flatMap((direction) => profile.rules(direction).slice(0, 1));
}

/** Profiles of namespaces and service accounts stand for them, whether or not anybody is in there. */
function isOfCluster({ name }: Profile): boolean {
  return /^k(?:ns|sa)\./.test(name);
}
