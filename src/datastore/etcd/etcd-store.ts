import type { IRangeRequest, IRangeResponse } from 'etcd3';
import { DatastoreError } from '../../base/errors.js';
import type { Notify } from '../../base/notice.js';
import type { DatastoreNotice } from '../notices.js';
import type { Caller } from './caller.js';
import { Commitment } from './commit.js';
import { Requests } from './requests.js';
import { PastWatch } from './past.js';
import { dividedRange, entriesOf, keysOf, nameOf, resumed, toEntry } from './ranges.js';
import { Watch, type WatchParts } from './watch.js';
import { TRANSACTION_LIMIT, type ChangesBetween, type Commit, type Entry, type ListOptions, type Operation, type Page, type Range, type Snapshot, type SnapshotOptions, type Span, type Store, type WatchOptions, type WatchStep } from '../store.js';

/** etcd counts the rest of the range for every page, so small pages are slow (reference/speed 4.2). */
const PAGE_SIZE = 5000;

/** Pages that are asked for before they are worked on. Two keep etcd busy; more would only wait in memory. */
const PAGES_AHEAD = 2;

/** A page, and where its part of the list goes on. */
interface Answer {
  readonly page: Page;
  /** How many keys it has, and how many of its part are behind it. */
  readonly keys: number;
  readonly left: number;
  readonly rest: IRangeRequest | undefined;
}

/** Takes a page of one of several ranges. */
type Taker = NonNullable<SnapshotOptions['onPage']>;

/** Waits for a page that was asked for. */
type Coming = () => Promise<Answer>;

/** The store on etcd's own requests; etcd3's builders are slow and run by being returned from an async function (reference/etcd-client 2.1). */
export class EtcdStore implements Store {
  readonly #requests: Requests;
  /** Ends the watches: the command was interrupted, or the store is closed. */
  readonly #ending = new AbortController();

  constructor(
    private readonly caller: Caller,
    private readonly onClose: () => void,
    private readonly notify: Notify<DatastoreNotice> = () => undefined,
  ) {
    this.#requests = new Requests(caller);
    const { signal } = caller;
    signal?.addEventListener('abort', () => this.#ending.abort(signal.reason), { once: true });
  }

  async get(key: string, options: { revision?: string } = {}): Promise<Entry | undefined> {
    const { kvs } = await this.#requests.range({ key: Buffer.from(key), ...at(options.revision) }, key);
    return kvs[0] && toEntry(kvs[0]);
  }

  /** While a page is worked on, the next ones are on their way already: one, or more where it is known how they begin. */
  async *list(prefix: string, options: ListOptions = {}): AsyncIterable<Page> {
    const { keysOnly = false, pageSize = PAGE_SIZE, boundaries = [], onRestart } = options;
    const parts: IRangeRequest[] = dividedRange(prefix, boundaries).map((range) => ({ ...range, limit: pageSize, keys_only: keysOnly }));
    let mayRestart = onRestart !== undefined && options.revision === undefined;
    let { revision } = options;
    let waiting = [...parts];
    const coming: Coming[] = [];
    let read = 0;
    const ask = (): void => {
      const most = revision === undefined ? 1 : PAGES_AHEAD;
      while (coming.length < most && waiting.length > 0) coming.push(this.#pageAhead({ ...waiting.shift(), ...at(revision) }, prefix));
    };
    try {
      for (ask(); coming[0] !== undefined; ask()) {
        let answer: Answer;
        try {
          answer = await coming[0]();
        } catch (error) {
          if (!mayRestart || !isCompaction(error)) throw error;
          mayRestart = false;
          [waiting, revision] = [[...parts], undefined];
          coming.length = 0;
          onRestart?.();
          read = 0;
          continue;
        }
        coming.shift();
        revision ??= answer.page.revision;
        if (answer.rest !== undefined) coming.unshift(this.#pageAhead({ ...answer.rest, revision }, prefix));
        ask();
        read += answer.keys;
        this.#tellRead(read, parts.length === 1 ? answer.left : undefined);
        yield answer.page;
      }
    } finally {
      // A reader that stops early leaves pages that nobody wants.
      await Promise.allSettled(coming.map((answer) => answer()));
    }
  }

  async snapshot(ranges: readonly Range[], { revision, onPage, onRestart }: SnapshotOptions = {}): Promise<Snapshot> {
    const once = async (): Promise<Snapshot> => {
      const results = ranges.map((): Entry[] => []);
      const keep: Taker = (entries, range) => void results[range]?.push(...entries);
      return { revision: await this.#snapshotOnce(ranges, revision, onPage ?? keep), ranges: results };
    };
    try {
      return await once();
    } catch (error) {
      if (revision !== undefined || !isCompaction(error)) throw error;
      onRestart?.();
      return once();
    }
  }

  async commit(operations: readonly Operation[]): Promise<Commit> {
    const commit = await new Commitment(this.#requests, operations).make();
    if (commit.done) this.caller.renewBudget();
    return commit;
  }

  watch(ranges: readonly Range[], options: WatchOptions): AsyncIterable<WatchStep> {
    const read: WatchParts['read'] = (revision, onPage) => this.snapshot(ranges, { revision, onPage });
    return new Watch({ caller: this.caller, requests: this.#requests, read, notify: this.notify, signal: this.#ending.signal }, ranges, options).steps();
  }

  changesBetween(ranges: readonly Range[], span: Span): Promise<ChangesBetween> {
    return new PastWatch(this.caller, this.#requests, ranges).between(span);
  }

  close(): void {
    this.#ending.abort(new Error('the store is closed'));
    this.onClose();
  }

  /** One read transaction shows all ranges at one revision, which is returned; what does not fit into it is read on at that revision. */
  async #snapshotOnce(ranges: readonly Range[], asked: string | undefined, take: Taker): Promise<string> {
    let revision = asked;
    for (let start = 0; start < ranges.length || start === 0; start += TRANSACTION_LIMIT.operations) {
      const part = ranges.slice(start, start + TRANSACTION_LIMIT.operations);
      const requests = part.map((range) => ({ ...rangeRequest(range), ...at(revision) }));
      const answer = await this.#requests.read({ success: requests.map((request_range) => ({ request_range })) }, part.map(nameOf));
      revision ??= answer.header.revision;
      const total = answer.responses.reduce((sum, { response_range }) => sum + Number(response_range.count), 0);
      let read = 0;
      for (const [index, { response_range }] of answer.responses.entries()) {
        const name = nameOf(part[index] as Range);
        for (let page: IRangeResponse | undefined = response_range; page !== undefined; page = await this.#pageAfter(page, { ...(requests[index] as IRangeRequest), revision }, name)) {
          read += page.kvs.length;
          this.#tellRead(read, total - read);
          await take(entriesOf(page.kvs), start + index);
        }
      }
    }
    return revision as string;
  }

  /** Somebody waits for a list that has more than a page. */
  #tellRead(count: number, left: number | undefined): void {
    if (count >= PAGE_SIZE) this.notify({ code: 'datastore.read', count, ...(left === undefined ? {} : { of: count + left }) });
  }

  async #pageAfter(page: IRangeResponse, request: IRangeRequest, name: string): Promise<IRangeResponse | undefined> {
    return page.more ? this.#requests.range(resumed(request, page), name) : undefined;
  }

  /** Asks for a page. */
  #pageAhead(request: IRangeRequest, name: string): Coming {
    const response = this.#requests.rangeAhead(request, name);
    return async () => {
      const { header, kvs, more, count } = await response();
      const page = { entries: entriesOf(kvs), revision: String(request.revision ?? header.revision) };
      return { page, keys: kvs.length, left: Number(count) - kvs.length, rest: more ? resumed(request, { kvs }) : undefined };
    };
  }
}

function at(revision: string | undefined): { revision?: string } {
  return revision === undefined ? {} : { revision };
}

function rangeRequest(range: Range): IRangeRequest {
  return 'key' in range ? keysOf(range) : { ...keysOf(range), limit: PAGE_SIZE, keys_only: range.keysOnly ?? false };
}

function isCompaction(error: unknown): boolean {
  return error instanceof DatastoreError && error.stage === 'compaction';
}
