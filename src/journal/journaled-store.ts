import { DatastoreError, type DatastoreStage } from '../base/errors.js';
import type { Notify } from '../base/notice.js';
import { AroundStore } from '../datastore/around-store.js';
import { operationBytes, TRANSACTION_LIMIT, type Commit, type Deed, type Entry, type Operation, type Store } from '../datastore/store.js';
import type { JournalNotice } from './notices.js';
import { pruneToSize } from './prune.js';
import { encodeRecord, JOURNAL, recordKey, type Author, type JournalRecord, type RecordedChange } from './record.js';

export interface JournalOptions {
  readonly author: Author;
  /** Eight hexadecimal digits that no other command has. */
  readonly command: string;
  readonly now: () => Date;
  /** Whether the values before are kept; without them a record says which keys changed. */
  readonly values: boolean;
  readonly notify: Notify<JournalNotice>;
}

/** The most bytes of a record; what has more goes without the values. */
const LARGEST_RECORD = 256 * 1024;
/** What etcd takes in one request unless it was set otherwise (reference/etcd-client 4), less a little for what surrounds the operations. */
const LARGEST_REQUEST = 1_560_000;
/** What etcd says of a transaction that it might take without the record. */
const REFUSED: readonly DatastoreStage[] = ['permission', 'size', 'quota'];
/** One command in so many looks whether the journal has become too large: by its id, so that nobody has to count. */
const LOOKS = 16;

/**
 * A store that writes down what each transaction does, in the same transaction. What is written down never stands in the way of
 * a change: where etcd refuses both together, the change is made alone, and that is told.
 */
export class JournaledStore extends AroundStore {
  #number = 0;
  #isOff = false;
  #hasLooked: boolean;
  readonly #told = new Set<JournalNotice['code']>();

  constructor(
    store: Store,
    private readonly options: JournalOptions,
  ) {
    super(store);
    this.#hasLooked = Number.parseInt(options.command, 16) % LOOKS !== 0;
  }

  override async commit(operations: readonly Operation[], deeds?: readonly Deed[]): Promise<Commit> {
    const changing = this.#isOff ? [] : operations.filter(isRecorded);
    const changes = changing.length === 0 ? undefined : await this.changesOf(changing);
    if (changes === undefined) return this.store.commit(operations, deeds);
    const record = this.recordOf(changes);
    const written = fitting(record, operations);
    if (written === undefined) return this.commitThenRecord(operations, deeds, record);
    if (written.omitted) this.tell({ code: 'journal.values-omitted', keys: changes.length });
    try {
      const commit = await this.store.commit([...operations, written.operation], deeds);
      if (commit.done) await this.look();
      return commit;
    } catch (error) {
      if (!(error instanceof DatastoreError) || !REFUSED.includes(error.stage)) throw error;
      return this.commitWithout(operations, deeds, { record, error });
    }
  }

  /** The same without the record, which may have been in the way: of an etcd with other limits, or where the user may not write. */
  private async commitWithout(operations: readonly Operation[], deeds: readonly Deed[] | undefined, { record, error }: { readonly record: JournalRecord; readonly error: DatastoreError }): Promise<Commit> {
    if (error.stage !== 'permission') return this.commitThenRecord(operations, deeds, record);
    const commit = await this.store.commit(operations, deeds);
    this.#isOff = true;
    this.tell({ code: 'journal.denied' });
    return commit;
  }

  /** A transaction that has no room for its record: that follows. */
  private async commitThenRecord(operations: readonly Operation[], deeds: readonly Deed[] | undefined, record: JournalRecord): Promise<Commit> {
    const commit = await this.store.commit(operations, deeds);
    if (!commit.done) return commit;
    const { revision } = commit;
    try {
      const following = fitting({ ...record, revision }, []);
      if (following === undefined) throw new Error('the record is too large');
      await this.store.commit([following.operation], []);
    } catch (error) {
      this.tell({ code: 'journal.left-out', revision, reason: (error as Error).message });
    }
    return commit;
  }

  /** What the operations change, and what is there before; undefined where that is not what they expect: then nothing will be changed. */
  private async changesOf(operations: readonly Operation[]): Promise<readonly RecordedChange[] | undefined> {
    const before = this.options.values ? await this.valuesBefore(operations) : undefined;
    const changes: RecordedChange[] = [];
    for (const operation of operations) {
      const { key, action, expect } = operation;
      if (expect === '0') {
        changes.push({ key, did: 'created' });
        continue;
      }
      const entry = before?.get(key);
      if (before !== undefined && isAskedFor(operation) && entry?.modRevision !== expect) return undefined;
      changes.push({ key, did: action === 'delete' ? 'deleted' : 'replaced', since: expect, ...valueOf(entry) });
    }
    return changes;
  }

  /** Undefined where they cannot be read: whatever is wrong, the transaction will say. */
  private async valuesBefore(operations: readonly Operation[]): Promise<ReadonlyMap<string, Entry> | undefined> {
    const keys = operations.filter(isAskedFor);
    if (keys.length === 0) return new Map();
    try {
      const { ranges } = await this.store.snapshot(keys.map(({ key }) => ({ key })));
      return new Map(ranges.flat().map((entry) => [entry.key, entry]));
    } catch (error) {
      if (error instanceof DatastoreError) return undefined;
      throw error;
    }
  }

  private recordOf(changes: readonly RecordedChange[]): JournalRecord {
    const { author, command, now, values } = this.options;
    this.#number++;
    return { time: now().toISOString(), command, number: this.#number, ...author, ...(values ? {} : { valuesOmitted: true }), changes };
  }

  private async look(): Promise<void> {
    if (this.#hasLooked) return;
    this.#hasLooked = true;
    try {
      const { records, until } = await pruneToSize(this.store);
      if (until !== undefined) this.tell({ code: 'journal.pruned', records, until });
    } catch (error) {
      // It is only put off: the next command that looks tries again.
      if (!(error instanceof DatastoreError)) throw error;
    }
  }

  /** Says each thing once. */
  private tell(notice: JournalNotice): void {
    if (this.#told.has(notice.code)) return;
    this.#told.add(notice.code);
    this.options.notify(notice);
  }
}

/** Whether an operation changes something that is not the journal's own. */
function isRecorded({ action, key }: Operation): boolean {
  return action !== 'check' && !key.startsWith(JOURNAL);
}

/** Whether the value before an operation can be read, and there is one: a key that is not UTF-8 cannot be asked for. */
function isAskedFor({ key, expect, bytes }: Operation): boolean {
  return expect !== '0' && (bytes === undefined || bytes.key.equals(Buffer.from(key)));
}

function valueOf(entry: Entry | undefined): Pick<RecordedChange, 'before' | 'beforeBytes'> {
  if (entry === undefined) return {};
  return entry.bytes === undefined ? { before: entry.value } : { beforeBytes: entry.bytes.value.toString('base64') };
}

/** What writes a record beside other operations, without the values where they would be too much; undefined where there is no room at all. */
function fitting(record: JournalRecord, beside: readonly Operation[]): { readonly operation: Operation; readonly omitted: boolean } | undefined {
  if (beside.length >= TRANSACTION_LIMIT.operations) return undefined;
  const room = Math.min(LARGEST_RECORD, LARGEST_REQUEST - beside.reduce((sum, operation) => sum + requestBytes(operation), 0));
  const whole = putOf(record);
  if (requestBytes(whole) <= room) return { operation: whole, omitted: false };
  const bare = putOf({ ...record, valuesOmitted: true, changes: record.changes.map(({ key, did, since }) => ({ key, did, since })) });
  return requestBytes(bare) <= room ? { operation: bare, omitted: true } : undefined;
}

function putOf(record: JournalRecord): Operation {
  const value = encodeRecord(record);
  return { action: 'put', key: recordKey({ ...record, bytes: Buffer.byteLength(value) }), expect: '0', value };
}

/** What an operation takes of a request: it is compared, done, and read where the transaction is refused (src/datastore/etcd/transaction.ts). */
function requestBytes(operation: Operation): number {
  return operationBytes(operation) + 2 * Buffer.byteLength(operation.key) + 64;
}
