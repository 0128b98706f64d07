/** A key as it was read. Revisions are decimal text: they may pass 2^53. */
export interface Entry {
  readonly key: string;
  /** The value as text. Values that are not UTF-8 are reported as `invalid`. */
  readonly value: string;
  readonly modRevision: string;
}

/** A page of a list; all pages of one list show the store at one revision. */
export interface Page {
  readonly entries: readonly Entry[];
  readonly revision: string;
}

/** What a transaction wants of one key. `expect` is the modification revision that was read, '0' for a key that must not exist. */
export type Operation =
  | { readonly action: 'put'; readonly key: string; readonly expect: string; readonly value: string }
  | { readonly action: 'delete'; readonly key: string; readonly expect: string }
  /** Nothing is written, but the transaction stands only if the key is as it was read. */
  | { readonly action: 'check'; readonly key: string; readonly expect: string };

/** A key that was not as expected: what it is now, undefined where it does not exist. */
export interface Refusal {
  readonly key: string;
  readonly current: Entry | undefined;
}

export type Commit =
  | { readonly done: true; readonly revision: string }
  | { readonly done: false; readonly refusals: readonly Refusal[] };

/** One range of a snapshot: one key, or every key with a prefix. */
export type Range = { readonly key: string } | { readonly prefix: string; readonly keysOnly?: boolean };

export interface Snapshot {
  readonly revision: string;
  /** The entries of each range asked for, in the same order. */
  readonly ranges: readonly (readonly Entry[])[];
}

/** Limits of one etcd transaction (etcd's defaults; reliability-libs.md 2.2, performance.md 3.1). */
export const TRANSACTION_LIMIT = { operations: 128, bytes: 1_400_000 } as const;

/** What the rest of the tool knows of etcd. Every method throws DatastoreError within the command's time budget. */
export interface Store {
  /** One key, or undefined. */
  get(key: string, options?: { revision?: string }): Promise<Entry | undefined>;
  /** Every key with a prefix, in key order, page by page, at one revision (the newest unless given). Restarted once if compaction overtakes it before the first page was handed out; after that it is an error. */
  list(prefix: string, options?: { revision?: string; keysOnly?: boolean; pageSize?: number }): AsyncIterable<Page>;
  /** Several ranges at one revision. */
  snapshot(ranges: readonly Range[], options?: { revision?: string }): Promise<Snapshot>;
  /** All operations or none, in one transaction. An answer lost on the way is resolved by reading. */
  commit(operations: readonly Operation[]): Promise<Commit>;
  /** Lets the connections go; harmless when there are none. */
  close(): void;
}
