import type { Entry, Store } from '../datastore/store.js';
import { effectiveLabels, ProfileLabels, type Labels } from '../policy/effective-labels.js';
import { prefixOf } from '../resources/keys.js';
import type { StoredKind, StoredObject } from '../resources/kind.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { profile } from '../resources/v3/profile.js';

/** Everything else that is stored, as it was at the revision of what is described; each kind is read when it is first asked for. */
export class World {
  /** Keys that cannot be read, with the reason: they may be missing in what is said. */
  readonly unreadable = new Map<string, string>();
  private readonly read = new Map<StoredKind, Promise<readonly StoredObject[]>>();

  constructor(readonly store: Store) {}

  objects(kind: StoredKind): Promise<readonly StoredObject[]> {
    const known = this.read.get(kind) ?? this.list(kind);
    this.read.set(kind, known);
    return known;
  }

  async object(kind: StoredKind, name: string, namespace?: string): Promise<StoredObject | undefined> {
    return (await this.objects(kind)).find(({ metadata }) => metadata.name === name && (!kind.namespaced || metadata.namespace === namespace));
  }

  /** The labels of endpoints and network sets that selectors see. */
  async labels(): Promise<(object: StoredObject) => Labels> {
    const profiles = new ProfileLabels(await this.objects(profile));
    return (object) => effectiveLabels(object, profiles);
  }

  private async list(kind: StoredKind): Promise<readonly StoredObject[]> {
    const objects: StoredObject[] = [...(kind.synthetic ?? [])];
    for await (const { entries } of this.store.list(prefixOf(kind))) for (const entry of entries) this.take(kind, entry, objects);
    return objects;
  }

  private take(kind: StoredKind, entry: Entry, into: StoredObject[]): void {
    const object = entry.invalid === true ? { key: entry.key, reason: 'not UTF-8' } : decodeStored(kind, entry);
    if (isCorrupt(object)) this.unreadable.set(object.key, object.reason);
    else into.push(object);
  }
}
