import { DatastoreError } from '../base/errors.js';
import type { Notify } from '../base/notice.js';
import { Pace } from '../base/pace.js';
import { UnusableFile } from '../datastore/file/damage.js';
import type { EntryFile } from '../datastore/file/entry-file.js';
import { keyBytes, valueBytes, type Entry, type EntryBytes, type Store } from '../datastore/store.js';
import { compareBytes } from '../go/json.js';
import { CLUSTER_KEY } from '../ipam/cluster/facts.js';
import { PREFIX } from './make.js';
import type { BackupNotice } from './notices.js';

/** A key that the file has otherwise than the store, or alone. */
export interface Put {
  readonly key: string;
  /** Which one of the file it is, from 0. */
  readonly place: number;
  /** The revision at which the store has it, '0' where it has not. */
  readonly expect: string;
}

/** A key that the store has alone. */
export interface Surplus {
  readonly key: string;
  readonly bytes?: EntryBytes;
  readonly expect: string;
}

/** How a store differs from a file, at one revision. ClusterInformation, the last to be restored, stands apart. */
export interface Difference {
  readonly puts: readonly Put[];
  readonly surplus: readonly Surplus[];
  /** Keys that are the same. */
  readonly same: number;
  /** Keys bound to a lease, in the file or the store: whoever wrote them writes them anew, and they are left alone. */
  readonly leased: number;
  readonly cluster: { readonly inFile?: Entry; readonly inStore?: Entry };
}

/** Where the walk through both has come. */
interface Pair {
  readonly ours: Entry | undefined;
  readonly theirs: Entry | undefined;
}

/** Times the comparison is begun anew where compaction overtakes it. */
const TRIES = 3;

/** Compares every key of a file with the store below PREFIX, at one revision. Throws DatastoreError, and UnusableFile for a file whose keys are not in order. */
export async function compareWithStore(file: EntryFile, store: Store, { signal, notify }: { readonly signal: AbortSignal; readonly notify: Notify<BackupNotice> }): Promise<Difference> {
  for (let tries = 1; ; tries++) {
    try {
      return await compareOnce(file, store, new Pace(signal), notify);
    } catch (error) {
      if (!(error instanceof DatastoreError) || error.stage !== 'compaction' || tries === TRIES) throw error;
    }
  }
}

async function compareOnce(file: EntryFile, store: Store, pace: Pace, notify: Notify<BackupNotice>): Promise<Difference> {
  const found = { puts: [] as Put[], surplus: [] as Surplus[], same: 0, leased: 0, cluster: {} as { inFile?: Entry; inStore?: Entry } };
  let [place, seen] = [-1, 0];
  for await (const { ours, theirs } of pairs(file, store)) {
    if (ours !== undefined) place++;
    if (++seen % 1000 === 0) {
      notify({ code: 'backup.progress', did: 'compared', count: seen });
      await pace.done(1000);
    }
    if ((ours ?? theirs)?.key === CLUSTER_KEY) found.cluster = { ...(ours && { inFile: ours }), ...(theirs && { inStore: theirs }) };
    else if (ours === undefined ? theirs?.leased === true : ours.leased === true) found.leased++;
    else if (ours === undefined) found.surplus.push({ key: theirs!.key, expect: theirs!.modRevision, ...(theirs!.bytes && { bytes: theirs!.bytes }) });
    else if (theirs !== undefined && valueBytesEqual(ours, theirs)) found.same++;
    else found.puts.push({ key: ours.key, place, expect: theirs?.modRevision ?? '0' });
  }
  return found;
}

/** The entries of both, in the order of their keys; those with one key together. */
async function* pairs(file: EntryFile, store: Store): AsyncGenerator<Pair> {
  const ours = inOrder(file)[Symbol.asyncIterator]();
  const theirs = flat(store.list(PREFIX, { pageSize: 2000, revision: await newest(store) }))[Symbol.asyncIterator]();
  try {
    let [a, b] = [await ours.next(), await theirs.next()];
    while (a.done !== true || b.done !== true) {
      const order = a.done === true ? 1 : b.done === true ? -1 : compareKeys(a.value, b.value);
      yield { ours: order <= 0 ? a.value : undefined, theirs: order >= 0 ? b.value : undefined };
      if (order <= 0) a = await ours.next();
      if (order >= 0) b = await theirs.next();
    }
  } finally {
    await ours.return(undefined);
    await theirs.return(undefined);
  }
}

async function newest(store: Store): Promise<string> {
  return (await store.snapshot([{ key: CLUSTER_KEY }])).revision;
}

async function* flat(pages: AsyncIterable<{ readonly entries: Iterable<Entry> }>): AsyncGenerator<Entry, undefined> {
  for await (const { entries } of pages) yield* entries;
}

/** All entries of a file. Throws UnusableFile where they are not in order, or lie elsewhere than Calico's. */
export async function* inOrder(file: EntryFile): AsyncGenerator<Entry, undefined> {
  let last: Entry | undefined;
  for await (const page of file.between(Buffer.alloc(0), undefined)) {
    for (const entry of page) {
      if (!entry.key.startsWith(PREFIX)) throw new UnusableFile(file.name, `has a key that is not below ${PREFIX}: ${entry.key}`);
      if (last !== undefined && compareKeys(last, entry) >= 0) throw new UnusableFile(file.name, `is no whole backup: its keys are not in order at ${entry.key}`);
      last = entry;
      yield entry;
    }
  }
}

function compareKeys(one: Entry, other: Entry): number {
  return one.bytes === undefined && other.bytes === undefined ? compareBytes(one.key, other.key) : keyBytes(one).compare(keyBytes(other));
}

function valueBytesEqual(one: Entry, other: Entry): boolean {
  return one.bytes === undefined && other.bytes === undefined ? one.value === other.value : valueBytes(one).equals(valueBytes(other));
}
