import type { Notify } from '../../base/notice.js';
import type { ConnectionSettings } from '../../config/settings.js';
import type { DatastoreNotice } from '../notices.js';
import { Budget } from './budget.js';
import { Caller } from './caller.js';
import { EtcdStore } from './etcd-store.js';
import { Member, type Libraries } from './member.js';
import { hasName } from './named-endpoint.js';
import { OwnKeys } from './own-keys.js';
import { Session } from './session.js';
import type { Store } from '../store.js';

export interface ConnectOptions {
  /** The time for waiting on etcd in the whole life of the store, in milliseconds. */
  readonly timeoutMs: number;
  /** An interruption. Calls end with its reason; a write under way is given a second to end by itself. */
  readonly signal?: AbortSignal | undefined;
  /** Told, at most once each, what the user should know although the work goes on. */
  readonly notify?: Notify<DatastoreNotice>;
}

/**
 * Makes a store of the settings. Certificates are checked here; the connection itself comes about with the first call.
 * Throws DatastoreError. The libraries are loaded here, so that commands without a datastore never pay for them.
 */
export async function connect(settings: ConnectionSettings, options: ConnectOptions): Promise<Store> {
  const { caller, close, notify } = await openCaller(settings, options);
  return new EtcdStore(caller, close, notify);
}

/** Opens what writes keys that nobody else writes. Throws DatastoreError. */
export async function connectOwnKeys(settings: ConnectionSettings, options: ConnectOptions): Promise<OwnKeys> {
  const { caller, close } = await openCaller(settings, options);
  return new OwnKeys(caller, close);
}

interface OpenedCaller {
  readonly caller: Caller;
  readonly close: () => void;
  readonly notify: Notify<DatastoreNotice>;
}

async function openCaller(settings: ConnectionSettings, options: ConnectOptions): Promise<OpenedCaller> {
  const { own, letGo } = ownSignal(options.signal);
  try {
    return await openAt(settings, { ...options, signal: own }, letGo);
  } catch (error) {
    letGo();
    throw error;
  }
}

async function openAt(settings: ConnectionSettings, { timeoutMs, signal, notify = () => undefined }: ConnectOptions, onClose: () => void): Promise<OpenedCaller> {
  const budget = new Budget(timeoutMs);
  const endpoints = await endpointsOf(settings, budget, signal);
  const secure = endpoints.some((each) => each.startsWith('https:'));
  const credentials = secure ? await prepareTls(settings) : undefined;
  const libraries = await loadLibraries(endpoints.some(hasName));
  const members = endpoints.map((endpoint) => new Member(endpoint, libraries, credentials));
  const session = settings.user && new Session(settings.user, notify);
  const caller = new Caller({ members, settings, budget, session, signal, notify });
  const close = (): void => {
    onClose();
    for (const member of members) member.close();
  };
  return { caller, close, notify };
}

/** A signal that is aborted with another one until it is let go: nothing of a store stays registered at one that outlives it. */
function ownSignal(outer: AbortSignal | undefined): { readonly own: AbortSignal | undefined; readonly letGo: () => void } {
  if (outer === undefined) return { own: undefined, letGo: () => undefined };
  const controller = new AbortController();
  const follow = (): void => controller.abort(outer.reason);
  if (outer.aborted) follow();
  outer.addEventListener('abort', follow, { once: true });
  return { own: controller.signal, letGo: () => outer.removeEventListener('abort', follow) };
}

/** The libraries that a member needs; `named` where an endpoint has a name. */
export async function loadLibraries(named: boolean): Promise<Libraries> {
  const [{ Etcd3 }, { InterceptingCall, experimental }] = await Promise.all([import('./wire/etcd3.js'), import('@grpc/grpc-js')]);
  if (named) (await import('./named-target.js')).registerOwnNames(experimental);
  return { Etcd3, InterceptingCall };
}

/** The endpoints of settings, also where a domain names them. Throws DatastoreError within the budget. */
export async function endpointsOf(settings: ConnectionSettings, budget: Budget, signal?: AbortSignal): Promise<readonly string[]> {
  return settings.discovery ? discover(settings.discovery, budget, signal) : settings.endpoints;
}

async function discover(discovery: NonNullable<ConnectionSettings['discovery']>, budget: Budget, signal: AbortSignal | undefined): Promise<string[]> {
  const { discoverEndpoints, systemSrvResolver } = await import('./discovery.js');
  const resolver = await systemSrvResolver(budget.remainingMs, signal);
  try {
    return await budget.spend(() => discoverEndpoints(discovery, resolver));
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** What TLS needs of the settings. Throws DatastoreError, stage `tls`. */
export async function prepareTls(settings: ConnectionSettings): Promise<ReturnType<typeof import('./credentials.js').loadCredentials>> {
  const [{ loadCredentials }, { silenceServerNameWarning }] = await Promise.all([import('./credentials.js'), import('./server-name-warning.js')]);
  silenceServerNameWarning();
  return loadCredentials(settings);
}
