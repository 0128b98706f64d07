import type { IEvent, IWatchCreateRequest } from 'etcd3';
import { DatastoreError } from '../../base/errors.js';
import type { ChangesBetween, KeyChange, Range, Span } from '../store.js';
import type { Caller } from './caller.js';
import { Status } from './failure.js';
import { CallFailure } from './member.js';
import { hullOf, isInside, nameOf, prefixRange, toEntry } from './ranges.js';
import type { Requests } from './requests.js';
import { Compacted, WatchStream } from './watch-stream.js';

/**
 * Answers in a row, with nothing of the watch between them, after which it has told all. etcd works off all watches that begin in
 * the past in rounds, in any order within one; so one answer may come before what the watch has to tell in the same round, and
 * with a large past each round tells a part.
 */
const ANSWERS = 3;

/**
 * What became of keys after a revision, up to another one: a watch that begins in the past and ends. etcd tells nobody when such
 * a watch has caught up: its answer to a progress request may come too early before 3.4.25 and 3.5.8 (etcd issue 15220). So
 * other watches on the same stream are asked, again and again, for something that is known to have happened.
 */
export class PastWatch {
  private readonly names: readonly string[];

  constructor(
    private readonly caller: Caller,
    private readonly requests: Requests,
    private readonly ranges: readonly Range[],
  ) {
    this.names = ranges.map(nameOf);
  }

  /** Throws DatastoreError. */
  async between({ after, until }: Span): Promise<ChangesBetween> {
    const known = await this.somethingKnown(BigInt(until));
    if (known === undefined) return { changes: [] };
    let oldest: bigint | undefined;
    for (;;) {
      const from: bigint = oldest ?? BigInt(after);
      const found = from >= BigInt(until) ? [] : await this.collected(from, BigInt(until), known);
      if (!(found instanceof Compacted)) return { changes: found, ...(oldest === undefined ? {} : { oldest: String(oldest) }) };
      oldest = found.revision;
    }
  }

  private collected(after: bigint, until: bigint, known: IWatchCreateRequest): Promise<readonly KeyChange[] | Compacted> {
    const request = { ...hullOf(this.ranges), start_revision: String(after + 1n), fragment: true };
    return this.caller.call({
      keys: this.names,
      send: async (client, options, endpoint) => {
        const patienceMs = Number(options.deadline) - Date.now();
        const stream = await WatchStream.open(client, options, endpoint, request);
        return this.read(stream, { until, known, patienceMs }).catch((error: unknown) => {
          if (error instanceof Compacted) return error;
          throw error;
        });
      },
    });
  }

  /** Reads a stream up to a revision and closes it. Throws Compacted, and CallFailure, also where nothing comes for too long. */
  private async read(stream: WatchStream, { until, known, patienceMs }: { readonly until: bigint; readonly known: IWatchCreateRequest; readonly patienceMs: number }): Promise<readonly KeyChange[]> {
    const isWatched = isInside(this.ranges);
    const changes: KeyChange[] = [];
    const silence = new AbortController();
    silence.signal.addEventListener('abort', stream.cancel, { once: true });
    let timer = setTimeout(() => silence.abort(), patienceMs);
    let answers = 0;
    try {
      stream.ask(known);
      for await (const { revision, events, answers: isAnswer } of stream.arrivals()) {
        // A member that is behind the others has not told all, whatever it answers.
        answers = isAnswer === true && revision >= until ? answers + 1 : 0;
        for (const event of events) if (BigInt(event.kv.mod_revision) <= until && isWatched(event.kv.key)) changes.push(changeOf(event));
        if (answers === ANSWERS || (events.length > 0 && revision >= until)) return changes;
        if (isAnswer === true) {
          stream.ask(known);
          continue;
        }
        this.caller.renewBudget();
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), patienceMs);
      }
      return changes;
    } catch (error) {
      throw silence.signal.aborted ? new CallFailure(stream.endpoint, Status.deadlineExceeded, 'Deadline exceeded') : error;
    } finally {
      clearTimeout(timer);
      await stream.close();
    }
  }

  /**
   * A watch that etcd has something to answer to: on a key from its last change on; or from the very first revision, where that is
   * compacted. Where there are no keys now the past is searched for one. Undefined where there never was one as far as that finds.
   */
  private async somethingKnown(until: bigint): Promise<IWatchCreateRequest | undefined> {
    const prefix = /^\/[^/]*\//.exec(this.names[0] ?? '')?.[0] ?? '';
    for (let back = 0n; back < until; back += 1n + back / 4n) {
      try {
        const { kvs: [found] } = await this.requests.range({ ...prefixRange(prefix), limit: 1, keys_only: true, revision: String(until - back) }, prefix);
        if (found !== undefined) return { key: found.key, start_revision: found.mod_revision };
      } catch (error) {
        if (error instanceof DatastoreError && error.stage === 'compaction') return { key: Buffer.from(prefix), start_revision: '1' };
        throw error;
      }
    }
    return undefined;
  }
}

function changeOf({ type, kv }: IEvent): KeyChange {
  const entry = toEntry(kv);
  return { key: entry.key, entry: type === 'Delete' ? undefined : entry, revision: kv.mod_revision };
}
