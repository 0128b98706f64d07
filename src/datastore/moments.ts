import { DatastoreError } from '../base/errors.js';
import type { Entry, KeyChange, Range, Store } from './store.js';

/** Revisions that are looked at first, and how many times as many each time after that: what was lately is asked most, and a store may have millions. */
const FIRST = 2_000n;
const GROWTH = 8n;

/** What became of a key at a revision: undefined where there was none. */
export interface PastChange {
  readonly key: string;
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
}

/** All keys in some ranges that one revision changed. */
export interface Moment {
  readonly revision: string;
  readonly changes: readonly PastChange[];
}

/** The changes of keys in some ranges as far back as etcd has them, the newest first. */
export class Past {
  #oldest: string | undefined;
  #isCut = false;

  /**
   * @param until the newest revision that counts
   * @param furthest how many revisions are looked at, at most; all where that is left out
   */
  constructor(
    private readonly store: Store,
    private readonly ranges: readonly Range[],
    private readonly until: string,
    private readonly furthest?: bigint,
  ) {}

  /** Once all moments have been walked through: whether there may be earlier ones that were not looked at. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Once all moments have been walked through: the oldest revision that etcd has, where it does not have all of them. What was before the last moment is unknown then. */
  get oldest(): string | undefined {
    return this.#oldest;
  }

  /** One after the other, read only as far as they are walked through. Throws DatastoreError. */
  async *moments(): AsyncGenerator<Moment> {
    let until = BigInt(this.until);
    for (let size = FIRST; until > 0n; size *= GROWTH) {
      const after = until > size ? until - size : 0n;
      const { changes, oldest } = await this.store.changesBetween(this.ranges, { after: String(after), until: String(until) });
      yield* this.backwards(changes);
      this.#oldest ??= oldest;
      if (this.#oldest !== undefined) return;
      until = after;
      this.#isCut = until > 0n && this.furthest !== undefined && BigInt(this.until) - until >= this.furthest;
      if (this.#isCut) return;
    }
  }

  private async *backwards(changes: readonly KeyChange[]): AsyncGenerator<Moment> {
    for (const { revision, found } of withEarlier(changes).reverse()) {
      const unknown = found.filter(({ earlier }) => earlier === undefined).map(({ key }) => key);
      const read = await this.entriesBefore(revision, unknown);
      if (read === undefined) return void (this.#oldest = revision);
      yield { revision, changes: found.map(({ key, after, earlier }) => ({ key, after, before: earlier === undefined ? read.get(key) : earlier.entry })) };
    }
  }

  /** What keys were before a revision; undefined where that is compacted. */
  private async entriesBefore(revision: string, keys: readonly string[]): Promise<ReadonlyMap<string, Entry> | undefined> {
    if (keys.length === 0) return new Map();
    try {
      const { ranges } = await this.store.snapshot(keys.map((key) => ({ key })), { revision: String(BigInt(revision) - 1n) });
      return new Map(ranges.flat().map((entry) => [entry.key, entry]));
    } catch (error) {
      if (error instanceof DatastoreError && error.stage === 'compaction') return undefined;
      throw error;
    }
  }
}

interface Found {
  readonly key: string;
  readonly after: Entry | undefined;
  /** The change before this one, where it is among them. */
  readonly earlier: { readonly entry: Entry | undefined } | undefined;
}

/** The changes of each revision together, in order. */
function withEarlier(changes: readonly KeyChange[]): { readonly revision: string; readonly found: Found[] }[] {
  const groups: { readonly revision: string; readonly found: Found[] }[] = [];
  const last = new Map<string, { readonly entry: Entry | undefined }>();
  for (const { key, entry, revision = '0' } of changes) {
    let group = groups.at(-1);
    if (group?.revision !== revision) groups.push((group = { revision, found: [] }));
    group.found.push({ key, after: entry, earlier: last.get(key) });
    last.set(key, { entry });
  }
  return groups;
}
