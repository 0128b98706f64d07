import { connect, createServer, type ClientHttp2Session, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';

/**
 * What becomes of a call: it passes; the connection breaks before the server has seen it, or before the client has seen the
 * answer; or it is answered with a status and without a message, after it was carried out or instead.
 */
export type Fate = 'pass' | 'lose request' | 'lose reply' | { readonly carriedOut: boolean; readonly status: number; readonly message?: string };

/** A proxy that knows gRPC's calls one by one, and may do a different thing to each. */
export interface GrpcProxy {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** The path of a transaction, and that of the reading of a range. */
export const TRANSACTION = '/etcdserverpb.KV/Txn';
export const RANGE = '/etcdserverpb.KV/Range';

/** Starts a proxy to an endpoint; `decide` is asked about every call, with its path. Nothing passes until it has answered. */
export async function startGrpcProxy(target: string, decide: (path: string) => Fate | Promise<Fate>): Promise<GrpcProxy> {
  const sessions = new Set<ServerHttp2Session | ClientHttp2Session>();
  const kept = <T extends ServerHttp2Session | ClientHttp2Session>(session: T): T => {
    sessions.add(session);
    session.on('error', () => undefined).on('close', () => sessions.delete(session));
    return session;
  };
  const server = createServer();
  server.on('session', (session) => {
    kept(session);
    const upstream = kept(connect(target));
    upstream.on('close', () => session.destroy());
    session.on('close', () => upstream.destroy());
    session.on('stream', (stream, headers) => {
      stream.on('error', () => undefined).pause();
      void (async () => treat(await decide(String(headers[':path'])), { session, upstream, stream, headers }))();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Passage {
  readonly session: ServerHttp2Session;
  readonly upstream: ClientHttp2Session;
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
}

function treat(fate: Fate, passage: Passage): void {
  const { session, upstream, stream } = passage;
  if (stream.destroyed || upstream.destroyed) return session.destroy();
  if (fate === 'lose request') return session.destroy();
  if (fate === 'pass') return pass(passage);
  const answer = (): void => {
    if (fate === 'lose reply') session.destroy();
    else if (!stream.destroyed) stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': String(fate.status), 'grpc-message': fate.message ?? '' }, { endStream: true });
  };
  if (fate !== 'lose reply' && !fate.carriedOut) {
    stream.on('end', answer).resume();
    return;
  }
  const request = upstream.request(passage.headers);
  request.on('error', () => session.destroy()).on('end', answer).resume();
  stream.pipe(request);
}

function pass({ session, upstream, stream, headers }: Passage): void {
  const request = upstream.request(headers);
  request.on('error', () => session.destroy());
  request.on('response', (answer, flags) => {
    if (stream.destroyed) return;
    const isWhole = (flags & 1) !== 0;
    stream.respond(answer, { endStream: isWhole, waitForTrailers: !isWhole });
    if (isWhole) return;
    let trailers: IncomingHttpHeaders = {};
    request.on('trailers', (received: IncomingHttpHeaders) => (trailers = received));
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    request.pipe(stream);
  });
  stream.on('close', () => request.close());
  stream.pipe(request);
}
