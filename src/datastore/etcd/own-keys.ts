import type { Caller } from './caller.js';

/**
 * Writes keys that nobody else writes, so that what was there before does not matter: the last value counts, and a write whose answer
 * was lost is sent again. Every method throws DatastoreError within the time budget, which each write that is done renews.
 */
export class OwnKeys {
  constructor(
    private readonly caller: Caller,
    private readonly onClose: () => void,
  ) {}

  /** Writes a key; with a time to live it goes by itself unless it is written again before. */
  async put(key: string, value: string, ttlSeconds?: number): Promise<void> {
    const lease = ttlSeconds === undefined ? undefined : await this.lease(key, ttlSeconds);
    const request = { key: Buffer.from(key), value: Buffer.from(value), ...(lease !== undefined && { lease }) };
    await this.caller.call({ keys: [key], settle: notSettled, send: (client, options) => client.kv.put(request, options) });
    this.caller.renewBudget();
  }

  /** Deletes a key; harmless where there is none. */
  async delete(key: string): Promise<void> {
    await this.caller.call({ keys: [key], settle: notSettled, send: (client, options) => client.kv.deleteRange({ key: Buffer.from(key) }, options) });
    this.caller.renewBudget();
  }

  /** Lets the connections go. */
  close(): void {
    this.onClose();
  }

  /** One that nobody uses, since its answer was lost, goes by itself. */
  private async lease(key: string, ttlSeconds: number): Promise<string> {
    const { ID } = await this.caller.call({ keys: [key], settle: notSettled, send: (client, options) => client.leaseClient.leaseGrant({ TTL: String(Math.max(1, Math.ceil(ttlSeconds))), ID: '0' }, options) });
    return ID;
  }
}

/** Doing it twice is as good as once. */
function notSettled(): Promise<undefined> {
  return Promise.resolve(undefined);
}
