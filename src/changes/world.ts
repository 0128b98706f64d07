import type { Entry, Range, Store } from '../datastore/store.js';
import { prefixOf } from '../resources/keys.js';
import type { StoredKind, StoredObject } from '../resources/kind.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';

/** What a command has to read before it can decide. */
export class Needs {
  readonly keys = new Set<string>();
  /** Prefixes, and whether the keys alone are enough. */
  readonly prefixes = new Map<string, boolean>();

  key(key: string): void {
    this.keys.add(key);
  }

  prefix(prefix: string, keysOnly = false): void {
    this.prefixes.set(prefix, (this.prefixes.get(prefix) ?? true) && keysOnly);
  }
}

/** Part of the store, as it was at one revision. */
export class World {
  private readonly decoded = new Map<StoredKind, readonly StoredObject[]>();

  constructor(
    readonly revision: string,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  entry(key: string): Entry | undefined {
    return this.entries.get(key);
  }

  has(key: string): boolean {
    return this.entries.has(key);
  }

  /** Every key that was read with a prefix. */
  *below(prefix: string): Iterable<Entry> {
    for (const [key, entry] of this.entries) if (key.startsWith(prefix)) yield entry;
  }

  /** Every readable object of a kind whose prefix was read. */
  objects(kind: StoredKind): readonly StoredObject[] {
    let objects = this.decoded.get(kind);
    if (objects === undefined) {
      objects = [...this.below(prefixOf(kind))].map((entry) => decodeStored(kind, entry)).filter((result): result is StoredObject => !isCorrupt(result));
      this.decoded.set(kind, objects);
    }
    return objects;
  }

  /** The world with entries that are not there yet. */
  with(entries: readonly Entry[]): World {
    return new World(this.revision, new Map([...this.entries, ...entries.map((entry) => [entry.key, entry] as const)]));
  }
}

/** Reads all that is needed at one revision. */
export async function readWorld(store: Store, needs: Needs): Promise<World> {
  const prefixes = [...needs.prefixes.keys()];
  const keys = [...needs.keys].filter((key) => !prefixes.some((prefix) => key.startsWith(prefix) && needs.prefixes.get(prefix) === false));
  const ranges: Range[] = [...keys.map((key) => ({ key })), ...prefixes.map((prefix) => ({ prefix, keysOnly: needs.prefixes.get(prefix) ?? false }))];
  const snapshot = await store.snapshot(ranges);
  const entries = new Map<string, Entry>();
  // Whole entries come first, so that a prefix read for its keys alone does not hide them.
  for (const range of snapshot.ranges) for (const entry of range) if (!entries.has(entry.key)) entries.set(entry.key, entry);
  return new World(snapshot.revision, entries);
}
