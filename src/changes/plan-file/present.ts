import type { Store } from '../../datastore/store.js';
import { keyOf, prefixOf } from '../../resources/keys.js';
import { STORED_KINDS } from '../../resources/registry.js';
import { decodeStored, isCorrupt } from '../../resources/stored-value.js';
import { clusterInformation } from '../../resources/v3/cluster-information.js';

/** Above this many keys of a kind, all keys of the kind are read at once. */
const MANY = 100;

/** The clusterGUID; null where the store has none. */
export async function clusterOf(store: Store, revision?: string): Promise<string | null> {
  const entry = await store.get(keyOf(clusterInformation, 'default'), revision === undefined ? {} : { revision });
  const found = entry && decodeStored(clusterInformation, entry);
  return found === undefined || isCorrupt(found) || typeof found.spec.clusterGUID !== 'string' ? null : found.spec.clusterGUID;
}

/**
 * The revisions at which keys, and all keys below prefixes, were changed last; "0" for what is not there.
 * @param revision as of which; the newest unless it is given
 */
export async function revisionsOf(store: Store, keys: Iterable<string>, prefixes: readonly string[], revision?: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const key of keys) found.set(key, '0');
  const whole = new Set(prefixes);
  for (const prefix of STORED_KINDS.map((kind) => prefixOf(kind))) if ([...found.keys()].filter((key) => key.startsWith(prefix)).length > MANY) whole.add(prefix);
  const single = [...found.keys()].filter((key) => ![...whole].some((prefix) => key.startsWith(prefix)));
  const ranges = [...single.map((key) => ({ key })), ...[...whole].map((prefix) => ({ prefix, keysOnly: true }))];
  const snapshot = await store.snapshot(ranges, revision === undefined ? {} : { revision });
  for (const { key, modRevision } of snapshot.ranges.flat()) if (found.has(key) || prefixes.some((prefix) => key.startsWith(prefix))) found.set(key, modRevision);
  return found;
}
