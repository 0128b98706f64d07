import type { Endpoint } from './known-objects.js';
import { DIRECTIONS, type HookPolicies, type Model } from './model.js';
import type { Policy, Tier } from './policy.js';

/** A tier that counts for an endpoint, with the places of its policies in `Applied.policies`, in order. */
export interface AppliedTier {
  readonly name: string;
  /** What happens at its end; empty where nobody stored the tier, which denies. */
  readonly default: 'Deny' | 'Pass' | '';
  readonly ingress?: readonly number[];
  readonly egress?: readonly number[];
}

/** What applies to an endpoint, hook by hook; `tiers` is for the hooks workload and host. */
export interface AppliedEndpoint {
  readonly node: string;
  readonly interface?: string;
  readonly tiers?: readonly AppliedTier[];
  readonly forward?: readonly AppliedTier[];
  readonly untracked?: readonly AppliedTier[];
  readonly preDNAT?: readonly AppliedTier[];
  readonly profiles?: readonly string[];
  /** The interfaces that a host endpoint governs. */
  readonly activeOn?: readonly string[];
}

/** What applies to every endpoint. */
export interface Applied {
  readonly policies: readonly string[];
  readonly endpoints: Readonly<Record<string, AppliedEndpoint>>;
}

/** Which policies apply to each endpoint, in order. */
export function appliedTo(model: Model): Applied {
  const places = new Map<Policy, number>();
  const endpoints = model.parts.endpoints.map((endpoint) => [endpoint.id, appliedEndpoint(model, endpoint, places)] as const);
  return { policies: [...places.keys()].map(({ id }) => id), endpoints: Object.fromEntries(endpoints) };
}

function appliedEndpoint(model: Model, endpoint: Endpoint, places: Map<Policy, number>): AppliedEndpoint {
  const { node, interfaceName, kind, profiles } = endpoint;
  const of = <Name extends string>(name: Name, hook: HookPolicies): Partial<Record<Name, readonly AppliedTier[]>> => {
    const tiers = appliedTiers(model, endpoint, hook, places);
    return tiers.length === 0 ? {} : ({ [name]: tiers } as Record<Name, readonly AppliedTier[]>);
  };
  const active = kind === 'host' ? model.host(node).governedBy(endpoint) : [];
  return {
    node,
    ...(interfaceName !== '' && { interface: interfaceName }),
    ...of('tiers', 'normal'),
    ...(kind === 'host' && { ...of('forward', 'forward'), ...of('untracked', 'untracked'), ...of('preDNAT', 'preDNAT') }),
    ...(profiles.length > 0 && { profiles }),
    ...(active.length > 0 && { activeOn: active }),
  };
}

function appliedTiers(model: Model, { group }: Endpoint, hook: HookPolicies, places: Map<Policy, number>): readonly AppliedTier[] {
  const byDirection = DIRECTIONS.map((direction) => model.tiers(group, hook, direction));
  const tiers = new Set(model.selecting(group).map(({ tier }) => tier));
  return [...tiers].filter((tier) => byDirection.some((list) => list.some((each) => each.tier === tier))).map((tier) => {
    const lists = DIRECTIONS.map((direction, at) => [direction, byDirection[at]!.find((each) => each.tier === tier)?.policies.map((policy) => placeOf(policy, places))] as const);
    return { name: tier.name, default: defaultOf(tier, hook), ...Object.fromEntries(lists.filter(([, list]) => list !== undefined)) };
  });
}

/** The end of a tier does nothing in the hooks before connection tracking and address translation, as a Pass would. */
function defaultOf({ isStored, defaultAction }: Tier, hook: HookPolicies): AppliedTier['default'] {
  if (hook === 'untracked' || hook === 'preDNAT') return 'Pass';
  return !isStored ? '' : defaultAction === 'pass' ? 'Pass' : 'Deny';
}

function placeOf(policy: Policy, places: Map<Policy, number>): number {
  let place = places.get(policy);
  if (place === undefined) places.set(policy, (place = places.size));
  return place;
}
