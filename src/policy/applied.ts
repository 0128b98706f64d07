import type { Endpoint } from './known-objects.js';
import { tiersOf } from './applied-tiers.js';
import type { Model } from './model.js';
import type { HookPolicies } from './tier-policies.js';
import type { Policy, Tier } from './policy.js';

/** A tier that counts for an endpoint, with its policies in order: their places in `Applied.policies`, or what else stands for them. */
export interface AppliedTier<Shown = number> {
  readonly name: string;
  /** What happens at its end; empty where nobody stored the tier, which denies. */
  readonly default: 'Deny' | 'Pass' | '';
  readonly ingress?: readonly Shown[];
  readonly egress?: readonly Shown[];
}

/** What applies to an endpoint, hook by hook; `tiers` is for the hooks workload and host. */
export interface AppliedEndpoint<Shown = number> {
  readonly node: string;
  readonly interface?: string;
  readonly tiers?: readonly AppliedTier<Shown>[];
  readonly forward?: readonly AppliedTier<Shown>[];
  readonly untracked?: readonly AppliedTier<Shown>[];
  readonly preDNAT?: readonly AppliedTier<Shown>[];
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
  const endpoints = model.parts.endpoints.map((endpoint) => [endpoint.id, appliedEndpoint(model, endpoint, (policy) => placeOf(policy, places))] as const);
  return { policies: [...places.keys()].map(({ id }) => id), endpoints: Object.fromEntries(endpoints) };
}

/**
 * Which policies apply to an endpoint, in order.
 * @param shown what stands for a policy in the lists
 */
export function appliedEndpoint<Shown>(model: Model, endpoint: Endpoint, shown: (policy: Policy) => Shown): AppliedEndpoint<Shown> {
  const { node, interfaceName, kind, profiles } = endpoint;
  const of = <Name extends string>(name: Name, hook: HookPolicies): Partial<Record<Name, readonly AppliedTier<Shown>[]>> => {
    const tiers = appliedTiers(model, endpoint, hook, shown);
    return tiers.length === 0 ? {} : ({ [name]: tiers } as Record<Name, readonly AppliedTier<Shown>[]>);
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

function appliedTiers<Shown>(model: Model, endpoint: Endpoint, hook: HookPolicies, shown: (policy: Policy) => Shown): readonly AppliedTier<Shown>[] {
  return tiersOf(model, endpoint, hook).map(({ tier, policies: { ingress, egress } }) => ({
    name: tier.name,
    default: defaultOf(tier, hook),
    ...(ingress.length > 0 && { ingress: ingress.map(shown) }),
    ...(egress.length > 0 && { egress: egress.map(shown) }),
  }));
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
