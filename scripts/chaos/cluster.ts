import { spawn, type ChildProcess, execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeGround, type Ground, type Place } from './ground.js';

const execute = promisify(execFile);
/** Generous: the run may have next to nothing of a busy machine's processors. */
const HEALTHY_WITHIN_MS = 180_000;
const MEMBERS = 3;

/** One etcd, which can be ended and started again, stopped and continued. */
export class Member {
  #process: ChildProcess | undefined;

  constructor(
    readonly place: Place,
    private readonly arguments_: readonly string[],
    private readonly folder: string,
  ) {}

  start(): void {
    const [file = '', ...args] = [...this.place.prefix, 'etcd', ...this.arguments_];
    this.#process = spawn(file, args, { cwd: this.folder, stdio: 'ignore' });
    this.#process.on('error', () => undefined);
  }

  /** Ends it, with SIGKILL at once, with SIGTERM as a service manager does; resolves once it has ended. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }
}

/** Three members of one cluster, each in a network namespace of its own. */
export class Cluster {
  private constructor(
    readonly members: readonly Member[],
    private readonly ground: Ground,
  ) {}

  /** Starts the members, with their data below a folder, and waits until they are one cluster. */
  static async start(folder: string): Promise<Cluster> {
    const ground = await makeGround(MEMBERS);
    const all = ground.places.map(({ peerUrl }, index) => `${nameOf(index)}=${peerUrl}`).join(',');
    const members = ground.places.map((place, index) => new Member(place, serverArguments(nameOf(index), place, all), folder));
    const cluster = new Cluster(members, ground);
    for (const member of members) member.start();
    await cluster.healthy();
    return cluster;
  }

  get endpoints(): readonly string[] {
    return this.members.map(({ place }) => place.clientUrl);
  }

  /** Waits until every member takes part. */
  async healthy(): Promise<void> {
    const until = performance.now() + HEALTHY_WITHIN_MS;
    for (;;) {
      try {
        await execute('etcdctl', ['--endpoints', this.endpoints.join(','), 'endpoint', 'health'], { env: { ...process.env, ETCDCTL_API: '3' } });
        return;
      } catch (error) {
        if (performance.now() > until) throw error;
        await sleep(500);
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map((member) => member.end('SIGKILL')));
    this.ground.close();
  }
}

function nameOf(index: number): string {
  return `m${index + 1}`;
}

function serverArguments(name: string, place: Place, all: string): string[] {
  return [
    '--name', name, '--data-dir', name,
    '--listen-client-urls', place.clientUrl, '--advertise-client-urls', place.clientUrl,
    '--listen-peer-urls', place.peerUrl, '--initial-advertise-peer-urls', place.peerUrl, '--initial-cluster', all,
    // What the kernel has outlives a killed process.
    '--heartbeat-interval', '100', '--election-timeout', '1000', '--unsafe-no-fsync', '--logger', 'zap', '--log-level', 'error',
  ];
}
