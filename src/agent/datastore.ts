import { setTimeout as sleep } from 'node:timers/promises';
import { pauseMs } from '../base/back-off.js';
import { DatastoreError, type Meaning } from '../base/errors.js';
import { fromEnvironment } from '../config/keys.js';
import { toSettings } from '../config/resolve.js';
import type { ConnectionSettings } from '../config/settings.js';
import { connect } from '../datastore/etcd/connect.js';
import type { Store } from '../datastore/store.js';
import type { AgentContext } from './part.js';

/** For how long one request is tried before the agent says that the datastore is away and begins again. */
const TIMEOUT_MS = 10_000;

const PAUSES = { firstMs: 500, longestMs: 15_000, fixed: 0.5 };

/** Work that went well for so long was not in trouble from the beginning. */
const STEADY_MS = 60_000;

/** What goes by itself. A password that is wrong or a setting that leads nowhere does not. */
const PASSING: readonly Meaning[] = ['unreachable', 'timeout', 'unknown-outcome'];

/**
 * How etcd is reached: as the environment says, and nothing else, since the files and contexts of calicoctl are an operator's
 * (reference/node-agent 1). Throws DatastoreError, stage `configuration`.
 */
export function connectionOf(env: AgentContext['env']): ConnectionSettings {
  const found = fromEnvironment(env);
  const { text = 'etcdv3', origin = '' } = found.datastoreType ?? {};
  if (text.trim().toLowerCase() !== 'etcdv3') throw new DatastoreError('configuration', `${origin} says ${JSON.stringify(text)}: this agent works with etcd alone`, 'write etcdv3');
  return toSettings(found);
}

/** Whether a failure is one of a datastore that is away, and may be back in a moment. */
export function isPassing(error: unknown): error is DatastoreError {
  return error instanceof DatastoreError && PASSING.includes(error.meaning);
}

/**
 * Works with the datastore, however long it takes to be there: where it is away or is lost meanwhile, all of the work is done
 * again, with pauses that grow. Throws what else goes wrong, or the reason of the signal.
 */
export async function withDatastore<T>({ env, log, signal }: Pick<AgentContext, 'env' | 'log' | 'signal'>, work: (store: Store) => Promise<T>): Promise<T> {
  const settings = connectionOf(env);
  for (let tried = 0; ; tried++) {
    const began = performance.now();
    try {
      return await once(settings, signal, work);
    } catch (error) {
      signal.throwIfAborted();
      if (!isPassing(error)) throw error;
      if (performance.now() - began > STEADY_MS) tried = 0;
      log.warning(`the datastore is away, trying again: ${error.message}`);
      await sleep(pauseMs(PAUSES, tried), undefined, { signal });
    }
  }
}

async function once<T>(settings: ConnectionSettings, signal: AbortSignal, work: (store: Store) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const store = await connect(settings, { timeoutMs: TIMEOUT_MS, signal });
  try {
    return await work(store);
  } finally {
    store.close();
  }
}
