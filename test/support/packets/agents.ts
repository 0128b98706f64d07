import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { runProgram, ROOT } from '../../../scripts/support/calicoctl.js';
import { eventually } from '../../../scripts/support/wait.js';
import type { PacketNetwork } from './network.js';

const STORE = '10.250.0.254:2379';
export const NODES = ['node-a', 'node-b'] as const;
/** etcd takes no more operations in one transaction. */
const MOST_OPERATIONS = 128;

/** An etcd beside the hosts of a network, and the dataplane of our agent on each of them. */
export class Agents {
  private readonly logs = new Map<string, string>();
  private stored = new Map<string, string>();
  private stopping = false;

  private constructor(private readonly network: PacketNetwork) {}

  static async start(network: PacketNetwork): Promise<Agents> {
    const agents = new Agents(network);
    agents.launch(undefined, 'etcd', 'sh', '-ec', `mount -t tmpfs tmpfs /mnt; exec etcd --data-dir /mnt/etcd --log-level error --unsafe-no-fsync --listen-client-urls http://${STORE} --advertise-client-urls http://${STORE} --listen-peer-urls http://127.0.0.1:2380`);
    await eventually('etcd answers', async () => (await network.run(undefined, 'etcdctl', `--endpoints=${STORE}`, 'endpoint', 'health')).code === 0);
    return agents;
  }

  /** Starts the dataplane on every host. One that ends by itself is started again, as by a supervisor. */
  startDataplanes(): void {
    for (const node of NODES) this.startDataplane(node);
  }

  private startDataplane(node: string): void {
    const child = this.launch(node, node, 'sh', '-ec', `mount -t tmpfs tmpfs /run; mount -t tmpfs tmpfs /var/lib; mount -t tmpfs tmpfs /var/log; exec ${process.execPath} ${join(ROOT, 'bin/agent.js')} dataplane`);
    child.on('exit', () => {
      if (!this.stopping) setTimeout(() => this.startDataplane(node), 100);
    });
  }

  /** Makes the store hold these keys and no others, in one transaction. */
  async store(values: ReadonlyMap<string, string>): Promise<void> {
    const gone = [...this.stored.keys()].filter((key) => !values.has(key)).map((key) => `del ${key}`);
    const put = [...values].filter(([key, value]) => this.stored.get(key) !== value).map(([key, value]) => `put ${key} -- ${JSON.stringify(value)}`);
    const operations = [...gone, ...put];
    if (operations.length > MOST_OPERATIONS) throw new Error(`${operations.length} changes are too many for one transaction`);
    const { code, stderr } = await runProgram(this.network.on(undefined, 'etcdctl', `--endpoints=${STORE}`, 'txn'), { cwd: '/', env: { ETCDCTL_API: '3' }, stdin: `\n${operations.join('\n')}\n\n\n` });
    if (code !== 0) throw new Error(stderr);
    this.stored = new Map(values);
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
    const env = { PATH: process.env['PATH'], NODENAME: name, FELIX_FELIXHOSTNAME: name, DATASTORE_TYPE: 'etcdv3', ETCD_ENDPOINTS: `http://${STORE}`, FELIX_HEALTHENABLED: 'true', FELIX_IPTABLESBACKEND: 'NFT', FELIX_USAGEREPORTINGENABLED: 'false' };
    const child = spawn(file, args, { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => this.logs.set(name, `${this.logOf(name)}${chunk.toString()}`.slice(-20_000)));
    return child;
  }
}
