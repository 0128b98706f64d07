import type { Store } from '../../datastore/store.js';
import { keyOf } from '../../resources/keys.js';
import type { StoredKind } from '../../resources/kind.js';
import { decodeStored, isCorrupt } from '../../resources/stored-value.js';
import { globalNetworkPolicy } from '../../resources/v3/global-network-policy.js';
import { globalNetworkSet } from '../../resources/v3/global-network-set.js';
import { networkPolicy } from '../../resources/v3/network-policy.js';
import { networkSet } from '../../resources/v3/network-set.js';
import { profile } from '../../resources/v3/profile.js';
import { labelsOfSet, profileOfNamespace, selectingSides } from '../../resources/v3/rule-sides.js';
import { stagedGlobalNetworkPolicy } from '../../resources/v3/staged-global-network-policy.js';
import { stagedNetworkPolicy } from '../../resources/v3/staged-network-policy.js';
import { affected, type Deleted } from './draft.js';
import { objectsOf } from './namers.js';

/** Kinds whose objects are chosen by their labels, not by their names. */
export const SETS: readonly StoredKind[] = [globalNetworkSet, networkSet];

/** Kinds with rules that select sets. */
const WITH_RULES = [globalNetworkPolicy, networkPolicy, profile, stagedGlobalNetworkPolicy, stagedNetworkPolicy];

/** Finds the policies and profiles with rules that select network sets which are deleted, and notes them with the first such rule. */
export async function findSetNamers(store: Store, sets: readonly Deleted[], gone: ReadonlySet<string>, revision: string): Promise<void> {
  if (sets.length === 0) return;
  const labelled = await withLabels(store, sets, revision);
  const selected = new Map<string, readonly Deleted[]>();
  for (const kind of WITH_RULES) {
    for await (const { entry, object } of objectsOf(store, kind, revision)) {
      if (gone.has(entry.key)) continue;
      const told = new Set<Deleted>();
      for (const { place, selection } of selectingSides(object)) {
        let found = selected.get(selection.text);
        if (found === undefined) selected.set(selection.text, (found = labelled.filter(({ labels }) => selection.counts(labels)).map(({ set }) => set)));
        for (const set of found) {
          if (told.has(set)) continue;
          told.add(set);
          set.breaks.push(affected(kind, object, `${place} selects it`));
        }
      }
    }
  }
}

/** The labels of the sets as rules see them; a set that cannot be read is selected by nothing. */
async function withLabels(store: Store, sets: readonly Deleted[], revision: string): Promise<{ labels: Readonly<Record<string, string>>; set: Deleted }[]> {
  const namespaces = [...new Set(sets.flatMap(({ step: { target } }) => target.object.metadata.namespace ?? []))];
  const keys = [...sets.map(({ step }) => step.key), ...namespaces.map((namespace) => keyOf(profile, profileOfNamespace(namespace)))];
  const { ranges } = await store.snapshot(keys.map((key) => ({ key })), { revision });
  const inherited = new Map(namespaces.map((namespace, index) => {
    const entry = ranges[sets.length + index]?.[0];
    const found = entry && decodeStored(profile, entry);
    return [namespace, found === undefined || isCorrupt(found) ? {} : ((found.spec.labelsToApply ?? {}) as Record<string, string>)];
  }));
  return sets.flatMap((set, index) => {
    const entry = ranges[index]?.[0];
    const found = entry && decodeStored(set.kind, entry);
    return found === undefined || isCorrupt(found) ? [] : [{ labels: labelsOfSet(found, inherited.get(found.metadata.namespace ?? '')), set }];
  });
}
