import { DatastoreError, InvalidRequest } from '../../base/errors.js';
import { compareBytes } from '../../go/json.js';
import { prefixRange } from '../etcd/ranges.js';
import type { ChangesBetween, Commit, Entry, ListOptions, Page, Range, Snapshot, SnapshotOptions, Store, WatchStep } from '../store.js';
import type { EntryFile } from './entry-file.js';

/** Which keys are asked for: those from one on, up to another that does not count. */
interface Wanted {
  readonly from: Buffer;
  readonly to: Buffer | undefined;
  readonly has: (key: string) => 'before' | 'inside' | 'after';
  readonly keysOnly: boolean;
}

/** A file as a store: the state of one revision, for reading. */
export class FileStore implements Store {
  constructor(private readonly file: EntryFile) {}

  async get(key: string, { revision }: { readonly revision?: string } = {}): Promise<Entry | undefined> {
    const { ranges } = await this.snapshot([{ key }], revision === undefined ? {} : { revision });
    return ranges[0]?.[0];
  }

  async *list(prefix: string, { revision, keysOnly = false }: ListOptions = {}): AsyncGenerator<Page> {
    this.#check(revision);
    let pages = 0;
    for await (const entries of this.#pages(wantedOf({ prefix, keysOnly }))) {
      pages++;
      yield { entries, revision: this.file.revision };
    }
    if (pages === 0) yield { entries: [], revision: this.file.revision };
  }

  async snapshot(ranges: readonly Range[], { revision, onPage }: SnapshotOptions = {}): Promise<Snapshot> {
    this.#check(revision);
    const results = ranges.map((): Entry[] => []);
    for (const [index, range] of ranges.entries()) {
      for await (const entries of this.#pages(wantedOf(range))) {
        if (onPage === undefined) for (const entry of entries) results[index]?.push(entry);
        else await onPage(entries, index);
      }
    }
    return { revision: this.file.revision, ranges: results };
  }

  commit(): Promise<Commit> {
    return Promise.reject(new InvalidRequest(`nothing can be written to ${this.file.name}: a file that stands in for etcd is only read`));
  }

  watch(): AsyncIterable<WatchStep> {
    throw new InvalidRequest('a file does not change: there is nothing to watch', 'leave out --store, or use get');
  }

  /** A file has one revision, and what was before is not in it. */
  changesBetween(): Promise<ChangesBetween> {
    return Promise.resolve({ changes: [], oldest: this.file.revision });
  }

  close(): void {
    this.file.close();
  }

  async *#pages(wanted: Wanted): AsyncGenerator<Iterable<Entry>> {
    for await (const page of this.file.between(wanted.from, wanted.to)) yield { [Symbol.iterator]: () => pick(page, wanted) };
  }

  /** Throws DatastoreError where another revision is asked for than the one that there is. */
  #check(revision: string | undefined): void {
    if (revision !== undefined && revision !== this.file.revision) throw new DatastoreError('compaction', `${this.file.name} shows the datastore at revision ${this.file.revision} only`);
  }
}

function wantedOf(range: Range): Wanted {
  if ('key' in range) {
    const { key } = range;
    return { from: Buffer.from(key), to: Buffer.concat([Buffer.from(key), Buffer.from([0])]), has: (other) => placeOf(compareBytes(other, key), other === key), keysOnly: false };
  }
  const keysOnly = range.keysOnly ?? false;
  if ('from' in range) {
    const { from, to } = range;
    return { from: Buffer.from(from), to: Buffer.from(to), has: (key) => (compareBytes(key, from) < 0 ? 'before' : compareBytes(key, to) < 0 ? 'inside' : 'after'), keysOnly };
  }
  const { prefix } = range;
  const { key, range_end: end } = prefixRange(prefix);
  return { from: key, to: prefix === '' ? undefined : end, has: (other) => placeOf(compareBytes(other, prefix), other.startsWith(prefix)), keysOnly };
}

function placeOf(order: number, isInside: boolean): 'before' | 'inside' | 'after' {
  return isInside ? 'inside' : order < 0 ? 'before' : 'after';
}

function* pick(entries: Iterable<Entry>, { has, keysOnly }: Wanted): Generator<Entry> {
  for (const entry of entries) {
    const place = has(entry.key);
    if (place === 'inside') yield keysOnly ? { ...entry, value: '' } : entry;
    // A key that is not UTF-8 may look greater than it is.
    else if (place === 'after' && entry.bytes === undefined) return;
  }
}
