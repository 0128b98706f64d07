import { TRANSACTION_LIMIT, type ChangesBetween, type Commit, type Entry, type Operation, type Page, type Range, type Snapshot, type SnapshotOptions, type Span, type Store, type KeyChange, type WatchOptions, type WatchStep } from '../../src/datastore/store.js';

/** A store in memory with etcd's rules: revisions, compares, all or nothing. For tests of what is done to a store, not of how it is reached. */
export class MemoryStore implements Store {
  readonly #entries = new Map<string, Entry>();
  readonly #history: { readonly revision: number; readonly changes: KeyChange[] }[] = [];
  #onChange: () => void = () => undefined;
  #revision = 1;

  constructor(content: Readonly<Record<string, string>> = {}) {
    for (const [key, value] of Object.entries(content)) this.set(key, value);
  }

  /** A write by somebody else; undefined deletes. */
  set(key: string, value: string | undefined): void {
    this.#revision++;
    this.#change([[key, value]]);
  }

  /** Everything, in order of key. */
  content(): Record<string, string> {
    return Object.fromEntries(this.#sorted('').map(({ key, value }) => [key, value]));
  }

  async get(key: string): Promise<Entry | undefined> {
    return this.#entries.get(key);
  }

  async *list(prefix: string, { keysOnly = false, pageSize = 100 }: { keysOnly?: boolean; pageSize?: number } = {}): AsyncIterable<Page> {
    const found = this.#sorted(prefix).map((entry) => (keysOnly ? { ...entry, value: '' } : entry));
    const revision = String(this.#revision);
    for (let from = 0; from < found.length || from === 0; from += pageSize) yield { entries: found.slice(from, from + pageSize), revision };
  }

  async snapshot(ranges: readonly Range[], { onPage }: SnapshotOptions = {}): Promise<Snapshot> {
    const read = (range: Range): Entry[] => {
      if ('key' in range) return [this.#entries.get(range.key)].filter((entry) => entry !== undefined);
      return 'prefix' in range ? this.#sorted(range.prefix) : this.#sorted('').filter(({ key }) => key >= range.from && key < range.to);
    };
    const [revision, results] = [String(this.#revision), ranges.map(read)];
    if (onPage === undefined) return { revision, ranges: results };
    for (const [index, entries] of results.entries()) await onPage(entries, index);
    return { revision, ranges: results.map(() => []) };
  }

  async commit(operations: readonly Operation[]): Promise<Commit> {
    if (operations.length > TRANSACTION_LIMIT.operations) throw new Error(`etcd refuses a transaction of ${operations.length} operations`);
    const refused = operations.filter(({ key, expect }) => (this.#entries.get(key)?.modRevision ?? '0') !== expect);
    if (refused.length > 0) return { done: false, refusals: refused.map(({ key }) => ({ key, current: this.#entries.get(key) })) };
    this.#revision++;
    this.#change(operations.flatMap((operation) => (operation.action === 'check' ? [] : [[operation.key, operation.action === 'put' ? operation.value : undefined]])));
    return { done: true, revision: String(this.#revision) };
  }

  /** Without connections to lose, and nothing is ever compacted. */
  async *watch(ranges: readonly Range[], { after }: WatchOptions): AsyncIterable<WatchStep> {
    const inside = insideOf(ranges);
    for (let next = this.#history.findIndex(({ revision }) => revision > Number(after)); ; next++) {
      if (next < 0) next = this.#history.length;
      while (next >= this.#history.length) await new Promise<void>((resolve) => (this.#onChange = resolve));
      const { revision, changes } = this.#history[next]!;
      if (changes.some(inside)) yield { revision: String(revision), changes: changes.filter(inside) };
    }
  }

  async changesBetween(ranges: readonly Range[], { after, until }: Span): Promise<ChangesBetween> {
    const inside = insideOf(ranges);
    return { changes: this.#history.filter(({ revision }) => revision > Number(after) && revision <= Number(until)).flatMap(({ changes }) => changes.filter(inside)) };
  }

  close(): void {
    this.#entries.clear();
  }

  #change(wanted: readonly (readonly [key: string, value: string | undefined])[]): void {
    const revision = String(this.#revision);
    const changes = wanted.map(([key, value]): KeyChange => ({ key, revision, entry: value === undefined ? undefined : { key, value, modRevision: revision } }));
    for (const { key, entry } of changes) {
      if (entry === undefined) this.#entries.delete(key);
      else this.#entries.set(key, entry);
    }
    this.#history.push({ revision: this.#revision, changes });
    this.#onChange();
  }

  #sorted(prefix: string): Entry[] {
    return [...this.#entries.values()].filter(({ key }) => key.startsWith(prefix)).sort((a, b) => (a.key < b.key ? -1 : 1));
  }
}

function insideOf(ranges: readonly Range[]): (change: KeyChange) => boolean {
  return ({ key }) => ranges.some((range) => ('key' in range ? key === range.key : 'prefix' in range ? key.startsWith(range.prefix) : key >= range.from && key < range.to));
}
