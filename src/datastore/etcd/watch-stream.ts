import { Readable } from 'node:stream';
import type { CallOptions } from '@grpc/grpc-js';
import type { Etcd3, IEvent, IWatchCreateRequest, IWatchResponse } from 'etcd3';
import { Status } from './failure.js';
import { CallFailure } from './member.js';

/** The range begins before the oldest revision that etcd still has: `revision` is the oldest. */
export class Compacted extends Error {
  constructor(readonly revision: bigint) {
    super(`compacted at ${revision}`);
  }
}

/** The id of no watch: etcd takes a cancellation of it without a word. */
const NOBODYS_WATCH = String(2n ** 62n);

/** Changes as they came: everything up to `revision` has come. */
export interface Arrival {
  readonly revision: bigint;
  readonly events: readonly IEvent[];
  /** Set for the first answer of a watch that `ask` added; its events are left out, and `revision` is where the member was. */
  readonly answers?: true;
}

/** One stream of etcd's changes from one member, from its opening to its end. Nothing is read ahead of the reader but what grpc-js keeps, 16 messages. */
export class WatchStream {
  private constructor(
    readonly endpoint: string,
    private readonly responses: AsyncIterator<IWatchResponse, undefined>,
    /** What the member said when it took the request. */
    readonly header: IWatchResponse['header'],
    private readonly id: string,
    /** Adds another watch to the stream. */
    readonly ask: (request: IWatchCreateRequest) => void,
    readonly cancel: () => void,
    /** Sends something that etcd has no answer to. */
    readonly nudge: () => void,
    private readonly ended: Promise<void>,
  ) {}

  /** Opens a stream and waits for etcd to take the request; `options.deadline` bounds that, and nothing after it. Throws CallFailure. */
  static async open(client: Etcd3, { deadline, ...options }: CallOptions, endpoint: string, request: IWatchCreateRequest): Promise<WatchStream> {
    const stream = await client.watchClient.watch(options);
    if (!(stream instanceof Readable)) throw new Error('grpc-js gives no stream');
    const cancel = (): void => stream.cancel();
    // What goes wrong is thrown to whoever reads; later there is nobody to tell.
    const ended = new Promise<void>((resolve) => stream.once('status', () => resolve()));
    stream.on('error', () => undefined);
    const ask = (create_request: IWatchCreateRequest): void => {
      stream.write({ create_request });
    };
    const nudge = (): void => {
      if (!stream.destroyed) stream.write({ cancel_request: { watch_id: NOBODYS_WATCH } });
    };
    ask(request);
    const responses = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<IWatchResponse, undefined>;
    const tooLate = new AbortController();
    tooLate.signal.addEventListener('abort', cancel, { once: true });
    const timer = setTimeout(() => tooLate.abort(), Number(deadline) - Date.now());
    try {
      const { header, created, ...response } = await next(responses, endpoint);
      if (response.canceled && BigInt(response.compact_revision) === 0n) throw refusal(endpoint, response.cancel_reason);
      if (!created) throw new CallFailure(endpoint, Status.internal, 'the server answers a watch with something else');
      return new WatchStream(endpoint, responses, header, response.watch_id, ask, cancel, nudge, ended);
    } catch (error) {
      cancel();
      throw tooLate.signal.aborted ? new CallFailure(endpoint, Status.deadlineExceeded, 'Deadline exceeded') : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the stream. etcd3 gives up its connections when a stream is cancelled: a call before that is over would be made on one that is going. */
  async close(): Promise<void> {
    this.cancel();
    await this.ended;
  }

  /**
   * What comes, without end. A revision whose keys come in several messages is kept back until it is complete. Throws Compacted, and
   * CallFailure where the stream ends.
   */
  async *arrivals(): AsyncGenerator<Arrival> {
    let held: IEvent[] = [];
    const answered = new Set<string>();
    let reached = BigInt(this.header.revision);
    for (;;) {
      const { header, events, fragment, created, canceled, compact_revision, cancel_reason, watch_id: id } = await next(this.responses, this.endpoint);
      if (id !== this.id) {
        if (canceled && BigInt(compact_revision) === 0n) throw refusal(this.endpoint, cancel_reason);
        // An answer that speaks of compaction names no revision; what took the request does.
        if (BigInt(header.revision) > reached) reached = BigInt(header.revision);
        if (!created && !answered.has(id)) yield { revision: reached, events: [], answers: true };
        if (!created) answered.add(id);
        continue;
      }
      if (canceled && BigInt(compact_revision) > 0n) throw new Compacted(BigInt(compact_revision));
      if (canceled) throw refusal(this.endpoint, cancel_reason);
      if (events.length === 0 && held.length === 0 && !fragment) yield { revision: BigInt(header.revision), events };
      held.push(...events);
      const last = held.at(-1)?.kv.mod_revision;
      const complete = fragment ? held.filter(({ kv }) => kv.mod_revision !== last) : held;
      held = fragment ? held.slice(complete.length) : [];
      const end = complete.at(-1);
      if (end !== undefined) yield { revision: BigInt(end.kv.mod_revision), events: complete };
    }
  }
}

async function next(responses: AsyncIterator<IWatchResponse, undefined>, endpoint: string): Promise<IWatchResponse> {
  try {
    const { done, value } = await responses.next();
    if (done !== true) return value;
  } catch (error) {
    throw failureOf(error, endpoint);
  }
  throw new CallFailure(endpoint, Status.unavailable, 'the server has ended the connection');
}

/** gRPC's failure of a stream; anything else thrown is a bug. */
function failureOf(error: unknown, endpoint: string): unknown {
  if (!(error instanceof Error && 'code' in error && 'details' in error)) return error;
  return new CallFailure(endpoint, Number(error.code), String(error.details));
}

/** What etcd says of a watch that it ends itself, which is text only. Newer ones put gRPC's code before it (server/etcdserver/api/v3rpc/watch.go). */
function refusal(endpoint: string, reason: string): CallFailure {
  const details = reason.replace(/^rpc error: code = \w+ desc = /, '');
  return new CallFailure(endpoint, details.includes('permission denied') ? Status.permissionDenied : Status.unavailable, details === '' ? 'the server has ended the watch' : details);
}
