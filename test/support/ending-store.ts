import { DatastoreError } from '../../src/base/errors.js';
import type { Commit, Operation, Store } from '../../src/datastore/store.js';
import type { MemoryStore } from './memory-store.js';

/** A store in whose commit after so many others the process dies, or somebody else does something; `done` says whether that commit is carried out. */
export class EndingStore implements Store {
  #commits = 0;

  constructor(
    private readonly store: MemoryStore,
    private readonly after: number,
    private readonly done: boolean,
    private readonly instead?: () => void,
  ) {}

  async commit(operations: readonly Operation[]): Promise<Commit> {
    const count = this.#commits++;
    if (count === this.after && this.instead !== undefined) this.instead();
    if (count < this.after || this.instead !== undefined) return this.store.commit(operations);
    if (count === this.after && this.done) await this.store.commit(operations);
    throw new Error('killed');
  }

  get(...asked: Parameters<Store['get']>): ReturnType<Store['get']> {
    return this.store.get(asked[0]);
  }

  list(...asked: Parameters<Store['list']>): ReturnType<Store['list']> {
    return this.store.list(asked[0]);
  }

  snapshot(...asked: Parameters<Store['snapshot']>): ReturnType<Store['snapshot']> {
    return this.store.snapshot(...asked);
  }

  watch(...asked: Parameters<Store['watch']>): ReturnType<Store['watch']> {
    return this.store.watch(...asked);
  }

  changesBetween(...asked: Parameters<Store['changesBetween']>): ReturnType<Store['changesBetween']> {
    return this.store.changesBetween(...asked);
  }

  close(): void {
    this.store.close();
  }
}

/** A store whose lists are overtaken by compaction so many times. */
export class CompactedStore extends EndingStore {
  constructor(
    store: MemoryStore,
    private failures: number,
  ) {
    super(store, Infinity, false);
  }

  override list(...asked: Parameters<Store['list']>): ReturnType<Store['list']> {
    if (this.failures-- > 0) throw new DatastoreError('compaction', 'the revision is gone');
    return super.list(...asked);
  }
}
