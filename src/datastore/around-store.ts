import type { ChangesBetween, Commit, Deed, Entry, ListOptions, Operation, Page, Range, Snapshot, SnapshotOptions, Span, Store, WatchOptions, WatchStep } from './store.js';

/** A store that passes everything on to another: what does something with commits alone is built on it. */
export class AroundStore implements Store {
  constructor(readonly store: Store) {}

  get(key: string, options?: { revision?: string }): Promise<Entry | undefined> {
    return this.store.get(key, options);
  }

  list(prefix: string, options?: ListOptions): AsyncIterable<Page> {
    return this.store.list(prefix, options);
  }

  snapshot(ranges: readonly Range[], options?: SnapshotOptions): Promise<Snapshot> {
    return this.store.snapshot(ranges, options);
  }

  commit(operations: readonly Operation[], deeds?: readonly Deed[]): Promise<Commit> {
    return this.store.commit(operations, deeds);
  }

  watch(ranges: readonly Range[], options: WatchOptions): AsyncIterable<WatchStep> {
    return this.store.watch(ranges, options);
  }

  changesBetween(ranges: readonly Range[], span: Span): Promise<ChangesBetween> {
    return this.store.changesBetween(ranges, span);
  }

  close(): void {
    this.store.close();
  }
}
