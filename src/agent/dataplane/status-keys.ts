import { setTimeout as sleep } from 'node:timers/promises';
import { pauseMs } from '../../base/back-off.js';
import { DatastoreError } from '../../base/errors.js';
import type { OwnKeys } from '../../datastore/etcd/own-keys.js';
import type { Store } from '../../datastore/store.js';
import type { Log } from '../../text/log.js';

export interface StatusStore {
  /** Opens what writes; a new one after each failure. */
  readonly open: () => Promise<OwnKeys>;
  /** Opens what reads. */
  readonly read: () => Promise<Store>;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const PAUSES = { firstMs: 500, longestMs: 15_000, fixed: 0.5 };
/** How many reports there are between two comparisons with what is stored. */
const COMPARED_EVERY = 180;

/**
 * Keeps the status of endpoints in the store (reference/felix 5.2): what changed is written after the delay, and all is compared after 180 of
 * them; what was there before is deleted then and not earlier. Nothing of this holds up the dataplane.
 */
export class StatusKeys {
  private wanted: ReadonlyMap<string, string> = new Map();
  private readonly written = new Map<string, string>();
  private wake: () => void = () => undefined;
  private lastTrouble = '';

  /** @param prefixes below which every key is one of ours */
  constructor(private readonly store: StatusStore, private readonly prefixes: readonly string[], private readonly delayMs: number) {}

  /** What is to be there from now on. */
  want(keys: ReadonlyMap<string, string>): void {
    this.wanted = keys;
    this.wake();
  }

  /** Runs until the signal is aborted. */
  async run(): Promise<void> {
    const { signal } = this.store;
    const isOver = (): boolean => signal.aborted;
    let compareAt = performance.now() + this.delayMs * COMPARED_EVERY;
    for (let tried = 0; !isOver(); ) {
      await this.untilChange(compareAt - performance.now());
      await this.pause(this.delayMs);
      if (isOver()) return;
      try {
        const compares = performance.now() >= compareAt;
        if (compares) await this.compare();
        await this.write();
        if (compares) compareAt = performance.now() + this.delayMs * COMPARED_EVERY;
        tried = 0;
        this.lastTrouble = '';
      } catch (error) {
        if (!(error instanceof DatastoreError)) throw error;
        if (error.message !== this.lastTrouble) this.store.log.warning(`the status of endpoints cannot be told, trying again: ${error.message}`);
        this.lastTrouble = error.message;
        await this.pause(pauseMs(PAUSES, tried++));
      }
    }
  }

  private async untilChange(longestMs: number): Promise<void> {
    if (this.isDue()) return;
    const woken = new Promise<void>((resolve) => (this.wake = resolve));
    const timer = new AbortController();
    const end = (): void => this.wake();
    this.store.signal.addEventListener('abort', end);
    await Promise.race([woken, sleep(Math.max(longestMs, 0), undefined, { signal: timer.signal }).catch(() => undefined)]);
    timer.abort();
    this.store.signal.removeEventListener('abort', end);
  }

  private isDue(): boolean {
    return this.wanted.size !== this.written.size || [...this.wanted].some(([key, value]) => this.written.get(key) !== value);
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.store.signal }).catch(() => undefined);
  }

  /** Takes what is stored for what we wrote, so that the next writing makes it what it should be. */
  private async compare(): Promise<void> {
    const store = await this.store.read();
    try {
      const found = new Map<string, string>();
      for (const prefix of this.prefixes) for await (const { entries } of store.list(prefix)) for (const { key, value } of entries) found.set(key, value);
      this.written.clear();
      for (const [key, value] of found) this.written.set(key, value);
    } finally {
      store.close();
    }
  }

  private async write(): Promise<void> {
    if (!this.isDue()) return;
    const wanted = this.wanted;
    const keys = await this.store.open();
    try {
      for (const key of [...this.written.keys()]) {
        if (wanted.has(key)) continue;
        await keys.delete(key);
        this.written.delete(key);
      }
      for (const [key, value] of wanted) {
        if (this.written.get(key) === value) continue;
        await keys.put(key, value);
        this.written.set(key, value);
      }
    } finally {
      keys.close();
    }
  }
}
