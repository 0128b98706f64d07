import { setTimeout as sleep } from 'node:timers/promises';
import { startGrpcProxy, TRANSACTION, type Fate, type GrpcProxy } from '../support/grpc-proxy.js';
import type { Random } from './random.js';
import type { Rival } from './rival.js';

/** What may become of a transaction on its way besides passing. */
const TROUBLES: Readonly<Record<string, Fate>> = {
  'request lost': 'lose request',
  'reply lost': 'lose reply',
  'denied though done': { carriedOut: true, status: 8, message: 'etcdserver: mvcc: database space exceeded' },
  'denied and not done': { carriedOut: false, status: 8, message: 'etcdserver: mvcc: database space exceeded' },
  'done without an answer': { carriedOut: true, status: 0 },
};
/** Beyond the time a command gives one call, so that some are given up. */
const SLOWEST_MS = 4000;

/** A proxy before each member that loses or slows down some of what passes, while the rival strikes. */
export class LossyNetwork {
  readonly #proxies: GrpcProxy[] = [];
  /** How often what happened. */
  readonly counts: Record<string, number> = {};

  constructor(
    private readonly random: Random,
    private readonly rival: Rival,
  ) {}

  /** Opens a proxy to each target and returns where they listen. */
  async open(targets: readonly string[]): Promise<readonly string[]> {
    for (const target of targets) this.#proxies.push(await startGrpcProxy(target, (path) => this.#decide(path)));
    return this.#proxies.map(({ endpoint }) => endpoint);
  }

  async close(): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.stop()));
  }

  async #decide(path: string): Promise<Fate> {
    if (this.random.chance(0.04)) {
      this.#count('slow call');
      await sleep(this.random.between(50, SLOWEST_MS));
    }
    if (path !== TRANSACTION || !this.random.chance(0.15)) return 'pass';
    const title = this.random.pick(Object.keys(TROUBLES));
    this.#count(title);
    const isBefore = this.random.chance(0.5);
    if (this.random.chance(0.6)) {
      if (isBefore) await this.rival.strike();
      // What has passed is struck at once after it.
      else setTimeout(() => void this.rival.strike(), this.random.between(1, 10));
    }
    return TROUBLES[title]!;
  }

  #count(title: string): void {
    this.counts[title] = (this.counts[title] ?? 0) + 1;
  }
}
