import { hasReadableSelectors } from '../../policy/accepted.js';
import { Profile, type Policy } from '../../policy/policy.js';
import type { Direction } from '../../policy/rule.js';
import { LabelGroups } from '../../policy/label-groups.js';
import { defaultAllowProfile } from '../../resources/v3/profile.js';
import type { StoredObject } from '../../resources/kind.js';
import type { Family } from '../desired.js';
import type { ObjectsByKind } from '../input.js';
import { policyChainName, PREFIX } from './names.js';
import { policyChain, profileChain, profileChainName } from './policy-chain.js';
import type { Chain } from './rule.js';
import { nameOf, ObjectList } from './state/changed-objects.js';
import type { ChangedPolicies } from './state/policy-list.js';
import type { Terms } from './terms.js';

/** What a chain is made of, and the chains that were made for each family. */
interface Entry {
  readonly make: (family: Family) => Chain;
  readonly made: { 4?: Chain; 6?: Chain };
}

const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];
const NO_GROUPS = new LabelGroups(new Set());

/** The chains of policies and profiles, by their names; each is made when something first leads to it. */
export class ChainLibrary {
  private readonly entries = new Map<string, Entry>();
  private readonly profiles = new Map<string, StoredObject>([[defaultAllowProfile.metadata.name, defaultAllowProfile]]);
  private readonly list = new ObjectList();

  constructor(
    private readonly terms: Terms,
    private readonly warn: (text: string) => void,
  ) {}

  /** Takes the next policies and objects. Returns the names of profiles that are others now. */
  take({ added, removed }: ChangedPolicies, objects: ObjectsByKind): ReadonlySet<string> {
    for (const policy of removed) for (const direction of DIRECTIONS) this.entries.delete(this.policyChainName(policy, direction));
    for (const policy of added) {
      if (policy.isStaged) continue;
      for (const direction of DIRECTIONS) this.entries.set(this.policyChainName(policy, direction), { made: {}, make: (family) => policyChain(this.terms, policy, direction, family) });
    }
    return this.takeProfiles(objects);
  }

  /** A profile by its name; undefined where nobody stored it. */
  profile(name: string): StoredObject | undefined {
    return this.profiles.get(name);
  }

  /** Makes the chains of a profile known, be it stored or not. */
  addProfile(name: string): void {
    for (const direction of DIRECTIONS) {
      const chainName = profileChainName(this.terms, name, direction);
      if (this.entries.has(chainName)) continue;
      const profile = new Profile(name, this.profiles.get(name), NO_GROUPS);
      this.entries.set(chainName, { made: {}, make: (family) => profileChain(this.terms, profile, direction, family) });
    }
  }

  /** A chain of a policy or profile, as it is for a family. */
  chain(name: string, family: Family): Chain | undefined {
    const entry = this.entries.get(name);
    return entry === undefined ? undefined : (entry.made[family] ??= entry.make(family));
  }

  private takeProfiles(objects: ObjectsByKind): ReadonlySet<string> {
    const { added, removed } = this.list.take(objects.get('Profile'));
    for (const { metadata: { name } } of removed) this.profiles.delete(name);
    for (const object of added) {
      if (hasReadableSelectors(object)) this.profiles.set(object.metadata.name, object);
      else this.warn(`${nameOf(object)} denies everything: a selector in it cannot be read`);
    }
    const changed = new Set([...added, ...removed].map(({ metadata: { name } }) => name));
    for (const name of changed) for (const direction of DIRECTIONS) this.entries.delete(profileChainName(this.terms, name, direction));
    return changed;
  }

  private policyChainName({ object: { kind }, name, namespace }: Policy, direction: Direction): string {
    return this.terms.chainName(direction === 'ingress' ? PREFIX.policyIn : PREFIX.policyOut, policyChainName(kind, name, namespace));
  }
}
