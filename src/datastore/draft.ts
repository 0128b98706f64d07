import { CalicoError, DatastoreError } from '../base/errors.js';
import { retry } from '../base/back-off.js';
import { TRANSACTION_LIMIT, type Deed, type Entry, type Operation, type Store } from './store.js';

/** Tries of read, plan, commit before giving up, as in Calico (reference/ipam 1); 256 writers on one key need 12 (reference/etcd-client 5). */
export const CHANGING = { tries: 100, firstMs: 10, longestMs: 500 };

/**
 * What a change has read and what it wants to write. Every key it has looked at becomes a compare of the one
 * transaction that `operations` describes, so several plans can share a draft: the later ones see what the earlier
 * ones want, and all of it happens or none.
 */
export class Draft {
  readonly #store: Store;
  readonly #read = new Map<string, Entry | undefined>();
  readonly #wanted = new Map<string, string | undefined>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Reads keys that are not known yet, in one round trip. */
  async load(keys: readonly string[]): Promise<void> {
    const missing = [...new Set(keys)].filter((key) => !this.#read.has(key));
    if (missing.length === 0) return;
    const { ranges } = await this.#store.snapshot(missing.map((key) => ({ key })));
    for (const [index, key] of missing.entries()) this.#read.set(key, ranges[index]![0]);
  }

  /** The value as the draft would leave it; undefined for a key that does not exist or is to go. */
  async value(key: string): Promise<string | undefined> {
    await this.load([key]);
    if (this.#wanted.has(key)) return this.#wanted.get(key);
    const entry = this.#read.get(key);
    if (entry?.invalid) throw new DatastoreError('data', `${key} cannot be read: its value is not UTF-8`);
    return entry?.value;
  }

  /** The same where what cannot be read is to be repaired: undefined for a value that is not UTF-8 too. */
  async readableValue(key: string): Promise<string | undefined> {
    await this.load([key]);
    return this.#read.get(key)?.invalid === true && !this.#wanted.has(key) ? undefined : this.value(key);
  }

  /** Whether the draft would leave something at the key, readable or not. */
  async has(key: string): Promise<boolean> {
    await this.load([key]);
    return this.#wanted.has(key) ? this.#wanted.get(key) !== undefined : this.#read.get(key) !== undefined;
  }

  /** Wants a value. The key must have been read: no write goes without its compare. */
  put(key: string, value: string): void {
    this.#want(key, value);
  }

  /** Wants the key gone. */
  remove(key: string): void {
    this.#want(key, undefined);
  }

  /** One operation for each key read: the wanted change, or the check that it is still as it was. */
  operations(): Operation[] {
    return [...this.#read].map(([key, entry]) => {
      const expect = entry?.modRevision ?? '0';
      const wanted = this.#wanted.has(key) ? this.#wanted.get(key) : entry?.value;
      if (wanted === entry?.value) return { action: 'check', key, expect };
      return wanted === undefined ? { action: 'delete', key, expect } : { action: 'put', key, expect, value: wanted };
    });
  }

  /** Whether one etcd transaction can hold the draft. */
  get fits(): boolean {
    const operations = this.operations();
    const bytes = operations.reduce((sum, operation) => sum + operation.key.length + (operation.action === 'put' ? operation.value.length : 0), 0);
    return operations.length <= TRANSACTION_LIMIT.operations && bytes <= TRANSACTION_LIMIT.bytes;
  }

  #want(key: string, value: string | undefined): void {
    if (!this.#read.has(key)) throw new Error(`${key} is to be written but was never read`);
    this.#wanted.set(key, value);
  }
}

/**
 * Plans and commits until nothing has changed in between; pauses after each refusal. A plan that
 * changes nothing is not committed. The plan must not keep anything of an earlier round.
 * @param deeds what a result means, for the account of work that takes several transactions
 */
export async function transact<Result>(store: Store, plan: (draft: Draft) => Promise<Result>, deeds?: (result: Result) => readonly Deed[]): Promise<Result> {
  const made = await retry(CHANGING, async () => {
    const draft = new Draft(store);
    const result = await plan(draft);
    const operations = draft.operations();
    if (operations.every(({ action }) => action === 'check')) return { result };
    const commit = await store.commit(operations, deeds?.(result));
    return commit.done ? { result } : undefined;
  });
  if (made !== undefined) return made.result;
  throw new CalicoError('changed', `gave up after ${CHANGING.tries} tries: other clients keep changing these addresses`, { hint: 'nothing was written in this step; try again' });
}

/** What `transact` would answer now; nothing is written. */
export function rehearse<Result>(store: Store, plan: (draft: Draft) => Promise<Result>, _deeds?: (result: Result) => readonly Deed[]): Promise<Result> {
  return plan(new Draft(store));
}
