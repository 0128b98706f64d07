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

const PAUSES = { firstMs: 200, longestMs: 5000, fixed: 0.5 };

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
  return isDatastoreError(error) && PASSING.includes(error.meaning);
}

/** Whether the datastore failed, in whatever way. */
export function isDatastoreError(error: unknown): error is DatastoreError {
  return error instanceof DatastoreError;
}

/** How somebody works with a datastore that may be away. */
export interface Persistence extends Pick<AgentContext, 'log' | 'signal'> {
  /** Makes a store; a new one for each attempt, as each has a time of its own. */
  readonly open: () => Promise<Store>;
  /** Failures after which all is tried again. */
  readonly passes: (error: unknown) => error is DatastoreError;
}

/**
 * Does work with the datastore, all of it again where the datastore fails, without end and with pauses that grow. Trouble is told when it
 * begins and when it changes; it is over with the work, or when the work says that the datastore serves it. Throws what does not pass, or the reason of the signal.
 */
export async function persist<T>({ open, passes, log, signal }: Persistence, work: (store: Store, isServed: () => void) => Promise<T>): Promise<T> {
  let trouble = '';
  let tried = 0;
  const isServed = (): void => {
    if (trouble !== '') log.info('the datastore can be used again');
    trouble = '';
    tried = 0;
  };
  for (; ; tried++) {
    signal.throwIfAborted();
    try {
      const done = await once(open, (store) => work(store, isServed));
      isServed();
      return done;
    } catch (error) {
      signal.throwIfAborted();
      if (!passes(error)) throw error;
      if (error.message !== trouble) log.warning(`the datastore cannot be used, trying again without end: ${error.message}`);
      trouble = error.message;
    }
    await sleep(pauseMs(PAUSES, tried), undefined, { signal }).catch(() => undefined);
  }
}

async function once<T>(open: () => Promise<Store>, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await open();
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** Works with the datastore of the environment, however long it takes to be there. Throws as `persist` does: also where a password is wrong, or a setting leads nowhere. */
export async function withDatastore<T>({ env, log, signal }: Pick<AgentContext, 'env' | 'log' | 'signal'>, work: (store: Store, isServed: () => void) => Promise<T>): Promise<T> {
  const settings = connectionOf(env);
  return persist({ open: () => connect(settings, { timeoutMs: TIMEOUT_MS, signal }), passes: isPassing, log, signal }, work);
}
