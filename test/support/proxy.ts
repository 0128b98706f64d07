import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy on the loopback that stands between a client and a server and misbehaves on request. */
export interface Proxy {
  readonly endpoint: string;
  /** How many connections clients have opened so far. */
  readonly connections: number;
  /** From now on what the server says is swallowed; `dropped` resolves when that has happened, and every connection is cut then. Later connections work. */
  dropNextReply(): { readonly dropped: Promise<void> };
  /** From now on nothing passes from the client to the server any more; resolves with the first thing that would have. */
  hang(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a proxy to a port of the loopback. */
export async function startProxy(targetPort: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let onReply: (() => void) | undefined;
  let onHeld: (() => void) | undefined;
  const server = createServer((client) => {
    connections++;
    const upstream = connect(targetPort, '127.0.0.1');
    join(client, upstream, sockets);
    client.on('data', (chunk) => (onHeld ? onHeld() : upstream.write(chunk)));
    upstream.on('data', (chunk) => {
      // Frames that only acknowledge settings, pings and windows are no reply: a HEADERS frame (type 1) opens one.
      if (onReply === undefined || !holdsHeaders(chunk)) return void client.write(chunk);
      onReply();
      onReply = undefined;
      for (const socket of sockets) socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    dropNextReply: () => ({ dropped: new Promise((resolve) => (onReply = resolve)) }),
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

/** Whether a chunk that starts at a frame boundary holds an HTTP/2 HEADERS frame. */
function holdsHeaders(chunk: Buffer): boolean {
  for (let at = 0; at + 9 <= chunk.length; at += 9 + chunk.readUIntBE(at, 3)) {
    if (chunk[at + 3] === 1) return true;
  }
  return false;
}
