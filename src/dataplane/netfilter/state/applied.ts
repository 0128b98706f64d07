import type { Policy } from '../../../policy/policy.js';
import type { Direction } from '../../../policy/rule.js';
import { tierPolicies, type HookPolicies } from '../../../policy/tier-policies.js';
import type { TierGroups } from '../endpoint-chain.js';
import type { PolicyGroup, PolicyGroups } from '../groups.js';

/** Policies that apply to endpoints, in order, and what chains are made of them: one object for all endpoints that have the same. */
export class AppliedPolicies {
  private readonly asked = new Map<string, { readonly tiers: readonly TierGroups[]; readonly key: string }>();

  constructor(
    readonly policies: readonly Policy[],
    private readonly groups: PolicyGroups,
  ) {}

  /** The tiers that count in a hook and direction; one of staged policies alone counts as well (reference/netfilter 7). */
  tiers(hook: HookPolicies, direction: Direction): readonly TierGroups[] {
    return this.of(hook, direction).tiers;
  }

  /** What of it a chain depends on, as text. */
  key(hook: HookPolicies, direction: Direction): string {
    return this.of(hook, direction).key;
  }

  /** Whether some policy, be it a staged one, is asked in a hook. */
  isAskedIn(hook: HookPolicies): boolean {
    return this.tiers(hook, 'ingress').length > 0 || this.tiers(hook, 'egress').length > 0;
  }

  /** The groups that chains were made of. */
  get groupsInUse(): readonly PolicyGroup[] {
    return [...this.asked.values()].flatMap(({ tiers }) => tiers).flatMap(({ groups }) => groups);
  }

  private of(hook: HookPolicies, direction: Direction): { readonly tiers: readonly TierGroups[]; readonly key: string } {
    const name = `${hook} ${direction}`;
    let asked = this.asked.get(name);
    if (asked === undefined) this.asked.set(name, (asked = this.make(hook, direction)));
    return asked;
  }

  private make(hook: HookPolicies, direction: Direction): { readonly tiers: readonly TierGroups[]; readonly key: string } {
    const tiers = tierPolicies(this.policies, hook, direction).map(({ tier, policies }): TierGroups => ({
      name: tier.name, denies: tier.defaultAction === 'deny', groups: this.groups.of(policies, direction),
    }));
    return { tiers, key: JSON.stringify(tiers.map(({ name, denies, groups }) => [name, denies, groups.map(({ chainName }) => chainName)])) };
  }
}

/** Makes one object of equal lists of policies. */
export class AppliedLists {
  private readonly numbers = new WeakMap<Policy, number>();
  private next = 0;
  private readonly known = new Map<string, AppliedPolicies>();

  constructor(private readonly groups: PolicyGroups) {}

  /** @param policies in their order */
  of(policies: readonly Policy[]): AppliedPolicies {
    const key = policies.map((policy) => this.numberOf(policy)).join(' ');
    let applied = this.known.get(key);
    if (applied === undefined) this.known.set(key, (applied = new AppliedPolicies(policies, this.groups)));
    return applied;
  }

  /** Forgets lists that are not in use, and groups that are in none. */
  keep(used: ReadonlySet<AppliedPolicies>): void {
    if (this.known.size <= used.size) return;
    for (const [key, applied] of this.known) if (!used.has(applied)) this.known.delete(key);
    this.groups.keep(new Set([...used].flatMap(({ groupsInUse }) => groupsInUse)));
  }

  private numberOf(policy: Policy): number {
    let number = this.numbers.get(policy);
    if (number === undefined) this.numbers.set(policy, (number = this.next++));
    return number;
  }
}
