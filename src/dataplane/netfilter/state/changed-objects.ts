import type { StoredObject } from '../../../resources/kind.js';

/** What is new in a list of objects and what is not in it any more; an object that changed is in both. */
export interface ChangedObjects {
  readonly added: readonly StoredObject[];
  readonly removed: readonly StoredObject[];
}

const NOTHING: ChangedObjects = { added: [], removed: [] };

/** Compares lists of objects with the ones before them: an object that did not change is the identical one. */
export class ObjectList {
  private objects: readonly StoredObject[] = [];
  private known = new Set<StoredObject>();

  /** Takes the next list. */
  take(objects: readonly StoredObject[] = []): ChangedObjects {
    if (objects === this.objects) return NOTHING;
    const next = new Set(objects);
    const added = objects.filter((each) => !this.known.has(each));
    const removed = this.objects.filter((each) => !next.has(each));
    this.objects = objects;
    this.known = next;
    return { added, removed };
  }
}

/** An object in a sentence: `NetworkPolicy shop/allow-db`. */
export function nameOf({ kind, metadata: { name, namespace } }: StoredObject): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
