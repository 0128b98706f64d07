import { DatastoreError } from '../base/errors.js';
import { fromEnvironment, type FoundSettings, type SettingKey } from '../config/keys.js';
import { toSettings } from '../config/resolve.js';
import type { ConnectionSettings } from '../config/settings.js';
import type { Store } from '../datastore/store.js';
import type { Environment } from './call.js';
import { FAILURE, Failure } from './failure.js';
import { ETCD_KEYS, type EtcdConfig } from './network-config.js';

/** For how long etcd is waited for in one call; what calls us gives up after two minutes or so. */
const TIMEOUT_MS = 30_000;

/** Settings of which a place that has one of them says all. */
const TOGETHER: readonly (readonly SettingKey[])[] = [
  ['etcdEndpoints', 'etcdDiscoverySrv', 'etcdAuthority', 'etcdScheme'],
  ['etcdUsername', 'etcdPassword'],
  ['etcdCertFile', 'etcdKeyFile'],
];

/** How etcd is reached: as the configuration of the network says, else as the environment does (reference/network-plugin 5.1). Throws Failure. */
export function connectionOf(etcd: EtcdConfig, env: Environment): ConnectionSettings {
  const found = together(fromConfig(etcd), fromEnvironment(env));
  const { text = 'etcdv3', origin = '' } = found.datastoreType ?? {};
  if (text.trim().toLowerCase() !== 'etcdv3') throw new Failure(FAILURE.invalidConfig, `${origin} says ${JSON.stringify(text)}: this plugin works with etcd alone`, 'write etcdv3, and say where etcd is');
  try {
    return toSettings(found);
  } catch (error) {
    if (!(error instanceof DatastoreError)) throw error;
    throw new Failure(FAILURE.invalidConfig, error.message, typeof error.hint === 'string' ? error.hint : undefined);
  }
}

/** A store that is connected when it is first needed. */
export class LateStore {
  #store: Promise<Store> | undefined;

  constructor(private readonly connect: () => Promise<Store>) {}

  readonly open = (): Promise<Store> => (this.#store ??= this.connect());

  async close(): Promise<void> {
    (await this.#store?.catch(() => undefined))?.close();
  }
}

/** The store that a configuration leads to. What talks to etcd is loaded when it is first needed. */
export function storeOf(etcd: EtcdConfig, env: Environment, signal: AbortSignal, timeoutMs = TIMEOUT_MS): LateStore {
  return new LateStore(async () => {
    const settings = connectionOf(etcd, env);
    const { connect } = await import('../datastore/etcd/connect.js');
    return connect(settings, { timeoutMs, signal });
  });
}

function fromConfig(etcd: EtcdConfig): FoundSettings {
  const keys = Object.keys(ETCD_KEYS) as (keyof EtcdConfig)[];
  return Object.fromEntries(keys.flatMap((key) => (etcd[key] === undefined ? [] : [[key, { text: etcd[key], origin: `${ETCD_KEYS[key]} in the network's configuration` }]])));
}

/** The environment where the configuration says nothing: half of a setting of each would lead nowhere. */
function together(config: FoundSettings, environment: FoundSettings): FoundSettings {
  const hidden = new Set(TOGETHER.filter((keys) => keys.some((key) => config[key] !== undefined)).flat());
  const rest = Object.entries(environment).filter(([key]) => !hidden.has(key as SettingKey));
  return { ...Object.fromEntries(rest), ...config };
}
