import type { StoredObject } from '../../../resources/kind.js';
import type { Endpoint, KnownObject } from '../../../policy/known-objects.js';
import { LabelIndex } from '../../../policy/label-index.js';
import { comparePolicies, type Policy } from '../../../policy/policy.js';
import type { PolicyGroups } from '../groups.js';
import { AppliedLists, type AppliedPolicies } from './applied.js';
import type { ChangedKnown } from './known.js';
import type { ChangedPolicies } from './policy-list.js';

/** An endpoint of this host: the same object as long as neither it nor its policies change. */
export interface LocalEndpoint {
  readonly endpoint: Endpoint;
  readonly object: StoredObject;
  readonly applied: AppliedPolicies;
}

/** The endpoints of one host, and which policies apply to each. */
export class LocalEndpoints {
  private readonly stale = new Set<Endpoint>();
  private readonly objects = new Map<Endpoint, StoredObject>();
  private readonly local = new Map<Endpoint, LocalEndpoint>();
  private readonly policies = new Map<string, Set<Policy>>();
  private readonly index = new LabelIndex<Endpoint>({ onMatch: (_, endpoint) => void this.stale.add(endpoint) });
  private readonly lists: AppliedLists;

  constructor(
    private readonly host: string,
    groups: PolicyGroups,
  ) {
    this.lists = new AppliedLists(groups);
  }

  /** Takes what changed. Returns whether any endpoint of the host, or a policy of one, did. */
  take({ added, removed }: ChangedKnown, policies: ChangedPolicies): boolean {
    let isChanged = false;
    for (const { known } of removed) {
      if (!this.isLocal(known)) continue;
      isChanged = true;
      this.index.deleteItem(known);
      this.stale.delete(known);
      this.objects.delete(known);
      this.local.delete(known);
    }
    for (const { known, object } of added) {
      if (!this.isLocal(known)) continue;
      this.objects.set(known, object);
      this.index.addItem(known, known.labels);
      this.stale.add(known);
    }
    this.takePolicies(policies);
    isChanged ||= this.stale.size > 0;
    for (const endpoint of this.stale) this.apply(endpoint);
    this.stale.clear();
    if (isChanged) this.lists.keep(new Set(Array.from(this.local.values(), ({ applied }) => applied)));
    return isChanged;
  }

  /** All of them, in no order. */
  get all(): Iterable<LocalEndpoint> {
    return this.local.values();
  }

  private takePolicies({ added, removed }: ChangedPolicies): void {
    for (const policy of added) {
      const text = policy.selectorText;
      const others = this.policies.get(text);
      if (others === undefined) {
        this.policies.set(text, new Set([policy]));
        this.index.addSelector(text, policy.selector);
      } else others.add(policy);
      this.touch(text);
    }
    for (const policy of removed) {
      const text = policy.selectorText;
      const others = this.policies.get(text)!;
      this.touch(text);
      others.delete(policy);
      if (others.size > 0) continue;
      this.policies.delete(text);
      this.index.deleteSelector(text);
    }
  }

  private touch(text: string): void {
    for (const endpoint of this.index.matching(text)) this.stale.add(endpoint);
  }

  private apply(endpoint: Endpoint): void {
    const policies = [...this.index.selecting(endpoint)].flatMap((text) => [...this.policies.get(text)!]).sort(comparePolicies);
    const applied = this.lists.of(policies);
    if (this.local.get(endpoint)?.applied !== applied) this.local.set(endpoint, { endpoint, object: this.objects.get(endpoint)!, applied });
  }

  private isLocal(known: KnownObject | Endpoint): known is Endpoint {
    return known.kind !== 'set' && (known as Endpoint).node === this.host;
  }
}
