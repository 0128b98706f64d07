import type { StoredObject } from '../../resources/kind.js';
import type { ChainLibrary } from './library.js';
import { setsOfRules, type SetContent } from './sets/rule-sets.js';
import type { SetStore } from './sets/set-store.js';
import type { LocalEndpoint } from './state/local.js';

/** Keeps the sets that the policies and profiles of a host's endpoints need, whether their rules are for packets of a family or not (reference/netfilter 5). */
export class RuleNeeds {
  private active = new Set<StoredObject>();
  private readonly needs = new WeakMap<StoredObject, ReadonlyMap<string, SetContent>>();

  constructor(private readonly sets: SetStore) {}

  /** Takes the endpoints as they are now. */
  take(locals: Iterable<LocalEndpoint>, library: ChainLibrary): void {
    const active = new Set<StoredObject>();
    const lists = new Set<unknown>();
    for (const { applied, endpoint } of locals) {
      for (const name of endpoint.profiles) {
        library.addProfile(name);
        const profile = library.profile(name);
        if (profile !== undefined) active.add(profile);
      }
      if (lists.has(applied)) continue;
      lists.add(applied);
      for (const { object } of applied.policies) active.add(object);
    }
    // What is new first, so that a set that is needed still is not made anew.
    for (const object of active) if (!this.active.has(object)) for (const [id, content] of this.of(object)) this.sets.need(id, content);
    for (const object of this.active) if (!active.has(object)) for (const id of this.of(object).keys()) this.sets.release(id);
    this.active = active;
  }

  private of(object: StoredObject): ReadonlyMap<string, SetContent> {
    let needs = this.needs.get(object);
    if (needs === undefined) {
      const { ingress, egress } = object.spec;
      const rules = [ingress, egress].flatMap((list) => (Array.isArray(list) ? (list as readonly unknown[]) : []));
      this.needs.set(object, (needs = setsOfRules(rules, object.metadata.namespace)));
    }
    return needs;
  }
}
