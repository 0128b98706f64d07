import { createServer, type Server } from 'node:http';
import type { Log } from '../../text/log.js';

/** What a part of the dataplane says of itself. */
export interface Condition {
  readonly isLive: boolean;
  readonly isReady: boolean;
  /** Why it is not, where it is not. */
  readonly detail?: string;
}

interface Component {
  readonly timeoutMs: number | undefined;
  condition: Condition;
  at: number;
}

const LISTEN_AGAIN_MS = 1000;

/** What the parts of the dataplane say of themselves, and how long that holds. */
export class Health {
  private readonly components = new Map<string, Component>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** A part from which something is heard at least that often, or it counts as not live; without a time its last word holds. */
  register(name: string, timeoutMs?: number): void {
    this.components.set(name, { timeoutMs, condition: { isLive: true, isReady: false }, at: this.now() });
  }

  /** Gives parts another time; of these that have one. */
  override(timeouts: ReadonlyMap<string, number>): void {
    for (const [name, timeoutMs] of timeouts) {
      const component = this.components.get(name);
      if (component !== undefined && timeoutMs > 0) this.components.set(name, { ...component, timeoutMs });
    }
  }

  report(name: string, condition: Condition): void {
    const component = this.components.get(name);
    if (component === undefined) return;
    component.condition = condition;
    component.at = this.now();
  }

  get isLive(): boolean {
    return [...this.components.values()].every((component) => component.condition.isLive && !this.isOverdue(component));
  }

  get isReady(): boolean {
    return [...this.components.values()].every((component) => component.condition.isReady && !this.isOverdue(component));
  }

  /** A table of all parts, for people. */
  text(): string {
    const rows = [...this.components].map(([name, component]) => {
      const { condition: { isLive, isReady, detail = '' }, timeoutMs } = component;
      const overdue = this.isOverdue(component) ? 'timed out' : undefined;
      return [name, timeoutMs === undefined ? '' : `${timeoutMs / 1000}s`, overdue ?? (isLive ? 'reporting live' : 'reporting non-live'), overdue ?? (isReady ? 'reporting ready' : 'reporting non-ready'), detail];
    });
    const all = [['COMPONENT', 'TIMEOUT', 'LIVENESS', 'READINESS', 'DETAIL'], ...rows];
    const widths = all[0]!.map((_, at) => Math.max(...all.map((row) => row[at]!.length)));
    return all.map((row) => `| ${row.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |\n`).join('');
  }

  private isOverdue({ timeoutMs, at }: Component): boolean {
    return timeoutMs !== undefined && this.now() - at > timeoutMs;
  }
}

/** Answers `GET /readiness` and `GET /liveness` with 200 or 503 (reference/felix 5.1). */
export class HealthServer {
  private readonly server: Server;
  private timer: NodeJS.Timeout | undefined;

  constructor(health: Health, private readonly log: Log) {
    this.server = createServer({ keepAlive: false }, ({ url = '', method }, response) => {
      const path = url.split('?')[0];
      const isWell = path === '/readiness' ? health.isReady : path === '/liveness' ? health.isLive : undefined;
      if (isWell === undefined || (method !== 'GET' && method !== 'HEAD')) response.writeHead(isWell === undefined ? 404 : 405).end();
      else response.writeHead(isWell ? 200 : 503, { 'content-type': 'text/plain; charset=utf-8' }).end(health.text());
    });
  }

  /** Listens; where the port is taken, it is tried again without end. */
  listen(host: string, port: number): void {
    // A name may have addresses of both families, and the answer is wanted at the one that is asked first.
    const address = host === 'localhost' ? '127.0.0.1' : host;
    this.server.on('error', (error) => {
      this.log.warning(`no health can be told at ${host}:${port}, trying again: ${error.message}`);
      this.timer = setTimeout(() => this.server.listen(port, address), LISTEN_AGAIN_MS);
    });
    this.server.listen(port, address);
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
