import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unpackedPackage } from '../../scripts/support/unpacked.js';
import { askBird } from '../../src/bgp/control-socket.js';
import { PROGRAM, runProgram, type Ended, type RunOptions } from '../../scripts/support/calicoctl.js';
import { eventually } from '../../scripts/support/wait.js';

const SCRIPT = fileURLToPath(new URL('bird-network.sh', import.meta.url));
const NAMESPACES = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private'];
/** Packages whose libraries BIRD 2 needs. */
const LIBRARIES = ['libssh-gcrypt-4', 'libgcrypt20', 'libgpg-error0', 'libgssapi-krb5-2', 'libkrb5-3', 'libk5crypto3', 'libkrb5support0', 'libcom-err2', 'libkeyutils1'];

/** Which BIRD: that of 1.6 for IPv4, that of 1.6 for IPv6, or BIRD 2 for both. */
export type BirdKind = 'bird' | 'bird6' | 'bird2';

/** Hosts host1, host2 ... in namespaces, with 192.168.40.11, .12 ... and fd00:40::11, ::12 ... on one wire. */
export class BirdNetwork {
  private constructor(
    private readonly folder: string,
    private readonly keeper: ChildProcess,
    /** The first process of the network, as this process sees it. */
    private readonly pid: number,
  ) {}

  static async start(hosts: number): Promise<BirdNetwork> {
    const folder = mkdtempSync(join(tmpdir(), 'calicoctl-network-'));
    const keeper = spawn('unshare', [...NAMESPACES, 'sh', SCRIPT, String(hosts)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [keeper.stdout, keeper.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await eventually('the network is up', () => {
      if (keeper.exitCode !== null) throw new Error(`the network ended: ${said}`);
      return said.includes('ready');
    });
    const network = new BirdNetwork(folder, keeper, childOf(keeper.pid as number));
    for (let number = 1; number <= hosts; number++) mkdirSync(network.sockets(number));
    return network;
  }

  /** The folder with the control sockets of a host; the host itself sees it as /var/run/calico. */
  sockets(host: number): string {
    return join(this.folder, `host${host}`);
  }

  /** Starts a BIRD on a host and returns once it answers. */
  async startBird(host: number, kind: BirdKind, configuration: string): Promise<void> {
    const file = join(this.sockets(host), `${kind}.conf`);
    writeFileSync(file, configuration);
    await this.startBirdWith(host, kind, file);
  }

  /** The same with a configuration that is in a file already, with what it includes beside it, and with further options. */
  async startBirdWith(host: number, kind: BirdKind, file: string, ...options: string[]): Promise<void> {
    const socket = join(this.sockets(host), kind === 'bird6' ? 'bird6.ctl' : 'bird.ctl');
    const program = join(unpackedPackage(kind === 'bird2' ? 'bird2' : 'bird'), 'usr/sbin', kind === 'bird6' ? 'bird6' : 'bird');
    const env = { LD_LIBRARY_PATH: LIBRARIES.flatMap(libraryFolders).join(':') };
    // It goes to the background only once it has read its configuration, so that mistakes in it are seen here.
    const { code, stderr } = await runProgram(this.on(host, program, '-s', socket, '-P', this.pidFile(host, kind), '-c', file, ...options), { env });
    if (code !== 0) throw new Error(`${kind} did not start: ${stderr}`);
    await eventually(`${kind} answers`, () => askBird(socket, ['show status']).then(() => true, () => false));
  }

  private pidFile(host: number, kind: BirdKind): string {
    return join(this.sockets(host), `${kind}.conf.pid`);
  }

  /** Sends a signal to a BIRD. */
  async signalBird(host: number, kind: BirdKind, signal: 'KILL' | 'STOP' | 'CONT'): Promise<void> {
    const pid = readFileSync(this.pidFile(host, kind), 'utf8').trim();
    const { code, stderr } = await this.run(host, ['sh', '-c', `kill -${signal} ${pid}`]);
    if (code !== 0) throw new Error(stderr);
  }

  /** Starts an etcd that the processes of a host reach where it is looked for by default. */
  async startEtcd(host: number): Promise<void> {
    this.launch(host, 'etcd', '--data-dir', join(this.folder, 'etcd'), '--log-level', 'error', '--unsafe-no-fsync');
    await eventually('etcd answers', async () => (await this.run(host, ['etcdctl', 'endpoint', 'health'], { env: { ETCDCTL_API: '3' } })).code === 0);
  }

  /** Starts a process that is called as Felix is. */
  async startFelix(host: number): Promise<void> {
    this.launch(host, 'bash', '-c', 'exec -a calico-felix sleep infinity');
    await eventually('Felix runs', async () => (await this.run(host, ['sh', '-c', "grep -qsz '^calico-felix$' /proc/[0-9]*/cmdline"])).code === 0);
  }

  /** Starts a command that ends with the network. */
  launch(host: number, ...command: string[]): void {
    const [file = '', ...args] = this.on(host, ...command);
    spawn(file, args, { stdio: 'ignore', cwd: '/' });
  }

  /** Runs a command on a host, which has /run/calico as it should be. */
  run(host: number, command: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const mounted = 'mkdir -p /run/calico && mount --bind "$0" /run/calico && exec "$@"';
    return runProgram(this.on(host, 'sh', '-c', mounted, this.sockets(host), ...command), options);
  }

  /** Runs the built calicoctl on a host. */
  calicoctl(host: number, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    return this.run(host, [process.execPath, PROGRAM, ...args], options);
  }

  private on(host: number, ...command: string[]): string[] {
    return ['nsenter', '-t', String(this.pid), '-m', '-p', '-n', '--', 'ip', 'netns', 'exec', `host${host}`, ...command];
  }

  /** Ends everything in the network; its namespaces go with it. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.keeper.once('exit', resolve));
    process.kill(this.pid, 'SIGKILL');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The folders with the libraries of a package. */
function libraryFolders(name: string): string[] {
  return ['usr/lib', 'lib'].flatMap((folder) => {
    const path = join(unpackedPackage(name), folder);
    try {
      return readdirSync(path).map((architecture) => join(path, architecture));
    } catch {
      return [];
    }
  });
}

/** The first process in the namespaces that a process made. */
function childOf(parent: number): number {
  const [child] = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ');
  return Number(child);
}
