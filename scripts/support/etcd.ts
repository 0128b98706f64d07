import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './wait.js';

const run = promisify(execFile);

/** Files of a server that speaks TLS; with `clientAuthority` it demands client certificates of that authority. */
export interface ServerTls {
  readonly certificate: string;
  readonly key: string;
  readonly clientAuthority?: string;
}

export interface EtcdOptions {
  readonly tls?: ServerTls;
  /** Bytes the backend may hold (`--quota-backend-bytes`). */
  readonly quotaBytes?: number;
  /** Further arguments, such as `--auth-token-ttl=1`. */
  readonly args?: readonly string[];
}

/** A real etcd of its own: one member, a free port on the loopback, data in a temporary directory. */
export interface Etcd {
  readonly port: number;
  /** `http://127.0.0.1:PORT`, or `https://` with TLS. */
  readonly endpoint: string;
  readonly pid: number;
  /** Runs `etcdctl` against it (plain servers only) and returns what it printed. */
  etcdctl(...args: string[]): Promise<string>;
  /** SIGSTOP, and waits until it has come to a stop: the port stays open, nothing answers. */
  pause(): Promise<void>;
  /** SIGCONT. */
  resume(): void;
  /** Ends the process and removes its data; harmless the second time. */
  stop(): Promise<void>;
}

/** Starts an etcd and returns once it is healthy. A port taken meanwhile by somebody else is tried anew. */
export async function startEtcd(options: EtcdOptions = {}): Promise<Etcd> {
  for (let tries = 1; ; tries++) {
    try {
      return await startOnce(options, await freePort());
    } catch (error) {
      if (tries === 5 || !String(error).includes('address already in use')) throw error;
    }
  }
}

/** Where connections are refused: no test listens on a port that small, and none is allocated to anybody. */
export const DEAD_ENDPOINT = 'http://127.0.0.1:1';

/** A port of the loopback on which nobody listens now; a moment later somebody may. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startOnce(options: EtcdOptions, port: number): Promise<Etcd> {
  const directory = mkdtempSync(join(tmpdir(), 'calicoctl-etcd-'));
  const endpoint = `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  const child = spawn('etcd', serverArguments(options, endpoint), { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-20_000)));
  let failure: Error | undefined;
  child.on('error', (error) => (failure = error));
  const stop = (): Promise<void> => end(child, directory);
  try {
    await eventually('etcd is healthy', async () => {
      if (failure) throw failure;
      if (child.exitCode !== null) throw new Error(`etcd ended with ${child.exitCode}:\n${log}`);
      return healthy(join(directory, 'metrics:1'));
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    port,
    endpoint,
    pid: child.pid as number,
    etcdctl: async (...args) => (await run('etcdctl', ['--endpoints', endpoint, ...args], { env: { ...process.env, ETCDCTL_API: '3' }, maxBuffer: 1 << 26 })).stdout,
    pause: async () => {
      child.kill('SIGSTOP');
      await eventually('etcd has stopped', () => isStopped(child.pid as number));
    },
    resume: () => void child.kill('SIGCONT'),
    stop,
  };
}

/** Peers and health answer on sockets inside the data directory, so that only one port is needed. */
function serverArguments(options: EtcdOptions, endpoint: string): string[] {
  const { tls } = options;
  return [
    '--data-dir', 'data',
    '--listen-client-urls', endpoint, '--advertise-client-urls', endpoint,
    '--listen-peer-urls', 'unix://peer:1', '--initial-advertise-peer-urls', 'unix://peer:1', '--initial-cluster', 'default=unix://peer:1',
    '--listen-metrics-urls', 'unix://metrics:1',
    '--heartbeat-interval', '40', '--election-timeout', '200', '--unsafe-no-fsync', '--logger', 'zap', '--log-level', 'error',
    ...(options.quotaBytes === undefined ? [] : ['--quota-backend-bytes', String(options.quotaBytes)]),
    ...(tls ? ['--cert-file', tls.certificate, '--key-file', tls.key] : []),
    ...(tls?.clientAuthority === undefined ? [] : ['--client-cert-auth', '--trusted-ca-file', tls.clientAuthority]),
    ...(options.args ?? []),
  ];
}

function healthy(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request({ socketPath, path: '/health', timeout: 1000 }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve(body.includes('"true"')));
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(false));
    call.end();
  });
}

/** Whether all threads of a process are stopped (proc_pid_stat(5)): the signal is there at once, its effect comes a moment later. */
function isStopped(pid: number): boolean {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.every((thread) => / \(.*\) T /s.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')));
}

async function end(child: ChildProcess, directory: string): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(directory, { recursive: true, force: true });
}

