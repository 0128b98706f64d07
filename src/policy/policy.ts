import type { StoredObject } from '../resources/kind.js';
import { stagedKubernetesNetworkPolicy } from '../resources/v3/staged-kubernetes-network-policy.js';
import { BUILT_IN_TIERS } from '../resources/v3/tier.js';
import { printSelector } from '../selector/print.js';
import type { Selector } from '../selector/selector.js';
import { policyId, profileId } from './ids.js';
import { texts } from './known-objects.js';
import type { LabelGroups, Matcher } from './label-groups.js';
import { endpointsOf } from './selection.js';
import { rulesIn, type Direction, type Rule, type RuleOwner } from './rule.js';

/** The tier of policies: where its policies stand among those of others, and what happens at its end. */
export interface Tier {
  readonly name: string;
  readonly order: number;
  readonly defaultAction: 'deny' | 'pass';
  /** False of one that policies name and nobody stored: Felix asks it after all others (reference/policy 3). */
  readonly isStored: boolean;
}

/** Where on the way of a packet a policy is asked. `normal` ones are asked by workloads and hosts. */
export type PolicyUse = 'untracked' | 'preDNAT' | 'normal';

const DEFAULT_TIER = 'default';

/** The order that Calico gives to policies of Kubernetes. */
const KUBERNETES_ORDER = 1000;

/** A policy, ready to be asked. Its selectors and rules are read when they are needed. */
export class Policy implements RuleOwner {
  /** `gnp:NAME` or `np:NAMESPACE/NAME`. */
  readonly id: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly order: number;
  readonly use: PolicyUse;
  readonly appliesOnForward: boolean;
  readonly isStaged: boolean;
  private readonly directions: readonly Direction[];
  private readonly rulesOf: { ingress?: readonly Rule[]; egress?: readonly Rule[] } = {};
  private ownSelector: Selector | undefined;
  private ownText: string | undefined;
  private ownMatcher: Matcher | undefined;

  constructor(
    readonly object: StoredObject,
    readonly tier: Tier,
    private readonly groups: LabelGroups,
  ) {
    const { kind, metadata: { name, namespace }, spec } = object;
    this.name = name;
    this.namespace = namespace;
    this.id = policyId(name, namespace);
    const isKubernetes = kind === stagedKubernetesNetworkPolicy.kind;
    this.order = isKubernetes ? KUBERNETES_ORDER : orderOf(spec['order']);
    this.use = spec['doNotTrack'] === true ? 'untracked' : spec['preDNAT'] === true ? 'preDNAT' : 'normal';
    this.appliesOnForward = spec['applyOnForward'] === true;
    this.isStaged = kind.startsWith('Staged');
    const types = texts(spec[isKubernetes ? 'policyTypes' : 'types']).map((type) => type.toLowerCase());
    this.directions = (['ingress', 'egress'] as const).filter((direction) => types.length === 0 || types.includes(direction));
  }

  /** Which endpoints it is for. */
  get selector(): Selector {
    return (this.ownSelector ??= endpointsOf(this.object));
  }

  /** The same in canonical form, by which Felix finds policies that select the same. */
  get selectorText(): string {
    return (this.ownText ??= printSelector(this.selector));
  }

  /** Which objects it selects, if they are endpoints. */
  get matcher(): Matcher {
    return (this.ownMatcher ??= this.groups.matcher(this.selector));
  }

  /** Whether it says anything, be it by its absence of rules, about a direction. */
  governs(direction: Direction): boolean {
    return this.directions.includes(direction);
  }

  rules(direction: Direction): readonly Rule[] {
    return (this.rulesOf[direction] ??= rulesIn(this.object.spec[direction], this, direction, this.groups));
  }
}

/** A profile: labels, and rules that are asked where no policy decided. */
export class Profile implements RuleOwner {
  readonly id: string;
  readonly namespace = undefined;
  private readonly rulesOf: { ingress?: readonly Rule[]; egress?: readonly Rule[] } = {};

  /** @param object undefined for a profile that endpoints name and nobody stored: it denies everything (reference/policy 4) */
  constructor(
    readonly name: string,
    readonly object: StoredObject | undefined,
    private readonly groups: LabelGroups,
  ) {
    this.id = profileId(name);
  }

  rules(direction: Direction): readonly Rule[] {
    const stored = this.object === undefined ? [{ action: 'Deny' }] : this.object.spec[direction];
    return (this.rulesOf[direction] ??= rulesIn(stored, this, direction, this.groups));
  }
}

/** The tiers by name. One that others stored without a default action denies; the built-in ones have theirs even if nobody stored them. */
export function readTiers(objects: Iterable<StoredObject>): Map<string, Tier> {
  const tiers = new Map<string, Tier>();
  for (const { metadata: { name }, spec } of objects) {
    const action = spec['defaultAction'] ?? BUILT_IN_TIERS[name]?.defaultAction;
    tiers.set(name, { name, order: orderOf(spec['order']), defaultAction: action === 'Pass' ? 'pass' : 'deny', isStored: true });
  }
  return tiers;
}

/** The tier of a policy. One that nobody stored is added to `tiers`; it denies at its end. */
export function tierOf({ spec }: StoredObject, tiers: Map<string, Tier>): Tier {
  const name = typeof spec['tier'] === 'string' && spec['tier'] !== '' ? spec['tier'] : DEFAULT_TIER;
  let tier = tiers.get(name);
  if (tier === undefined) tiers.set(name, (tier = { name, order: Infinity, defaultAction: 'deny', isStored: false }));
  return tier;
}

/** The order of policies of all tiers (reference/policy 3): negative, zero or positive. */
export function comparePolicies(left: Policy, right: Policy): number {
  return compareTiers(left.tier, right.tier) || ascending(left.order, right.order) || ascending(tieText(left), tieText(right));
}

function compareTiers(left: Tier, right: Tier): number {
  if (left.isStored !== right.isStored) return left.isStored ? -1 : 1;
  return ascending(left.order, right.order) || ascending(left.name, right.name);
}

function tieText({ name, namespace = '', object: { kind } }: Policy): string {
  return `${name}/${namespace}/${kind}`;
}

function ascending<T extends number | string>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** What has no order comes last. */
function orderOf(stored: unknown): number {
  return typeof stored === 'number' ? stored : Infinity;
}
