import type { Data } from '../../base/data.js';
import type { Sources } from '../../changes/initialize.js';
import { creationOf, foundIn, replacementOf, type Found } from '../../changes/stored-object.js';
import type { Store } from '../../datastore/store.js';
import { keyOf } from '../../resources/keys.js';
import type { StoredKind } from '../../resources/kind.js';
import { API_VERSION } from '../../resources/v3/document.js';
import { Overtaken } from '../repeat.js';

/** Reads an object; undefined where there is none. Throws DatastoreError, stage `data`, for one that cannot be read. */
export async function read<Spec extends Data>(store: Store, kind: StoredKind<Spec>, name: string): Promise<Found<Spec> | undefined> {
  const entry = await store.get(keyOf(kind, name));
  return entry === undefined ? undefined : foundIn(kind, entry);
}

/** Creates an object, with the defaults of every client. Returns false where somebody was faster. Throws CalicoError where no client would take it. */
export async function create<Spec extends Data>(store: Store, kind: StoredKind<Spec>, name: string, spec: Data, sources: Sources): Promise<boolean> {
  const { done } = await store.commit([creationOf(kind, { kind: kind.kind, apiVersion: API_VERSION, metadata: { name }, spec }, sources)]);
  return done;
}

/** Writes what became of an object, unless that is nothing. Throws Overtaken where somebody was faster, and CalicoError where no client would take it. */
export async function replace<Spec extends Data>(store: Store, kind: StoredKind<Spec>, found: Found<Spec>, spec: Data): Promise<void> {
  const operation = replacementOf(kind, found, { ...found.object, spec });
  if (operation === undefined) return;
  const { done } = await store.commit([operation]);
  if (!done) throw new Overtaken(`${kind.kind}(${found.object.metadata.name}) was changed meanwhile`);
}
