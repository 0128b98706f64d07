import type { Entry, Store } from '../../datastore/store.js';
import { storedTarget, type Target } from '../../objects/target.js';
import { viewObject } from '../../objects/view.js';
import { prefixOf } from '../../resources/keys.js';
import type { ClassicDocument, Kind, StoredKind, StoredObject } from '../../resources/kind.js';
import { decodeStored, isCorrupt } from '../../resources/stored-value.js';
import { Pace } from '../../base/pace.js';
import { candidateKeys } from '../find.js';
import type { Step } from '../step.js';
import { isClusterMade } from './cluster-made.js';
import type { PruneScope } from './scope.js';

/** A stored resource that no file has. */
export interface Prunable {
  /** Names the revision that was seen: one that somebody changes meanwhile is not deleted. */
  readonly target: Target;
  /** The kind as the operator calls it. */
  readonly kind: Kind;
  readonly entry: Entry;
}

/**
 * What of a scope is in the store, as of a revision, and not among the resources of a plan; in the order of kinds and keys. What
 * the cluster makes itself, and what cannot be read, stays.
 * @param steps what becomes of all resources of the files, whatever it is
 */
export async function prunable(store: Store, steps: readonly Step[], { kinds, namespaces, filter }: PruneScope, at: { readonly revision: string; readonly signal?: AbortSignal | undefined }): Promise<readonly Prunable[]> {
  const pace = new Pace(at.signal);
  const kept = new Set<string>();
  await pace.each(steps, ({ target, key }) => {
    kept.add(key);
    if (kinds.has(target.stored)) for (const other of candidateKeys(target)) kept.add(other);
  });
  const found: Prunable[] = [];
  for (const [stored, kind] of kinds) {
    await filter?.prepare(store, kind, at.revision);
    for (const prefix of stored.namespaced ? namespaces.map((namespace) => prefixOf(stored, namespace)) : [prefixOf(stored)]) {
      for await (const { entries } of store.list(prefix, { revision: at.revision })) {
        await pace.each(entries, (entry) => {
          const object = kept.has(entry.key) || entry.invalid === true ? undefined : decodeStored(stored, entry);
          if (object !== undefined && !isCorrupt(object) && !isClusterMade(stored, object) && filter?.accepts(kind, object) !== false) found.push({ target: targetOf(kind, stored, object), kind, entry });
        });
      }
    }
  }
  return found;
}

/** The target of exactly this object, in the words of the operator's kind. */
function targetOf(kind: Kind, stored: StoredKind, object: StoredObject): Target {
  const target = storedTarget(stored, object);
  if (kind.dialect === 'v3') return target;
  const { document, row } = viewObject(kind, object, 'documents');
  return { ...target, document, identity: kind.identityText((row as ClassicDocument).metadata) };
}
