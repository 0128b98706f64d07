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

  get isEmpty(): boolean {
    return this.keys.size === 0 && this.prefixes.size === 0;
  }

  /** What is still to be read where the others have been. */
  beyond(others: Needs): Needs {
    const rest = new Needs();
    for (const [prefix, keysOnly] of this.prefixes) if (!others.prefixes.has(prefix) || (!keysOnly && others.prefixes.get(prefix) === true)) rest.prefix(prefix, keysOnly);
    for (const key of this.keys) if (!others.keys.has(key) && !others.holds(key)) rest.key(key);
    return rest;
  }

  /** Whether a key is among those that are read, with their values, by a prefix. */
  holds(key: string): boolean {
    for (const [prefix, keysOnly] of this.prefixes) if (!keysOnly && key.startsWith(prefix)) return true;
    return false;
  }
}

/** Part of the store, as it was at one revision. */
export class World {
  private readonly decoded = new Map<StoredKind, readonly StoredObject[]>();

  constructor(
    readonly revision: string,
    private readonly entries: ReadonlyMap<string, Entry>,
    private readonly read: Needs,
  ) {}

  /** What of the needs has not been read. */
  lacks(needs: Needs): Needs {
    return needs.beyond(this.read);
  }

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
    return new World(this.revision, new Map([...this.entries, ...entries.map((entry) => [entry.key, entry] as const)]), this.read);
  }

  /** The world with more of the store, read at the same revision. */
  async readMore(store: Store, needs: Needs): Promise<World> {
    const more = await readWorld(store, needs, this.revision);
    const read = new Needs();
    for (const each of [this.read, needs]) {
      for (const key of each.keys) read.key(key);
      for (const [prefix, keysOnly] of each.prefixes) read.prefix(prefix, keysOnly);
    }
    return new World(this.revision, new Map([...this.entries, ...more.entries]), read);
  }
}

/** Reads all that is needed at one revision, the newest unless one is given. */
export async function readWorld(store: Store, needs: Needs, revision?: string): Promise<World> {
  const keys = [...needs.keys].filter((key) => !needs.holds(key));
  const ranges: Range[] = [...keys.map((key) => ({ key })), ...[...needs.prefixes].map(([prefix, keysOnly]) => ({ prefix, keysOnly }))];
  const snapshot = await store.snapshot(ranges, revision === undefined ? {} : { revision });
  const entries = new Map<string, Entry>();
  // Whole entries come first, so that a prefix read for its keys alone does not hide them.
  for (const range of snapshot.ranges) for (const entry of range) if (!entries.has(entry.key)) entries.set(entry.key, entry);
  return new World(snapshot.revision, entries, needs);
}
