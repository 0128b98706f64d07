import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { runProgram, type Ended } from '../../../scripts/support/calicoctl.js';
import { eventually } from '../../../scripts/support/wait.js';
import type { Flow } from '../../../src/policy/flow.js';
import { PORTS } from '../policy/random-rule.js';

const SCRIPT = fileURLToPath(new URL('network.sh', import.meta.url));
const PROBER = fileURLToPath(new URL('prober.cjs', import.meta.url));
const ISOLATION = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private'];
const WORKLOAD_PLACES = ['w0', 'w1', 'w2', 'w3', 'w4', 'w5'];
/** Longer than the prober waits for the start of a connection. */
const SETTLE_MS = 1100;

/** A workload that is to be on the network: which place stands for it, and where it is. */
export interface PlacedWorkload {
  readonly place: string;
  readonly node: string;
  readonly interfaceName: string;
  readonly addresses: readonly string[];
}

interface Prober {
  readonly child: ChildProcess;
  readonly tell: (request: object) => void;
}

/** Two hosts, workloads and the world, in namespaces, with somebody in each who sends and receives. */
export class PacketNetwork {
  private readonly probers = new Map<string, Prober>();
  private readonly seen = new Set<number>();
  private readonly halted = new Map<string, Readonly<Record<string, number>>>();
  /** Is told of each packet that arrives. */
  onArrival: (id: number) => void = () => undefined;
  private readonly failures: string[] = [];
  private placed: readonly PlacedWorkload[] = [];
  private next = 0;

  private constructor(
    private readonly keeper: ChildProcess,
    private readonly pid: number,
  ) {}

  /** @param ports on which somebody listens on the hosts; elsewhere it is every port */
  static async start(ports: readonly number[] = PORTS): Promise<PacketNetwork> {
    const keeper = spawn('unshare', [...ISOLATION, 'sh', SCRIPT], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [keeper.stdout, keeper.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await eventually('the network is up', () => {
      if (keeper.exitCode !== null) throw new Error(`the network ended: ${said}`);
      return said.includes('ready');
    });
    const [pid = ''] = (await runProgram(['pgrep', '-P', String(keeper.pid)])).stdout.split('\n');
    const network = new PacketNetwork(keeper, Number(pid));
    await Promise.all(['node-a', 'node-b'].map((name) => network.startProber(name, ports)));
    await Promise.all(['world', ...WORKLOAD_PLACES].map((name) => network.startProber(name, [9])));
    return network;
  }

  /** The words that run a command in a place; without one, where the datastore is. */
  on(place: string | undefined, ...command: string[]): string[] {
    return ['nsenter', '-t', String(this.pid), '-m', '-p', '-n', '--', ...(place === undefined ? [] : ['ip', 'netns', 'exec', place]), ...command];
  }

  run(place: string | undefined, ...command: string[]): Promise<Ended> {
    return runProgram(this.on(place, ...command), { cwd: '/' });
  }

  /** Puts workloads on their hosts, as a plugin does; those that were there before go. */
  async place(workloads: readonly PlacedWorkload[]): Promise<void> {
    const gone = this.placed.map(({ node, interfaceName }) => `ip -n ${node} link del ${interfaceName}`);
    const routes = ['node-a', 'node-b'].flatMap((node) => [`ip -n ${node} route flush proto static`, `ip -n ${node} -6 route flush proto static`]);
    const made = workloads.flatMap((workload) => placing(workload));
    const { code, stderr } = await this.run(undefined, 'sh', '-ec', [...gone, ...routes, 'ip -n world route flush proto static', 'ip -n world -6 route flush proto static', ...made].join('\n'));
    if (code !== 0) throw new Error(`the workloads could not be placed: ${stderr}`);
    this.placed = workloads;
  }

  /** Sends all flows at once; returns for each whether it came through: of TCP, whether it was answered. */
  async probe(flows: readonly Flow[]): Promise<readonly boolean[]> {
    for (const node of ['node-a', 'node-b']) await this.run(node, 'conntrack', '-F');
    const ids = flows.map(({ src, dst, protocol, sport, dport }) => {
      const id = this.next++;
      this.probers.get(this.placeOf(src))!.tell({ send: id, protocol, src, dst, sport, dport });
      return id;
    });
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    if (this.failures.length > 0) throw new Error(this.failures.join('\n'));
    return ids.map((id) => this.seen.has(id));
  }

  /** Begins to send packets of a flow about every millisecond. */
  stream(id: number, text: string, { src, dst, sport, dport }: Flow): void {
    this.probers.get(this.placeOf(src))!.tell({ stream: id, text, src, dst, sport, dport });
  }

  /** Ends all streams. Returns how many packets were sent, by id. */
  async halt(): Promise<ReadonlyMap<number, number>> {
    this.halted.clear();
    for (const { tell } of this.probers.values()) tell({ halt: true });
    await eventually('all streams have ended', () => this.failures.length > 0 || this.halted.size === this.probers.size);
    if (this.failures.length > 0) throw new Error(this.failures.join('\n'));
    return new Map([...this.halted.values()].flatMap((counts) => Object.entries(counts).map(([id, count]): [number, number] => [Number(id), count])));
  }

  /** Where an address is. */
  placeOf(address: string): string {
    const host = /^(?:10\.1?9\.0\.|fd[01]9::)([12])$/.exec(address)?.[1];
    if (host !== undefined) return host === '1' ? 'node-a' : 'node-b';
    return this.placed.find(({ addresses }) => addresses.includes(address))?.place ?? 'world';
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.keeper.once('exit', resolve));
    process.kill(this.pid, 'SIGKILL');
    await ended;
  }

  private async startProber(place: string, ports: readonly number[]): Promise<void> {
    const [file = '', ...args] = this.on(place, process.execPath, PROBER);
    const child = spawn(file, args, { cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] });
    let listens = false;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { arrived, connected, failed, halted, listening } = JSON.parse(line) as { arrived?: number; connected?: number; failed?: string; halted?: Record<string, number>; listening?: true };
      if (halted !== undefined) this.halted.set(place, halted);
      if (listening === true) listens = true;
      if (failed !== undefined) this.failures.push(`${place}: ${failed}`);
      const id = arrived ?? connected;
      if (id !== undefined) this.seen.add(id);
      if (arrived !== undefined) this.onArrival(arrived);
    });
    this.probers.set(place, { child, tell: (request) => void child.stdin.write(`${JSON.stringify(request)}\n`) });
    this.probers.get(place)!.tell({ listen: ports });
    await eventually(`${place} listens`, () => {
      if (this.failures.length > 0 || child.exitCode !== null) throw new Error(this.failures.join('\n') || `the prober of ${place} ended`);
      return listens;
    });
  }
}

/** The commands that put a workload on its host, and tell the other host and the world where it is. */
function placing({ place, node, interfaceName, addresses }: PlacedWorkload): readonly string[] {
  const host = node === 'node-a' ? 1 : 2;
  const other = node === 'node-a' ? 'node-b' : 'node-a';
  const six = (address: string): boolean => address.includes(':');
  return [
    `ip -n ${node} link add ${interfaceName} address ee:ee:ee:ee:ee:ee type veth peer name eth0 netns ${place}`,
    `ip -n ${node} link set ${interfaceName} up`,
    `ip -n ${place} link set eth0 up`,
    ...addresses.flatMap((address) => (six(address)
      ? [`ip -n ${place} address add ${address}/128 dev eth0 nodad`, ...[other, 'world'].map((from) => `ip -n ${from} -6 route add ${address}/128 via fd09::${host} proto static`)]
      : [`ip -n ${place} address add ${address}/32 dev eth0`, ...[other, 'world'].map((from) => `ip -n ${from} route add ${address}/32 via 10.9.0.${host} proto static`)])),
    `ip -n ${place} route add 169.254.1.1 dev eth0 scope link`,
    `ip -n ${place} route add default via 169.254.1.1`,
    `ip -n ${place} -6 route add default via fe80::ecee:eeff:feee:eeee dev eth0`,
  ];
}
