import { connect, type ConnectOptions } from '../../src/datastore/connect.js';
import type { ConnectionSettings } from '../../src/config/settings.js';
import type { DatastoreError } from '../../src/errors.js';
import type { Entry, ListOptions, Page, Store } from '../../src/datastore/store.js';

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
    return { stage, message, ...(hint !== undefined && { hint }) };
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
