import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { entering, type Namespaces } from '../../src/host/namespaces/namespaces.js';

const PROGRAM = fileURLToPath(new URL('prober.cjs', import.meta.url));

/** A packet to be sent. */
export interface ProbePacket {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly source: string;
  readonly target: string;
  readonly port?: number | undefined;
}

const MS = 400;

/** Places in a lab that send packets to each other and hear each other, many at a time. */
export class Probers {
  private readonly children = new Map<string, ChildProcess>();
  private readonly waiting = new Map<number, (said: string) => void>();
  private readonly came = new Set<string>();
  private next = 1;

  /** Starts one at a place, which listens on ports; returns when it does. */
  async start(name: string, place: Namespaces, ports: readonly number[]): Promise<void> {
    const [file = '', ...words] = entering(place, [process.execPath, PROGRAM, ...ports.map(String)]);
    const child = spawn(file, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.children.set(name, child);
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error(`the prober of ${name} ended`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const said = JSON.parse(line) as { readonly ready?: true; readonly broken?: string; readonly came?: string; readonly id?: number; readonly said?: string };
        if (said.ready === true) resolve();
        if (said.broken !== undefined) reject(new Error(`${name}: ${said.broken}`));
        if (said.came !== undefined) this.came.add(said.came);
        if (said.id !== undefined) this.waiting.get(said.id)?.(said.said ?? '');
      });
    });
  }

  /** Sends a packet from a place. Returns the source port, and whether the packet got through. */
  async send(from: string, packet: ProbePacket): Promise<{ readonly sourcePort: number; readonly through: boolean; readonly said: string }> {
    const id = this.next++;
    const sourcePort = 32_768 + (id % 28_000);
    const answered = new Promise<string>((resolve) => this.waiting.set(id, resolve));
    this.children.get(from)?.stdin?.write(`${JSON.stringify({ id, ms: MS, sourcePort, ...packet })}\n`);
    const said = await answered;
    this.waiting.delete(id);
    return { sourcePort, through: said === 'through' || this.came.has(String(id)), said };
  }

  /** Opens a connection on which something is said every 10 ms. What it returns ends it, and tells for how many ms at most no answer came. */
  async stream(from: string, packet: Pick<ProbePacket, 'source' | 'target' | 'port'>): Promise<() => Promise<number>> {
    const id = this.next++;
    const told = (): Promise<string> => {
      const said = new Promise<string>((resolve) => this.waiting.set(id, resolve));
      this.children.get(from)?.stdin?.write(`${JSON.stringify({ id, protocol: 'stream', ...packet })}\n`);
      return said;
    };
    const begun = await told();
    if (begun !== 'through') throw new Error(`no connection from ${from} to ${packet.target}: ${begun}`);
    return async () => {
      const said = await told();
      if (!/^\d+$/.test(said)) throw new Error(`the connection from ${from} to ${packet.target} broke: ${said}`);
      return Number(said);
    };
  }

  /** Ends all of them. */
  stop(): void {
    for (const child of this.children.values()) child.stdin?.end();
  }
}
