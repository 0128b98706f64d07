import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy on the loopback that stands between a gRPC client and its server and misbehaves on request. */
export interface Proxy {
  readonly endpoint: string;
  /** How many connections clients have opened so far. */
  readonly connections: number;
  /**
   * Cuts every connection at the next request, which the server never sees, or at the next reply, which the client never sees.
   * Later connections work, once `meanwhile` is done. `pass` lets so many go through before.
   */
  cutNext(what: 'request' | 'reply', meanwhile?: () => Promise<unknown>, pass?: number): void;
  /** Cuts every connection now. Later ones work, once `meanwhile` is done. */
  cut(meanwhile?: () => Promise<unknown>): void;
  /** Acts when a request comes, and lets it pass; `pass` lets so many go before. */
  onNextRequest(act: () => void, pass?: number): void;
  /** From now on nothing passes from the client to the server any more; resolves with the first thing that would have. */
  hang(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a proxy to a port of the loopback. */
export async function startProxy(targetPort: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let cut: { what: 'request' | 'reply'; meanwhile: () => Promise<unknown>; pass: number } | undefined;
  let passable: Promise<unknown> = Promise.resolve();
  let onHeld: (() => void) | undefined;
  let watch: { act: () => void; pass: number } | undefined;
  const notice = (requests: number): void => {
    if (watch === undefined || (watch.pass -= requests) >= 0) return;
    watch.act();
    watch = undefined;
  };
  const cutsAt = (what: 'request' | 'reply', messages: number): boolean => {
    if (cut?.what !== what || (cut.pass -= messages) >= 0) return false;
    passable = cut.meanwhile();
    cut = undefined;
    for (const socket of sockets) socket.destroy();
    return true;
  };
  const server = createServer((client) => {
    connections++;
    const upstream = connect(targetPort, '127.0.0.1');
    join(client, upstream, sockets);
    const [requests, replies] = [messageCounter(PREFACE.length), messageCounter(0)];
    client.on('data', (chunk) => {
      const begun = requests(chunk);
      notice(begun);
      if (onHeld) onHeld();
      else if (!cutsAt('request', begun)) upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!cutsAt('reply', replies(chunk))) client.write(chunk);
    });
    client.pause();
    void passable.then(() => client.resume());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    cutNext: (what, meanwhile = async () => undefined, pass = 0) => void (cut = { what, meanwhile, pass }),
    cut: (meanwhile = async () => undefined) => {
      passable = meanwhile();
      for (const socket of sockets) socket.destroy();
    },
    onNextRequest: (act, pass = 0) => void (watch = { act, pass }),
    hang: () => new Promise((resolve) => (onHeld = resolve)),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function join(client: Socket, upstream: Socket, sockets: Set<Socket>): void {
  for (const [one, other] of [[client, upstream], [upstream, client]] as const) {
    sockets.add(one);
    one.on('error', () => other.destroy());
    one.on('close', () => {
      sockets.delete(one);
      other.destroy();
    });
  }
}

/** What a client of HTTP/2 sends before its first frame (RFC 9113, 3.4). */
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const FRAME_HEAD = 9;
const HEADERS = 1;

/**
 * Counts, chunk after chunk of a connection, the messages that begin: the first HEADERS frame of each stream. Settings, pings and
 * windows are no message, and the trailers of a reply are its end. A busy machine cuts the stream anywhere, and puts several
 * messages into one chunk. `skip` bytes stand before the first frame.
 */
function messageCounter(skip: number): (chunk: Buffer) => number {
  let rest = Buffer.alloc(0);
  let ignore = skip;
  const streams = new Set<number>();
  return (chunk) => {
    let begun = 0;
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const ignored = Math.min(ignore, rest.length);
      rest = rest.subarray(ignored);
      ignore -= ignored;
      if (ignore > 0 || rest.length < FRAME_HEAD) return begun;
      const stream = rest.readUInt32BE(5) & 0x7fff_ffff;
      if (rest[3] === HEADERS && !streams.has(stream)) begun++;
      if (rest[3] === HEADERS) streams.add(stream);
      ignore = FRAME_HEAD + rest.readUIntBE(0, 3);
    }
  };
}
