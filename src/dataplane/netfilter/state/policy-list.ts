import type { StoredObject } from '../../../resources/kind.js';
import { hasReadableSelectors, unknownActions } from '../../../policy/accepted.js';
import { LabelGroups } from '../../../policy/label-groups.js';
import { Policy, readTiers, tierOf, type Tier } from '../../../policy/policy.js';
import type { ObjectsByKind } from '../../input.js';
import { nameOf, ObjectList } from './changed-objects.js';

const POLICY_KINDS = ['GlobalNetworkPolicy', 'NetworkPolicy', 'StagedGlobalNetworkPolicy', 'StagedNetworkPolicy', 'StagedKubernetesNetworkPolicy'] as const;

/** Policies here are asked by their selectors alone, not by groups of objects. */
const NO_GROUPS = new LabelGroups(new Set());

/** Policies that came and went; one that is another now, or whose tier is, is in both. */
export interface ChangedPolicies {
  readonly added: readonly Policy[];
  readonly removed: readonly Policy[];
}

/** The policies of a store, staged ones included, made anew only where they or their tiers changed. */
export class PolicyList {
  private readonly lists = POLICY_KINDS.map((kind) => ({ kind, list: new ObjectList() }));
  private readonly tierList = new ObjectList();
  private readonly policies = new Map<StoredObject, Policy>();
  private tiers = new Map<string, Tier>();

  /** @param warn is told of policies that are left out, and of rules */
  constructor(private readonly warn: (text: string) => void) {}

  /** Takes the next objects. */
  take(objects: ObjectsByKind): ChangedPolicies {
    const added: Policy[] = [];
    const removed: Policy[] = [];
    const isMoved = this.takeTiers(objects);
    const changes = this.lists.map(({ kind, list }) => list.take(objects.get(kind)));
    for (const object of changes.flatMap((each) => each.removed)) {
      const policy = this.policies.get(object);
      if (policy === undefined) continue;
      removed.push(policy);
      this.policies.delete(object);
    }
    if (isMoved) {
      for (const [object, policy] of this.policies) {
        if (tierOf(object, this.tiers) === policy.tier) continue;
        removed.push(policy);
        added.push(this.make(object));
      }
    }
    for (const object of changes.flatMap((each) => each.added)) if (this.isTaken(object)) added.push(this.make(object));
    return { added, removed };
  }

  private isTaken(object: StoredObject): boolean {
    for (const action of unknownActions(object)) this.warn(`a rule of ${nameOf(object)} is left out: there is no action ${action}`);
    if (hasReadableSelectors(object)) return true;
    this.warn(`${nameOf(object)} is left out: a selector in it cannot be read`);
    return false;
  }

  private make(object: StoredObject): Policy {
    const policy = new Policy(object, tierOf(object, this.tiers), NO_GROUPS);
    this.policies.set(object, policy);
    return policy;
  }

  /** Whether a tier may be another than it was; one that is the same stays the same object. */
  private takeTiers(objects: ObjectsByKind): boolean {
    const { added, removed } = this.tierList.take(objects.get('Tier'));
    if (added.length + removed.length === 0) return false;
    const before = this.tiers;
    this.tiers = new Map([...readTiers(objects.get('Tier') ?? [])].map(([name, tier]) => {
      const known = before.get(name);
      return [name, known !== undefined && isSame(known, tier) ? known : tier];
    }));
    for (const [name, tier] of before) if (!tier.isStored && !this.tiers.has(name)) this.tiers.set(name, tier);
    return true;
  }
}

function isSame(left: Tier, right: Tier): boolean {
  return left.order === right.order && left.defaultAction === right.defaultAction && left.isStored === right.isStored;
}
