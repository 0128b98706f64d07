import { CalicoError, DatastoreError } from '../../base/errors.js';
import type { Store } from '../../datastore/store.js';
import { isUnreadable, type Unreadable } from '../records/block-codec.js';
import { transact, type Draft } from '../../datastore/draft.js';
import { CONFIG_KEY } from '../records/keys.js';
import { DEFAULT_CONFIGURATION, decodeConfiguration, encodeConfiguration, type Configuration } from '../records/records.js';

/** What `ipam configure` can change; absent fields stay as they are. */
export type ConfigurationChange = Partial<Pick<Configuration, 'strictAffinity' | 'maxBlocksPerHost' | 'addressPersistence'>>;

/** The configuration in force. Reading never writes: without a stored one it is the default. */
export async function readConfiguration(store: Store): Promise<Configuration> {
  return readable(decodeConfiguration((await store.get(CONFIG_KEY))?.value));
}

/** Stores the default where no configuration is stored, as Calico does when it reads one. */
export async function keepConfiguration(store: Store): Promise<void> {
  await transact(store, async (draft) => {
    if (!(await draft.has(CONFIG_KEY))) draft.put(CONFIG_KEY, encodeConfiguration(DEFAULT_CONFIGURATION));
  });
}

/**
 * Changes the stored configuration in one guarded write, keeping fields of newer versions; returns what then holds.
 * Throws CalicoError for combinations that Calico refuses (reference/ipam 8), and a negative limit.
 */
export async function changeConfiguration(store: Store, change: ConfigurationChange): Promise<Configuration> {
  return transact(store, (draft) => planConfiguration(draft, change));
}

/** Plans that change; one that changes nothing is allowed whatever is stored, as in Calico. */
export async function planConfiguration(draft: Draft, change: ConfigurationChange): Promise<Configuration> {
  const stored = await draft.value(CONFIG_KEY);
  const before = readable(decodeConfiguration(stored));
  const after = { ...before, ...change };
  const text = encodeConfiguration(after);
  if (stored !== undefined && text === encodeConfiguration(before)) return after;
  const problem = contradiction(after);
  if (problem !== undefined) throw new CalicoError('forbidden', problem);
  draft.put(CONFIG_KEY, text);
  return after;
}

function contradiction({ strictAffinity, autoAllocateBlocks, maxBlocksPerHost }: Configuration): string | undefined {
  if (maxBlocksPerHost < 0) return `MaxBlocksPerHost cannot be ${maxBlocksPerHost}`;
  if (!strictAffinity && !autoAllocateBlocks) return "Cannot disable 'StrictAffinity' and 'AutoAllocateBlocks' at the same time";
  if (!strictAffinity && maxBlocksPerHost > 0) return 'MaxBlocksPerHost requires StrictAffinity to be enabled';
  return undefined;
}

function readable(decoded: Configuration | Unreadable): Configuration {
  if (isUnreadable(decoded)) throw new DatastoreError('data', `${CONFIG_KEY} cannot be read: ${decoded.problem}`);
  return decoded;
}
