import { createConnection, createServer } from 'node:net';
import { CalicoError } from '../../base/errors.js';

/** The ports that are tried: below those that the kernel gives to clients, and none that something is known for. */
const FIRST_PORT = 23_790;
const LAST_PORT = 23_889;

/** Leads connections to a port of the machine's loopback to a socket file, as long as something else keeps this process. Returns the port. Throws CalicoError where none is free. */
export async function startForwarder(path: string): Promise<number> {
  for (let port = FIRST_PORT; port <= LAST_PORT; port++) if (await listens(path, port)) return port;
  throw new CalicoError('exhausted', `no port from ${FIRST_PORT} to ${LAST_PORT} of 127.0.0.1 is free`);
}

/** Whether the port could be had. */
function listens(path: string, port: number): Promise<boolean> {
  const server = createServer((client) => {
    const etcd = createConnection(path);
    client.on('error', () => etcd.destroy()).on('close', () => etcd.destroy());
    etcd.on('error', () => client.destroy()).on('close', () => client.destroy());
    client.pipe(etcd).pipe(client);
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    server.listen(port, '127.0.0.1', () => resolve(true)).unref();
  });
}
