import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A socket that answers as a test wants, for what a real BIRD never does. */
export interface FakeBird {
  /** The folder of the socket. */
  readonly folder: string;
  readonly path: string;
  stop(): Promise<void>;
}

/** Listens at `bird.ctl` in a folder of its own; `answer` is called for each connection. */
export async function fakeBird(answer: (socket: Socket) => void): Promise<FakeBird> {
  const folder = mkdtempSync(join(tmpdir(), 'calicoctl-bird-'));
  const path = join(folder, 'bird.ctl');
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    folder,
    path,
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
