import type { ChangesBetween, Commit, Entry, ListOptions, Page, Range, Snapshot, SnapshotOptions, Span, Store, WatchStep } from './store.js';

/** A store as it was at a revision, for what reads the newest by itself; an earlier revision that is asked for is read all the same. Nothing can be written to it. */
export class PinnedStore implements Store {
  constructor(
    private readonly store: Store,
    private readonly revision: string,
  ) {}

  get(key: string, { revision = this.revision }: { readonly revision?: string } = {}): Promise<Entry | undefined> {
    return this.store.get(key, { revision });
  }

  list(prefix: string, options: ListOptions = {}): AsyncIterable<Page> {
    return this.store.list(prefix, { revision: this.revision, ...options });
  }

  snapshot(ranges: readonly Range[], options: SnapshotOptions = {}): Promise<Snapshot> {
    return this.store.snapshot(ranges, { revision: this.revision, ...options });
  }

  commit(): Promise<Commit> {
    return Promise.reject(new Error('the past cannot be written to'));
  }

  watch(): AsyncIterable<WatchStep> {
    throw new Error('the past does not change');
  }

  changesBetween(ranges: readonly Range[], span: Span): Promise<ChangesBetween> {
    return this.store.changesBetween(ranges, span);
  }

  close(): void {
    this.store.close();
  }
}
