import type { Entry } from '../datastore/store.js';
import { keyOf, prefixOf } from '../resources/keys.js';
import type { ClassicKind, StoredKind, StoredObject } from '../resources/kind.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { isMeant } from '../resources/v1/view.js';
import type { Target } from '../objects/target.js';
import type { Needs, World } from './world.js';

/** A stored object with the entry it was read from. */
export interface Existing {
  readonly entry: Entry;
  readonly object: StoredObject;
}

/** Above this many resources of a kind, the whole kind is read at once. */
const MANY = 100;

/** Asks for all that is needed to find the targets in the store. */
export function findingNeeds(targets: readonly Target[], needs: Needs, valuesNeeded = true): void {
  const counts = new Map<StoredKind, number>();
  for (const { stored } of targets) counts.set(stored, (counts.get(stored) ?? 0) + 1);
  for (const [stored, count] of counts) if (count > MANY) needs.prefix(prefixOf(stored), !valuesNeeded);
  for (const target of targets) {
    const { kind, stored } = target;
    if (kind.dialect === 'v1' && kind.foundByContent) needs.prefix(prefixOf(stored));
    else if ((counts.get(stored) ?? 0) <= MANY) for (const key of candidateKeys(target)) needs.key(key);
  }
}

/** The stored object that a target means, or undefined. */
export function findExisting(target: Target, world: World): Existing | undefined {
  for (const key of candidateKeys(target)) {
    const found = foundAt(target, key, world);
    if (found !== undefined) return found;
  }
  if (target.kind.dialect === 'v3' || !target.kind.foundByContent) return undefined;
  return findByContent(target.kind, target, world);
}

/** The keys under which a target may be stored, the likeliest first. */
export function candidateKeys({ kind, stored, document, object }: Target): readonly string[] {
  const { name, namespace } = object.metadata;
  const names = kind.dialect === 'v1' ? [name, ...kind.storedNames(document.metadata).filter((each) => each !== name)] : [name, ...(stored.legacyNames?.(name) ?? [])];
  return names.map((each) => keyOf(stored, each, namespace));
}

function foundAt(target: Target, key: string, world: World): Existing | undefined {
  const entry = world.entry(key);
  if (entry === undefined) return undefined;
  const { kind, stored, document, object } = target;
  const decoded = decodeStored(stored, entry);
  if (isCorrupt(decoded)) return { entry, object: unreadable(target) };
  if (kind.dialect === 'v3') return decoded.metadata.name === object.metadata.name ? { entry, object: decoded } : undefined;
  return isMeant(kind, document.metadata, decoded) ? { entry, object: decoded } : undefined;
}

/** Stands for a stored object of which nothing can be read. */
function unreadable({ object }: Target): StoredObject {
  return { ...object, metadata: { name: object.metadata.name } };
}

/** What findExisting found, once more from its entry. */
export function foundAgain(target: Target, entry: Entry): Existing {
  const decoded = decodeStored(target.stored, entry);
  return { entry, object: isCorrupt(decoded) ? unreadable(target) : decoded };
}

function findByContent(kind: ClassicKind, { stored, document }: Target, world: World): Existing | undefined {
  for (const object of world.objects(stored)) {
    if (!kind.matches(document.metadata, kind.fromStored(object).metadata)) continue;
    const entry = world.entry(keyOf(stored, object.metadata.name, object.metadata.namespace));
    if (entry !== undefined) return { entry, object };
  }
  return undefined;
}
