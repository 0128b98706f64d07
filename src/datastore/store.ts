/** A key as it was read. Revisions are decimal text: they may pass 2^53. */
export interface Entry {
  readonly key: string;
  /** The value as text; empty where only keys were asked for. */
  readonly value: string;
  readonly modRevision: string;
  /** Set where key or value is not UTF-8: what is not is shown as U+FFFD, so the text must not be written back. */
  readonly invalid?: true;
  /** Set together with `invalid`: what they are in truth. */
  readonly bytes?: EntryBytes;
  /** Set where the key is bound to a lease: it goes away by itself unless its writer keeps it. */
  readonly leased?: true;
}

/** Key and value as etcd has them. */
export interface EntryBytes {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** Whether a value is a revision as etcd counts them. */
export function isRevision(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,19}$/.test(value);
}

/** A page of a list; all pages of one list show the store at one revision. */
export interface Page {
  readonly entries: Iterable<Entry>;
  readonly revision: string;
}

/**
 * What a transaction wants of one key. `expect` is the modification revision that was read, '0' for a key that must not exist.
 * Where key or value is not UTF-8, `bytes` is what counts.
 */
export type Operation =
  | { readonly action: 'put'; readonly key: string; readonly expect: string; readonly value: string; readonly bytes?: EntryBytes }
  | { readonly action: 'delete'; readonly key: string; readonly expect: string; readonly bytes?: EntryBytes }
  /** Nothing is written, but the transaction stands only if the key is as it was read. */
  | { readonly action: 'check'; readonly key: string; readonly expect: string; readonly bytes?: EntryBytes };

/** The key of an entry or operation as etcd has it. */
export function keyBytes({ key, bytes }: Pick<Entry, 'key' | 'bytes'>): Buffer {
  return bytes?.key ?? Buffer.from(key);
}

/** The value of an entry, or the one that is to be put, as etcd has it. */
export function valueBytes({ value, bytes }: Pick<Entry, 'value' | 'bytes'>): Buffer {
  return bytes?.value ?? Buffer.from(value);
}

/** What a transaction does to something, for the account of work that does not come to its end. */
export interface Deed {
  /** The past of what is done: `released`. */
  readonly did: string;
  /** What it is done to, for a reader: `IP address 10.0.0.1`, `Node(n1)`. */
  readonly what: string;
  /** The same as data, where a command prints it. */
  readonly data?: Readonly<Record<string, string>>;
}

/** A key that was not as expected: what it is now, undefined where it does not exist. */
export interface Refusal {
  readonly key: string;
  readonly current: Entry | undefined;
}

export type Commit =
  | { readonly done: true; readonly revision: string }
  | { readonly done: false; readonly refusals: readonly Refusal[] };

/** One range of a snapshot: one key, every key with a prefix, or every key from one on, up to another that does not count. */
export type Range = { readonly key: string } | { readonly prefix: string; readonly keysOnly?: boolean } | { readonly from: string; readonly to: string; readonly keysOnly?: boolean };

/** Whether a key is in one of some ranges, which are keys and prefixes. */
export function insideOf(ranges: readonly Range[]): (key: string) => boolean {
  return (key) => ranges.some((range) => ('key' in range ? range.key === key : 'prefix' in range && key.startsWith(range.prefix)));
}

export interface Snapshot {
  readonly revision: string;
  /** The entries of each range asked for, in the same order. */
  readonly ranges: readonly (readonly Entry[])[];
}

export interface SnapshotOptions {
  readonly revision?: string;
  /**
   * Takes the entries of each range page by page, as they come; the ranges of the result are empty then. For a reader that need
   * not have them all at once, since there may be very many. The next page is asked for when it is done with one.
   */
  readonly onPage?: (entries: Iterable<Entry>, range: number) => Promise<void> | undefined;
  /** Tells such a reader to let go of the pages it has: it starts over. */
  readonly onRestart?: () => void;
}

export interface ListOptions {
  readonly revision?: string;
  readonly keysOnly?: boolean;
  /** Keys in one answer of etcd; the default suits all but tests. */
  readonly pageSize?: number;
  /**
   * Keys at which the list is divided into parts; no page goes over one. etcd counts all keys left in a part again for each page
   * of it, so a long list is read faster in parts of about a page. Where they are has no bearing on what is found.
   */
  readonly boundaries?: readonly string[];
  readonly onRestart?: () => void;
}

/**
 * What we put into one transaction at most, so that an etcd with its default limits takes it (reference/etcd-client 4,
 * reference/speed 4.1). `bytes` is the sum of operationBytes: what is left up to etcd's own 1.5 MiB is for the comparisons
 * and the reading of what was refused. A single object that is larger is sent by itself: etcd may take it.
 */
export const TRANSACTION_LIMIT = { operations: 128, bytes: 1_400_000 } as const;

/** The same for each of several transactions, which need not be as large as they may: the journal adds an operation of its own. */
export const BATCH_LIMIT = { ...TRANSACTION_LIMIT, operations: TRANSACTION_LIMIT.operations - 1 } as const;

/** The bytes of an operation that count towards TRANSACTION_LIMIT. */
export function operationBytes(operation: Operation): number {
  return Buffer.byteLength(operation.key) + (operation.action === 'put' ? Buffer.byteLength(operation.value) : 0);
}

/** What became of a key. */
export interface KeyChange {
  readonly key: string;
  /** As it is now; undefined where it is gone. */
  readonly entry: Entry | undefined;
  /** The revision of the change; undefined for a key that went in a gap, since nobody knows when. */
  readonly revision: string | undefined;
}

/** What a watch tells: the next changes, so that everything up to `revision` is told. */
export interface WatchStep {
  readonly revision: string;
  /** In the order of their revisions; all keys that one transaction changed are in one step. Empty where there is nothing but a newer revision to tell. */
  readonly changes: readonly KeyChange[];
  /** Revisions that were compacted before they could be read: the changes are what is different after them. What came and went in between, nobody knows. */
  readonly gap?: { readonly from: string; readonly to: string };
}

export interface WatchOptions {
  /** What is told begins after this revision: that of the snapshot from which `known` was made. */
  readonly after: string;
  /** The modification revision of every key that was in the ranges then. The watch keeps it up to date: after a compaction it is what the new state is compared with. */
  readonly known: Map<string, string>;
  /**
   * Handed what sends something on the connection of the watch, each time there is a new one. A firewall that begins to follow connections takes
   * one on which only the other side speaks for a new one from there.
   */
  readonly onConnection?: (nudge: () => void) => void;
}

/** Revisions: those after one, up to another one. */
export interface Span {
  readonly after: string;
  readonly until: string;
}

/** What became of keys in a span of revisions. */
export interface ChangesBetween {
  /** In the order of their revisions, each with its revision. */
  readonly changes: readonly KeyChange[];
  /** The oldest revision that can be read, where compaction took part of the span: the changes are those after it. */
  readonly oldest?: string;
}

/** What the rest of the tool knows of etcd. Every method throws DatastoreError within the command's time budget, which each transaction that is done renews. */
export interface Store {
  /** One key, or undefined. */
  get(key: string, options?: { revision?: string }): Promise<Entry | undefined>;
  /**
   * Every key with a prefix, in key order, page by page, at one revision (the newest unless given). If compaction overtakes it,
   * it starts over once, at the newest revision, for a reader that can let go of the pages it has: `onRestart` tells it to.
   * Without `onRestart`, and for a revision that was asked for, that is an error. While the reader works on a page, the next one
   * is on its way: that costs none of the time budget, a failure shows once the reader has come that far, and two pages are held.
   */
  list(prefix: string, options?: ListOptions): AsyncIterable<Page>;
  /** Several ranges at one revision; restarted once if compaction overtakes them, unless the revision was asked for. */
  snapshot(ranges: readonly Range[], options?: SnapshotOptions): Promise<Snapshot>;
  /** All operations or none, in one transaction. An answer lost on the way is resolved by reading. `deeds` is what that does, for whoever keeps account. */
  commit(operations: readonly Operation[], deeds?: readonly Deed[]): Promise<Commit>;
  /**
   * Every change of keys in the ranges after a revision, in order, none twice, until the reader stops; it is only as fast as the
   * reader. The time budget bounds the first connection. After that a lost one is made again without end, with any member, and told
   * by `notify`; so is what compaction took meanwhile, by a step with a gap. Throws DatastoreError where a connection would not help: no
   * permission, a wrong password, a store that was restored or replaced.
   */
  watch(ranges: readonly Range[], options: WatchOptions): AsyncIterable<WatchStep>;
  /** Every change of keys in the ranges in a span of the past, as far as etcd has it; all of it is held in memory. What comes renews the time budget. */
  changesBetween(ranges: readonly Range[], span: Span): Promise<ChangesBetween>;
  /** Lets the connections go; harmless when there are none. */
  close(): void;
}
