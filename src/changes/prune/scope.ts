import { InvalidRequest } from '../../base/errors.js';
import type { Store } from '../../datastore/store.js';
import { storedKindOf } from '../../objects/view.js';
import type { Target } from '../../objects/target.js';
import type { Kind, StoredKind, StoredObject } from '../../resources/kind.js';
import { ONLY_IF_NAMED } from './cluster-made.js';

/** What somebody says of what is to be pruned. */
export interface PruneRequest {
  /** Kinds in place of those in the files. */
  readonly kinds?: readonly Kind[] | undefined;
  /** Namespaces in place of those in the files. */
  readonly namespaces?: readonly string[] | undefined;
  /** All may go unless it is given. */
  readonly filter?: PruneFilter | undefined;
}

/** Chooses what may go, by labels. */
export interface PruneFilter {
  /** Reads what it takes to decide about resources of a kind, as of a revision. */
  prepare(store: Store, kind: Kind, revision: string): Promise<void>;
  accepts(kind: Kind, object: StoredObject): boolean;
}

/** What of the store is compared with the files: all that is there and not in them goes. */
export interface PruneScope {
  /** Each stored kind once, with the kind as the operator calls it. */
  readonly kinds: ReadonlyMap<StoredKind, Kind>;
  /** For kinds with namespaces. */
  readonly namespaces: readonly string[];
  /** Kinds in the files of which nothing goes, since nobody named them. */
  readonly leftOut: readonly Kind[];
  readonly filter: PruneFilter | undefined;
}

/**
 * The kinds and namespaces in which what the files do not have goes: those of the files, or those that were named. A kind or
 * namespace that neither has is never touched, so that an empty folder takes nothing with it.
 * @throws InvalidRequest where no namespace is known for a kind that has them
 */
export function pruneScope(targets: readonly Target[], { kinds: named, namespaces, filter }: PruneRequest): PruneScope {
  const inFiles = new Map<StoredKind, Kind>();
  const spaces = new Set(namespaces);
  for (const { kind, stored, object } of targets) {
    if (!inFiles.has(stored)) inFiles.set(stored, kind);
    if (namespaces === undefined && stored.namespaced && object.metadata.namespace !== undefined) spaces.add(object.metadata.namespace);
  }
  const kinds = named === undefined ? new Map([...inFiles].filter(([stored]) => !ONLY_IF_NAMED.includes(stored))) : new Map(named.map((kind) => [storedKindOf(kind), kind]));
  const homeless = [...kinds.values()].find((kind) => storedKindOf(kind).namespaced && spaces.size === 0);
  if (homeless !== undefined) throw new InvalidRequest(`--prune-kind ${homeless.kind}: the files name no namespace of which something could be pruned`, 'name it with --prune-namespace');
  const leftOut = named === undefined ? [...inFiles].flatMap(([stored, kind]) => (ONLY_IF_NAMED.includes(stored) ? [kind] : [])) : [];
  return { kinds, namespaces: [...spaces], leftOut, filter };
}
