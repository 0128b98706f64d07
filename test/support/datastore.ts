import { expect } from 'chai';
import { connect, type ConnectOptions } from '../../src/datastore/etcd/connect.js';
import type { ConnectionSettings } from '../../src/config/settings.js';
import type { DatastoreError } from '../../src/base/errors.js';
import { hintText } from '../../src/output/views/hint.js';
import type { Entry, ListOptions, Operation, Page, Store } from '../../src/datastore/store.js';

/** Settings that name these endpoints, as if they came from ETCD_ENDPOINTS. */
export function settingsFor(...endpoints: string[]): ConnectionSettings {
  return { endpoints, endpointsOrigin: 'ETCD_ENDPOINTS' };
}

/** The user of a test, as if it came from the environment. */
export function userNamed(name: string, password: string): NonNullable<ConnectionSettings['user']> {
  return { name, password, nameOrigin: 'ETCD_USERNAME', passwordOrigin: 'ETCD_PASSWORD' };
}

/** Connects, lets the test work, and closes whatever happens. */
export async function withStore<T>(settings: ConnectionSettings, work: (store: Store) => Promise<T>, options: Partial<ConnectOptions> = {}): Promise<T> {
  const store = await connect(settings, { timeoutMs: 10_000, ...options });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** What a call failed with, as the user would see it; an Error where it did not fail. */
export async function failureOf(work: Promise<unknown>): Promise<{ stage: string; message: string; hint?: string }> {
  try {
    await work;
  } catch (error) {
    const { stage, message, hint } = error as DatastoreError;
    if (stage === undefined) throw error;
    return { stage, message, ...(hint !== undefined && { hint: String(hintText(hint)) }) };
  }
  throw new Error('it did not fail');
}

/** All pages of a list, each with a list of its entries. */
export async function pagesOf(store: Store, prefix: string, options?: ListOptions): Promise<(Page & { readonly entries: readonly Entry[] })[]> {
  const pages = [];
  for await (const page of store.list(prefix, options)) pages.push({ ...page, entries: [...page.entries] });
  return pages;
}

/** Key and value of entries: what a test can know beforehand. */
export function contents(entries: readonly Entry[]): Record<string, string> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

/** What is below /calico/, by key. */
export async function stored(store: Store): Promise<ReadonlyMap<string, Entry>> {
  return new Map((await pagesOf(store, '/calico/')).flatMap(({ entries }) => entries).map((entry) => [entry.key, entry]));
}

/** Makes the store hold exactly these values below /calico/; what is so already keeps its revision. */
export async function become(store: Store, wanted: ReadonlyMap<string, string>): Promise<void> {
  const there = await stored(store);
  const operations: Operation[] = [...there.values()].filter(({ key }) => !wanted.has(key)).map(({ key, modRevision }) => ({ action: 'delete', key, expect: modRevision }));
  for (const [key, value] of wanted) {
    const entry = there.get(key);
    if (entry?.value !== value) operations.push({ action: 'put', key, value, expect: entry?.modRevision ?? '0' });
  }
  for (let from = 0; from < operations.length; from += 100) expect((await store.commit(operations.slice(from, from + 100))).done).to.equal(true);
}
