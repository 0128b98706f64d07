import { setTimeout as sleep } from 'node:timers/promises';
import type { IEvent } from 'etcd3';
import { pauseMs } from '../../base/back-off.js';
import { DatastoreError, type DatastoreStage } from '../../base/errors.js';
import type { Notify } from '../../base/notice.js';
import type { DatastoreNotice } from '../notices.js';
import type { Entry, KeyChange, Range, Snapshot, SnapshotOptions, WatchOptions, WatchStep } from '../store.js';
import type { Caller } from './caller.js';
import { CallFailure } from './member.js';
import { hullOf, isInside, nameOf, toEntry } from './ranges.js';
import type { Requests } from './requests.js';
import { Compacted, WatchStream } from './watch-stream.js';

/** The pauses between the tries to connect again. */
const PAUSES = { firstMs: 100, longestMs: 5000, fixed: 0.5 };
/** What may pass by itself. Anything else is said and ends the watch. */
const PASSING: readonly DatastoreStage[] = ['name', 'connection', 'tls', 'timeout'];

export interface WatchParts {
  readonly caller: Caller;
  readonly requests: Requests;
  /** Reads the ranges as they were at a revision. */
  readonly read: (revision: string, onPage: NonNullable<SnapshotOptions['onPage']>) => Promise<Snapshot>;
  readonly notify: Notify<DatastoreNotice>;
  /** Ends the watch with its reason. */
  readonly signal: AbortSignal;
}

/**
 * A watch over any number of streams. Ranges are watched as one, the smallest that holds all of them: between several watches etcd
 * promises no order. After each stream the next begins behind the last revision that was told.
 */
export class Watch {
  private told: bigint;
  private readonly known: Map<string, string>;
  private readonly onConnection: WatchOptions['onConnection'];
  private readonly names: readonly string[];
  private readonly isWatched: (key: Buffer) => boolean;
  private cluster: string | undefined;
  private begun = false;
  private isLost = false;

  constructor(
    private readonly parts: WatchParts,
    private readonly ranges: readonly Range[],
    { after, known, onConnection }: WatchOptions,
  ) {
    this.told = BigInt(after);
    this.known = known;
    this.onConnection = onConnection;
    this.names = ranges.map(nameOf);
    this.isWatched = isInside(ranges);
  }

  async *steps(): AsyncGenerator<WatchStep> {
    for (let tried = 0; ; tried++) {
      try {
        for await (const step of this.stream()) {
          tried = 0;
          yield step;
        }
      } catch (error) {
        this.parts.signal.throwIfAborted();
        const trouble = error instanceof CallFailure ? this.parts.caller.explain(error, { keys: this.names }) : error;
        if (!(this.begun && trouble instanceof DatastoreError && PASSING.includes(trouble.stage))) throw trouble;
        this.tellLost(trouble);
        // A stream that broke is opened again at once: most often another member is there.
        if (!(error instanceof CallFailure) || tried > 0) await this.pause(tried);
        this.parts.caller.renewBudget();
      }
    }
  }

  /** One stream, from opening it to its end by compaction; anything else that ends it is thrown. */
  private async *stream(): AsyncGenerator<WatchStep> {
    const { signal } = this.parts;
    const stream = await this.open();
    signal.addEventListener('abort', stream.cancel, { once: true });
    try {
      signal.throwIfAborted();
      await this.checkHistory(stream);
      this.begun = true;
      this.onConnection?.(stream.nudge);
      this.tellBack(stream);
      for await (const { revision, events } of stream.arrivals()) {
        const changes = events.flatMap((event) => this.changeOf(event));
        if (revision <= this.told) continue;
        this.told = revision;
        yield { revision: String(revision), changes };
      }
    } catch (error) {
      if (!(error instanceof Compacted)) throw error;
      yield* this.gap(error.revision);
    } finally {
      signal.removeEventListener('abort', stream.cancel);
      await stream.close();
    }
  }

  private open(): Promise<WatchStream> {
    const request = { ...hullOf(this.ranges), start_revision: String(this.told + 1n), progress_notify: true, fragment: true };
    return this.parts.caller.call({ keys: this.names, send: (client, options, endpoint) => WatchStream.open(client, options, endpoint, request) });
  }

  /** A store that was restored from a backup has another past: what was told of it does not hold, and nothing that is read tells what changed. Throws DatastoreError. */
  private async checkHistory({ endpoint, header }: WatchStream): Promise<void> {
    this.cluster ??= header.cluster_id;
    const hint = 'it was restored from a backup, or the endpoint leads elsewhere: start the watch anew';
    if (header.cluster_id !== this.cluster) throw new DatastoreError('data', `etcd at ${endpoint} belongs to another cluster than before`, hint);
    if (BigInt(header.revision) >= this.told) return;
    // A member may be behind the others for a moment; a read that goes through all of them is not.
    const { header: now } = await this.parts.requests.range({ key: Buffer.from(this.names[0] as string), count_only: true }, this.names[0] as string);
    if (BigInt(now.revision) < this.told) throw new DatastoreError('data', `the store has gone back from revision ${this.told} to ${now.revision}`, hint);
  }

  private changeOf({ type, kv }: IEvent): readonly KeyChange[] {
    if (BigInt(kv.mod_revision) <= this.told || !this.isWatched(kv.key)) return [];
    const entry = toEntry(kv);
    if (type === 'Delete') this.known.delete(entry.key);
    else this.known.set(entry.key, entry.modRevision);
    return [{ key: entry.key, entry: type === 'Delete' ? undefined : entry, revision: kv.mod_revision }];
  }

  /** What is different at the oldest revision that etcd still has. Ends without a word where that is compacted too meanwhile: the next stream says which is the oldest then. */
  private async *gap(oldest: bigint): AsyncGenerator<WatchStep> {
    const to = String(oldest);
    const found = new Set<string>();
    const changed: Entry[] = [];
    try {
      await this.parts.read(to, (entries) => {
        for (const entry of entries) {
          found.add(entry.key);
          if (this.known.get(entry.key) !== entry.modRevision) changed.push(entry);
        }
        return undefined;
      });
    } catch (error) {
      if (error instanceof DatastoreError && error.stage === 'compaction') return;
      throw error;
    }
    const gone = [...this.known.keys()].filter((key) => !found.has(key));
    for (const key of gone) this.known.delete(key);
    for (const { key, modRevision } of changed) this.known.set(key, modRevision);
    const changes = changed.sort((a, b) => (BigInt(a.modRevision) < BigInt(b.modRevision) ? -1 : 1)).map((entry): KeyChange => ({ key: entry.key, entry, revision: entry.modRevision }));
    const from = String(this.told + 1n);
    this.told = oldest;
    yield { revision: to, changes: [...changes, ...gone.map((key): KeyChange => ({ key, entry: undefined, revision: undefined }))], gap: { from, to } };
  }

  private tellLost({ message }: DatastoreError): void {
    if (!this.isLost) this.parts.notify({ code: 'datastore.watch-lost', reason: message, revision: String(this.told) });
    this.isLost = true;
  }

  private tellBack({ endpoint }: WatchStream): void {
    if (this.isLost) this.parts.notify({ code: 'datastore.watch-back', endpoint, revision: String(this.told) });
    this.isLost = false;
  }

  private async pause(tried: number): Promise<void> {
    const { signal } = this.parts;
    await sleep(pauseMs(PAUSES, tried), undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  }
}
