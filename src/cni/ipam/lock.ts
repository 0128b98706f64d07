import { CalicoError } from '../../base/errors.js';
import type { Store } from '../../datastore/store.js';
import { lockFile } from '../../host/file-lock.js';
import { CONFIG_KEY } from '../../ipam/records/keys.js';
import type { NetworkCall } from '../call.js';
import type { PluginContext } from '../plugin.js';

/** What Calico's own plugins lock where the configuration names no other file. */
const LOCK_FILE = '/var/run/calico/ipam.lock';

/** For how long the others on this host are waited for; one takes some tens of milliseconds. */
const SECONDS = 60;

/**
 * Works with the datastore while no other plugin on this host changes addresses (reference/network-plugin 6.4): they would get into each
 * other's way at the same block. Every write is guarded all the same, so that without the lock it only takes longer. The lock is taken once etcd
 * has answered: who waits for etcd keeps nobody waiting.
 * @param work is told whether a configuration of address management is stored
 */
export async function whileLocked<T>({ config }: NetworkCall, { log, signal, store: open }: PluginContext, work: (store: Store, isConfigured: boolean) => Promise<T>): Promise<T> {
  const store = await open();
  const isConfigured = (await store.get(CONFIG_KEY)) !== undefined;
  const release = await lockFile(config.ipamLockFile ?? LOCK_FILE, { seconds: SECONDS, signal }).catch((error: unknown) => {
    if (!(error instanceof CalicoError)) throw error;
    signal.throwIfAborted();
    log.warning(`${error.message}; going on without the lock`);
    return () => undefined;
  });
  try {
    return await work(store, isConfigured);
  } finally {
    release();
  }
}
