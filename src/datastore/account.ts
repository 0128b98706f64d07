import { DatastoreError } from '../base/errors.js';
import { AroundStore } from './around-store.js';
import type { Commit, Deed, Operation, Store } from './store.js';

/** What was done so far by work that takes several transactions: what there is to tell where it does not come to its end. */
export class Account {
  readonly done: Deed[] = [];
  /** What was sent, and of which it is not known whether it was done. */
  readonly unknown: Deed[] = [];

  #told = false;

  get isEmpty(): boolean {
    return this.done.length === 0 && this.unknown.length === 0;
  }

  /** Whether anything was done, told already or not. */
  get isBegun(): boolean {
    return this.#told || this.done.length > 0;
  }

  /** Forgets what is done: it has been told. */
  settle(): void {
    this.#told ||= this.done.length > 0;
    this.done.length = 0;
    this.unknown.length = 0;
  }
}

/** Whether a failure leaves open if the change was carried out. */
export function isOutcomeUnknown(failure: unknown): boolean {
  return failure instanceof DatastoreError && failure.stage === 'unknown-outcome';
}

/** A store that keeps account of each transaction. A transaction that does not say what it does is reported by its keys: nothing is done in silence. */
export class AccountedStore extends AroundStore {
  constructor(
    store: Store,
    readonly account: Account = new Account(),
  ) {
    super(store);
  }

  override async commit(operations: readonly Operation[], deeds: readonly Deed[] = operations.flatMap(deedOf)): Promise<Commit> {
    try {
      const commit = await this.store.commit(operations, deeds);
      if (commit.done) this.account.done.push(...deeds);
      return commit;
    } catch (error) {
      if (isOutcomeUnknown(error)) this.account.unknown.push(...deeds);
      throw error;
    }
  }
}

function deedOf({ action, key }: Operation): Deed[] {
  return action === 'check' ? [] : [{ did: action === 'delete' ? 'deleted' : 'written', what: key }];
}

/** A line for each deed, such as `released: IP address 10.0.0.1`; not made safe for a terminal. */
export function accountLines({ done, unknown }: { readonly done: readonly Deed[]; readonly unknown: readonly Deed[] }): readonly string[] {
  return [...done.map(({ did, what }) => `${did}: ${what}`), ...unknown.map(({ did, what }) => `perhaps ${did}: ${what}`)];
}
