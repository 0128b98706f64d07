import { CalicoError } from '../../base/errors.js';
import { lockFile } from '../../host/file-lock.js';
import type { NetworkCall } from '../call.js';
import type { PluginContext } from '../plugin.js';

/** What Calico's own plugins lock where the configuration names no other file. */
const LOCK_FILE = '/var/run/calico/ipam.lock';

/** For how long the others on this host are waited for; one takes some tens of milliseconds. */
const SECONDS = 60;

/**
 * Works while no other plugin on this host changes addresses (reference/network-plugin 6.4): they would get into each other's way at the same block. Every write is
 * guarded all the same, so that without the lock it only takes longer.
 */
export async function whileLocked<T>({ config }: NetworkCall, { log, signal }: PluginContext, work: () => Promise<T>): Promise<T> {
  const release = await lockFile(config.ipamLockFile ?? LOCK_FILE, { seconds: SECONDS, signal }).catch((error: unknown) => {
    if (!(error instanceof CalicoError)) throw error;
    signal.throwIfAborted();
    log.warning(`${error.message}; going on without the lock`);
    return () => undefined;
  });
  try {
    return await work();
  } finally {
    release();
  }
}
