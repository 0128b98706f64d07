import { setTimeout as sleep } from 'node:timers/promises';
import { DatastoreError } from '../../base/errors.js';
import type { StatusStore } from './status-keys.js';

export interface NodeStatusSettings {
  readonly intervalMs: number;
  readonly ttlMs: number;
  /** The key that goes by itself, and the one that stays. */
  readonly keys: { readonly live: string; readonly last: string };
}

/** The first report comes no sooner, so that an agent that is started over and over is not taken for one that lives. */
const FIRST_AFTER_MS = 10_000;

/** Tells the store in intervals that this agent lives (reference/felix 5.3), until the signal is aborted. An interval of 0 means never. */
export async function reportNodeStatus({ intervalMs, ttlMs, keys }: NodeStatusSettings, { open, log, signal }: Omit<StatusStore, 'read'>, since = performance.now()): Promise<void> {
  if (intervalMs <= 0) return;
  const isOver = (): boolean => signal.aborted;
  let wasTold = true;
  for (let isFirst = true; !isOver(); ) {
    await sleep(isFirst ? Math.max(0, since + FIRST_AFTER_MS - performance.now()) : intervalMs, undefined, { signal }).catch(() => undefined);
    if (isOver()) return;
    const value = JSON.stringify({ time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'), uptime: (performance.now() - since) / 1000, first_update: isFirst });
    try {
      const store = await open();
      try {
        await store.put(keys.live, value, ttlMs / 1000);
        await store.put(keys.last, value);
      } finally {
        store.close();
      }
      isFirst = false;
      wasTold = true;
    } catch (error) {
      if (!(error instanceof DatastoreError)) throw error;
      if (wasTold) log.warning(`the store cannot be told that this agent lives: ${error.message}`);
      wasTold = false;
      if (isFirst) await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
