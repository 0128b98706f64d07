import type { Etcd3, IOptions } from 'etcd3';
import type { CallOptions, InterceptingCall, Interceptor } from '@grpc/grpc-js';
import { Status } from './failure.js';
import { withOwnNames } from './named-endpoint.js';

/** One attempt of a call to one member that did not end well, with gRPC's own code and words (reference/etcd-client 3). */
export class CallFailure extends Error {
  constructor(
    readonly endpoint: string,
    readonly code: number,
    readonly details: string,
    /** The failure is that of a login or a question that went before the call: the call itself was not made. */
    readonly notMade = false,
  ) {
    super(details);
  }
}

/** The parts of the two libraries that are used; they are heavy, so they arrive late. */
export interface Libraries {
  readonly Etcd3: typeof Etcd3;
  readonly InterceptingCall: typeof InterceptingCall;
}

/** Sends a request to a member. What it throws is taken for gRPC's failure, unless it is a CallFailure. */
export type Send<T> = (client: Etcd3, options: CallOptions, endpoint: string) => Promise<T>;

export interface Attempt {
  readonly timeoutMs: number;
  readonly token?: string | undefined;
  /** Where the call puts what cancels it, for as long as it is under way. */
  readonly running: Set<() => void>;
}

type FaultPolicy = NonNullable<NonNullable<IOptions['faultHandling']>['global']>;

/** etcd3's own policy repeats writes whose answer was lost (reference/etcd-client 1); this one never repeats anything. */
const neverRepeat = {
  onSuccess: () => ({ dispose: () => undefined }),
  onFailure: () => ({ dispose: () => undefined }),
  // A promise, also of what throws at once: etcd3 reports the end of a stream that way.
  execute: (work: (context: { signal: AbortSignal }) => unknown) => Promise.resolve().then(() => work({ signal: new AbortController().signal })),
} as unknown as FaultPolicy;

/**
 * One connection of its own per channel, no proxy, no look-up of service settings by DNS, lists of any length. With HTTP/2's own
 * window of 64 KiB, etcd would wait for our acknowledgement some thirty times in a page of a list.
 */
const CHANNEL = {
  'grpc.max_receive_message_length': -1,
  'grpc.enable_http_proxy': 0,
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.use_local_subchannel_pool': 1,
  'grpc-node.flow_control_window': 8 * 1024 * 1024,
  // A stream on which nothing comes must not wait for a machine that is gone. etcd takes no more than a ping every 5 s (its --grpc-keepalive-min-time).
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5_000,
} as const;

const RESET_AT_FIRST = /^No connection established.*(ECONNRESET|EPIPE)/s;
const OTHER_PROTOCOL = 'No connection established. Last error: the server speaks the other of http and https';

/** One member of the etcd cluster. It is connected with its first call, and every call is exactly one request with a deadline. */
export class Member {
  #client: Etcd3 | undefined;
  #clusterId: string | undefined;

  constructor(
    readonly endpoint: string,
    private readonly libraries: Libraries,
    private readonly credentials: IOptions['credentials'],
  ) {}

  /** The cluster that it belongs to as of its last answer, a decimal number; undefined before the first. */
  get clusterId(): string | undefined {
    return this.#clusterId;
  }

  /** Sends one request. Throws CallFailure where gRPC reports one; anything else thrown is a bug. */
  async call<T>(send: Send<T>, attempt: Attempt): Promise<T> {
    let status: { code: number; details: string } | undefined;
    let call: InterceptingCall | undefined;
    let cancelled = false;
    const cancel = (): void => {
      cancelled = true;
      call?.cancelWithStatus(Status.cancelled, 'interrupted');
    };
    const interceptor = this.#interceptor(attempt.token, (received) => (status = received), (started) => {
      call = started;
      if (cancelled) cancel();
    });
    attempt.running.add(cancel);
    try {
      return await send(this.#connected(), { deadline: Date.now() + attempt.timeoutMs, interceptors: [interceptor] }, this.endpoint);
    } catch (error) {
      if (status === undefined || error instanceof CallFailure) throw error;
      // gRPC calls it unimplemented; but what the server says is that it did something.
      if (status.code === 0) throw new CallFailure(this.endpoint, Status.unknown, 'reports success, but without a result');
      throw new CallFailure(this.endpoint, status.code, await this.#details(status.details, attempt.timeoutMs));
    } finally {
      attempt.running.delete(cancel);
    }
  }

  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  /** gRPC's words, or better ones where the server expects the other of http and https. */
  async #details(details: string, timeoutMs: number): Promise<string> {
    if (!RESET_AT_FIRST.test(details)) return details;
    const { speaksOther } = await import('./other-protocol.js');
    return (await speaksOther(this.endpoint, timeoutMs)) ? OTHER_PROTOCOL : details;
  }

  #connected(): Etcd3 {
    return (this.#client ??= new this.libraries.Etcd3({
      hosts: withOwnNames(this.endpoint),
      ...(this.credentials && { credentials: this.credentials }),
      faultHandling: { global: neverRepeat, host: () => neverRepeat },
      grpcOptions: CHANNEL,
    }));
  }

  /** Adds our token, and notes the cluster and the status: etcd3 drops the code, and would log in again without end at the words "invalid auth token". */
  #interceptor(token: string | undefined, onStatus: (status: { code: number; details: string }) => void, onStart: (call: InterceptingCall) => void): Interceptor {
    return (options, nextCall) => {
      const call = new this.libraries.InterceptingCall(nextCall(options), {
        start: (metadata, _listener, next) => {
          if (token !== undefined) metadata.set('token', token);
          // A member that has lost the others ends a stream then, instead of saying nothing for as long as that lasts.
          if (options.method_definition.responseStream) metadata.set('hasleader', 'true');
          next(metadata, {
            onReceiveMessage: (message, pass) => {
              this.#clusterId = clusterOf(message) ?? this.#clusterId;
              pass(message);
            },
            onReceiveStatus: (received, pass) => {
              onStatus({ code: received.code, details: received.details });
              pass({ ...received, details: received.details.replace('invalid auth token', 'auth token refused') });
            },
          });
          onStart(call);
        },
      });
      return call;
    };
  }
}

/** The cluster that an answer of etcd names. */
function clusterOf(message: unknown): string | undefined {
  return (message as { readonly header?: { readonly cluster_id?: string } | null } | null)?.header?.cluster_id;
}
