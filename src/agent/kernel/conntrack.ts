import type { RunProgram } from '../../host/program.js';

const TRIES = 3;
const DELETE_MS = 30_000;
/** How many are deleted at a time: each looks through all connections. */
const AT_ONCE = 4;
const DIRECTIONS = ['--orig-src', '--reply-src'] as const;

/** Makes the kernel forget established connections of addresses (reference/host-network 1.4). */
export class Conntrack {
  private readonly pending = new Map<string, Promise<void>>();
  private readonly waiting: (() => void)[] = [];
  private running = 0;
  private isMissing = false;

  constructor(private readonly run: RunProgram, private readonly warn: (text: string) => void) {}

  /** Begins to forget the connections of addresses. */
  begin(addresses: readonly string[]): void {
    for (const address of addresses) {
      const before = this.pending.get(address) ?? Promise.resolve();
      const work = before.then(() => this.inTurn(() => this.forget(address))).finally(() => {
        if (this.pending.get(address) === work) this.pending.delete(address);
      });
      this.pending.set(address, work);
    }
  }

  /** Those of the addresses that have connections. Where that cannot be found out, none. */
  async connected(addresses: readonly string[]): Promise<readonly string[]> {
    const wanted = new Set(addresses);
    const found = new Set<string>();
    // Where a connection comes from, and where what answers is: behind a translation of addresses, too.
    const onLine = (line: string): void => {
      for (const [, address = ''] of line.matchAll(/ src=(\S+)/g)) if (wanted.has(address)) found.add(address);
    };
    for (const family of ['ipv4', 'ipv6']) {
      if (addresses.some((address) => address.includes(':') === (family === 'ipv6'))) await this.run('conntrack', ['--family', family, '--dump'], { onLine, timeoutMs: DELETE_MS }).catch(() => undefined);
    }
    return [...found];
  }

  /** Whether anything is to be waited for before a route to one of these addresses is made. */
  concerns(addresses: Iterable<string>): boolean {
    if (this.pending.size === 0) return false;
    for (const address of addresses) if (this.pending.has(address)) return true;
    return false;
  }

  /** Waits until nothing of these addresses is left to do. */
  async settled(addresses: Iterable<string>): Promise<void> {
    await Promise.all([...addresses].flatMap((address) => this.pending.get(address) ?? []));
  }

  private async inTurn(work: () => Promise<void>): Promise<void> {
    if (this.running >= AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running++;
    try {
      await work();
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }

  private async forget(address: string): Promise<void> {
    for (const direction of DIRECTIONS) if (!this.isMissing) await this.delete(address, direction);
  }

  private async delete(address: string, direction: string): Promise<void> {
    const args = ['--family', address.includes(':') ? 'ipv6' : 'ipv4', '--delete', direction, address];
    let problem = '';
    for (let tried = 0; tried < TRIES; tried++) {
      try {
        const { code, stdout, stderr } = await this.run('conntrack', args, { timeoutMs: DELETE_MS });
        if (code === 0 || `${stdout}${stderr}`.includes('0 flow entries')) return;
        problem = stderr.trim() || `ended with ${code ?? 'a signal'}`;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        this.isMissing = true;
        this.warn('there is no program conntrack on this host: connections to workloads that went or moved end only when they time out');
        return;
      }
    }
    this.warn(`the connections of ${address} cannot be forgotten: conntrack ${args.join(' ')}: ${problem}`);
  }
}
