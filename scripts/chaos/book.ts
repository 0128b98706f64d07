import { isOutcomeUnknown } from '../../src/datastore/account.js';
import type { Commit, Operation, Store } from '../../src/datastore/store.js';
import type { CommandClaim, RivalDeletion, TransactionClaim } from './ledger.js';

/** Where everything that is said is written down. */
export class Book {
  readonly transactions: TransactionClaim[] = [];
  readonly commands: CommandClaim[] = [];
  readonly rival: RivalDeletion[] = [];
  /** Ends of commands that are not answers, one sentence each. */
  readonly broken: string[] = [];
  /** Commands that were given, and those of them that were processes. */
  readonly given = { all: 0, program: 0 };
  /** The newest revision anybody has seen. */
  newest = 1;
  /** Names of resources that commands of ours are at work with. */
  readonly busy = new Map<object, readonly string[]>();

  /** Notes a revision that somebody has seen. */
  saw(revision: string | number): void {
    this.newest = Math.max(this.newest, Number(revision));
  }

  /** The same store; what it says of transactions is written down. */
  recorded(store: Store): Store {
    return {
      get: (key, options) => store.get(key, options),
      list: (prefix, options) => store.list(prefix, options),
      snapshot: async (ranges, options) => {
        const snapshot = await store.snapshot(ranges, options);
        this.saw(snapshot.revision);
        return snapshot;
      },
      commit: (operations) => this.#commit(store, operations),
      watch: (ranges, options) => store.watch(ranges, options),
      changesBetween: (ranges, span) => store.changesBetween(ranges, span),
      close: () => store.close(),
    };
  }

  async #commit(store: Store, operations: readonly Operation[]): Promise<Commit> {
    try {
      const commit = await store.commit(operations);
      this.transactions.push({ operations, said: commit.done ? Number(commit.revision) : 'not written' });
      if (commit.done) this.saw(commit.revision);
      return commit;
    } catch (error) {
      this.transactions.push({ operations, said: isOutcomeUnknown(error) ? 'unknown' : 'not written' });
      throw error;
    }
  }
}

