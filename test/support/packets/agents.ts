import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram, ROOT, type Ended } from '../../../scripts/support/calicoctl.js';
import { eventually } from '../../../scripts/support/wait.js';
import type { PacketNetwork } from './network.js';

const STORE = '10.250.0.254:2379';
export const NODES = ['node-a', 'node-b'] as const;
/** Stands in the log between two lives. */
const BEGINNING = '--- a new life\n';
/** etcd takes no more operations in one transaction. */
const MOST_OPERATIONS = 128;

/** An etcd beside the hosts of a network, and the dataplane of our agent on each of them. */
export class Agents {
  private readonly logs = new Map<string, string>();
  private stored = new Map<string, string>();
  private readonly processes = new Map<string, ChildProcess>();
  private readonly held = new Set<string>();
  private readonly endings: string[] = [];
  private stopping = false;

  private constructor(
    private readonly network: PacketNetwork,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /** @param settings of the dataplane, by the names that its environment has for them */
  static async start(network: PacketNetwork, settings: Readonly<Record<string, string>> = {}): Promise<Agents> {
    const agents = new Agents(network, { FELIX_IPTABLESBACKEND: 'NFT', ...settings });
    await agents.startStore();
    return agents;
  }

  /** Starts etcd, which finds what it had. */
  async startStore(): Promise<void> {
    this.launch(undefined, 'etcd', 'sh', '-ec', `exec etcd --data-dir /mnt/etcd --log-level error --unsafe-no-fsync --listen-client-urls http://${STORE} --advertise-client-urls http://${STORE} --listen-peer-urls http://127.0.0.1:2380`);
    await eventually('etcd answers', async () => (await this.etcdctl(['endpoint', 'health'])).code === 0);
  }

  private etcdctl(args: readonly string[], stdin?: string): Promise<Ended> {
    return runProgram(this.network.on(undefined, 'etcdctl', `--endpoints=${STORE}`, ...args), { cwd: '/', env: { ETCDCTL_API: '3' }, ...(stdin !== undefined && { stdin }) });
  }

  /** Ends the process of a host, or `etcd`, by a signal, and waits for its end. Returns its exit code. */
  async end(name: string, signal: NodeJS.Signals): Promise<number | null> {
    const child = this.processes.get(name)!;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    // What leads into the namespaces waits for the process, and ends as it did.
    process.kill(Number(await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')), signal);
    return ended;
  }

  /** Starts the dataplane on every host. One that ends by itself is started again, as by a supervisor. */
  startDataplanes(): void {
    for (const node of NODES) this.startDataplane(node);
  }

  /** How dataplanes ended so far, `node-a 129`. */
  get ended(): readonly string[] {
    return this.endings;
  }

  /** Does something while the dataplane of a host is away, having ended by a signal. */
  async without(node: string, signal: NodeJS.Signals, work: () => Promise<unknown>): Promise<void> {
    this.held.add(node);
    await this.end(node, signal);
    await work();
    this.held.delete(node);
    this.startDataplane(node);
  }

  /** Waits until the dataplane of a host, in its present life, has read what is stored. */
  async follows(node: string): Promise<void> {
    await eventually(`${node} follows the store`, () => / read \d+ keys /.test(this.logOf(node).split(BEGINNING).at(-1)!));
  }

  private startDataplane(node: string): void {
    this.logs.set(node, this.logOf(node) + BEGINNING);
    const child = this.launch(node, node, 'sh', '-ec', `mount -t tmpfs tmpfs /run; mount -t tmpfs tmpfs /var/lib; mount -t tmpfs tmpfs /var/log; exec ${process.execPath} ${join(ROOT, 'bin/agent.js')} dataplane`);
    child.on('exit', (code, signal) => {
      this.endings.push(`${node} ${code ?? signal}`);
      if (!this.stopping && !this.held.has(node)) setTimeout(() => this.startDataplane(node), 100);
    });
  }

  /** Makes the store hold these keys and no others, in one transaction. */
  async store(values: ReadonlyMap<string, string>): Promise<void> {
    const gone = [...this.stored.keys()].filter((key) => !values.has(key)).map((key) => `del ${key}`);
    const put = [...values].filter(([key, value]) => this.stored.get(key) !== value).map(([key, value]) => `put ${key} -- ${JSON.stringify(value)}`);
    const operations = [...gone, ...put];
    if (operations.length > MOST_OPERATIONS) throw new Error(`${operations.length} changes are too many for one transaction`);
    const { code, stderr } = await this.etcdctl(['txn'], `\n${operations.join('\n')}\n\n\n`);
    if (code !== 0) throw new Error(stderr);
    this.stored = new Map(values);
  }

  /** Makes etcd forget all revisions but the last. */
  async compact(): Promise<void> {
    const { stdout } = await this.etcdctl(['endpoint', 'status', '-w', 'json']);
    const [{ Status: { header } } = { Status: { header: { revision: 0 } } }] = JSON.parse(stdout) as { Status: { header: { revision: number } } }[];
    const { code, stderr } = await this.etcdctl(['compact', String(header.revision)]);
    if (code !== 0) throw new Error(stderr);
  }

  /** Starts etcd anew, with nothing in it. */
  async emptyStore(): Promise<void> {
    await this.end('etcd', 'SIGKILL');
    await this.network.run(undefined, 'rm', '-r', '/mnt/etcd');
    this.stored = new Map();
    await this.startStore();
  }

  /** What a host has said so far. */
  logOf(node: string): string {
    return this.logs.get(node) ?? '';
  }

  stop(): void {
    this.stopping = true;
  }

  private launch(place: string | undefined, name: string, ...command: string[]): ChildProcess {
    const [file = '', ...args] = this.network.on(place, 'unshare', '--mount', ...command);
    const env = { PATH: process.env['PATH'], NODENAME: name, FELIX_FELIXHOSTNAME: name, DATASTORE_TYPE: 'etcdv3', ETCD_ENDPOINTS: `http://${STORE}`, FELIX_HEALTHENABLED: 'true', FELIX_USAGEREPORTINGENABLED: 'false', ...this.settings };
    const child = spawn(file, args, { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.processes.set(name, child);
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => this.logs.set(name, `${this.logOf(name)}${chunk.toString()}`.slice(-20_000)));
    return child;
  }
}
