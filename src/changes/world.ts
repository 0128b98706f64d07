import type { Entry, Range, Store } from '../datastore/store.js';
import { Pace } from '../base/pace.js';
import { prefixOf } from '../resources/keys.js';
import type { StoredKind, StoredObject } from '../resources/kind.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { Entries } from './entries.js';

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
    private readonly entries: Entries,
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
    for (const key of this.entries.keys()) if (key.startsWith(prefix)) yield this.entries.get(key) as Entry;
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

  /** Takes entries for there that are not yet. */
  add(entries: readonly Entry[]): void {
    for (const entry of entries) this.entries.add(entry);
    this.decoded.clear();
  }

  /** Reads more of the store, at the same revision. */
  async readMore(store: Store, needs: Needs): Promise<void> {
    const { entries } = await readEntries(store, needs, this.revision);
    for (const key of entries.keys()) this.entries.add(entries.get(key) as Entry);
    this.decoded.clear();
    for (const key of needs.keys) this.read.key(key);
    for (const [prefix, keysOnly] of needs.prefixes) this.read.prefix(prefix, keysOnly);
  }
}

/** Reads all that is needed at one revision, the newest. */
export async function readWorld(store: Store, needs: Needs): Promise<World> {
  const { revision, entries } = await readEntries(store, needs);
  return new World(revision, entries, needs);
}

async function readEntries(store: Store, needs: Needs, revision?: string): Promise<{ revision: string; entries: Entries }> {
  const keys = [...needs.keys].filter((key) => !needs.holds(key));
  const ranges: Range[] = [...keys.map((key) => ({ key })), ...[...needs.prefixes].map(([prefix, keysOnly]) => ({ prefix, keysOnly }))];
  const pace = new Pace();
  let entries = new Entries();
  const snapshot = await store.snapshot(ranges, {
    ...(revision !== undefined && { revision }),
    onPage: (page) => {
      let count = 0;
      for (const entry of page) {
        entries.add(entry);
        count++;
      }
      return pace.done(count);
    },
    onRestart: () => (entries = new Entries()),
  });
  return { revision: snapshot.revision, entries };
}
