import type { Entry, Store } from '../../datastore/store.js';
import { prefixOf } from '../../resources/keys.js';
import type { StoredKind, StoredObject } from '../../resources/kind.js';
import { STORED_KINDS } from '../../resources/registry.js';
import { mayHoldOneOf } from '../../text/search.js';
import { decodeStored, isCorrupt } from '../../resources/stored-value.js';
import { referencesOf, type Reference } from '../../resources/v3/references.js';
import { workloadEndpoint } from '../../resources/v3/workload-endpoint.js';

/** Names of objects, by their kind. */
export type NamesByKind = ReadonlyMap<StoredKind, ReadonlySet<string>>;

/** A stored object that names others. */
export interface Namer {
  readonly kind: StoredKind;
  readonly entry: Entry;
  readonly object: StoredObject;
  /** Those of its references that were asked about. */
  readonly references: readonly Reference[];
}

/** Endpoints of workloads come first, as Calico deletes them first with their node (reference/storage 2.7). */
const KINDS = [workloadEndpoint, ...STORED_KINDS.filter((kind) => kind !== workloadEndpoint)];

/** Every readable object of a kind, at a revision; `mayConcern` sees the text first, so that few are parsed. */
export async function* objectsOf(store: Store, kind: StoredKind, revision: string, mayConcern: (entry: Entry) => boolean = () => true): AsyncGenerator<{ readonly entry: Entry; readonly object: StoredObject }> {
  for await (const { entries } of store.list(prefixOf(kind), { revision })) {
    for (const entry of entries) {
      const object = mayConcern(entry) ? decodeStored(kind, entry) : undefined;
      if (object !== undefined && !isCorrupt(object)) yield { entry, object };
    }
  }
}

/** Every stored object that names one of those asked about, as of a revision; kinds that name nothing of them are not read. */
export async function* namersOf(store: Store, named: NamesByKind, revision: string): AsyncGenerator<Namer> {
  const names = [...named.values()].flatMap((each) => [...each]);
  const mayHold = mayHoldOneOf(names);
  const mayConcern = ({ key, value }: Entry): boolean => mayHold(value) || names.some((name) => key.endsWith(name));
  for (const kind of KINDS) {
    if (kind.references?.some(({ to }) => named.has(to)) !== true) continue;
    for await (const { entry, object } of objectsOf(store, kind, revision, mayConcern)) {
      const references = referencesOf(kind, object).filter(({ kind: to, name }) => named.get(to)?.has(name) === true);
      if (references.length > 0) yield { kind, entry, object, references };
    }
  }
}
