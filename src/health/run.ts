import type { ResolvedSettings } from '../config/resolve.js';
import { titleOf } from '../config/source.js';
import { Administration } from '../datastore/etcd/administration.js';
import { Budget } from '../datastore/etcd/budget.js';
import { endpointsOf } from '../datastore/etcd/connect.js';
import type { Store } from '../datastore/store.js';
import { checkCalico } from './calico.js';
import { CHECK_STEPS, fine, type Check } from './check.js';
import { checkEndpoint, type EndpointOptions, type TlsParts } from './endpoints.js';
import { checkMembers, failed } from './members.js';
import { leftoversOf, quotaOf } from './over-http.js';
import { checkRequests } from './requests.js';

export interface HealthRequest {
  readonly resolved: ResolvedSettings;
  /** Opens the store as every command does. */
  readonly connect: () => Promise<Store>;
  /** How long one step may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly now: Date;
}

/**
 * What stands between this tool and a healthy store, step by step as each is known. What cannot be tried because of what failed
 * before it is said to be skipped. Throws only what is no finding: the interruption.
 */
export async function* checkDatastore(request: HealthRequest): AsyncGenerator<Check> {
  const { resolved: { settings }, timeoutMs, signal, now } = request;
  let endpoints: readonly string[];
  try {
    endpoints = await endpointsOf(settings, new Budget(timeoutMs), signal);
  } catch (error) {
    yield failed('settings', error);
    yield* skipped('name');
    return;
  }
  yield* settingsChecks(request, endpoints);
  let etcd: Administration;
  try {
    etcd = await Administration.open(settings, endpoints, { timeoutMs, signal });
  } catch (error) {
    yield failed('tls', error);
    yield* skipped('authentication');
    return;
  }
  try {
    const options: EndpointOptions = { timeoutMs, signal, now, tls: tlsParts(etcd) };
    const usable: string[] = [];
    yield* checkEndpoints(endpoints, options, usable);
    const [first] = usable;
    if (first === undefined) {
      yield* skipped('authentication');
      return;
    }
    yield* checkMembers(usable, etcd, { user: settings.user?.name, quotaBytes: async (endpoint) => quotaOf(endpoint, options) });
    yield* throughTheStore(request, await leftoversOf(first, options));
  } finally {
    etcd.close();
  }
}

/** Goes the way to each endpoint, and notes in `usable` those to which it leads. */
async function* checkEndpoints(endpoints: readonly string[], options: EndpointOptions, usable: string[]): AsyncGenerator<Check> {
  for (const endpoint of endpoints) {
    let good = false;
    for await (const check of checkEndpoint(endpoint, options)) {
      if (check.step === 'tcp') good ||= check.state === 'ok';
      else if (check.state === 'problem') good = false;
      yield check;
    }
    if (good) usable.push(endpoint);
  }
}

async function* throughTheStore({ connect }: HealthRequest, leftovers: Check): AsyncGenerator<Check> {
  let store: Store;
  try {
    store = await connect();
  } catch (error) {
    yield failed('latency', error);
    yield* skipped('permissions');
    return;
  }
  yield* checkRequests(store);
  yield* checkCalico(store, leftovers);
}

function* settingsChecks({ resolved: { source, settings, warnings, leftAside } }: HealthRequest, endpoints: readonly string[]): Generator<Check> {
  const by = source.kind === 'context' ? `context ${source.name}` : titleOf(source);
  yield fine('settings', `${endpoints.join(', ')}, from ${settings.discovery === undefined ? settings.endpointsOrigin : `the SRV records of ${settings.discovery.domain}`} (${by})`);
  for (const warning of warnings) yield { step: 'settings', state: 'warning', message: warning };
  for (const line of leftAside) yield fine('settings', line);
  if (endpoints.length === 1) yield fine('settings', 'one endpoint: while that member is down, nothing else is tried');
}

function* skipped(from: (typeof CHECK_STEPS)[number]): Generator<Check> {
  for (const step of CHECK_STEPS.slice(CHECK_STEPS.indexOf(from))) yield { step, state: 'skipped', message: 'not tried, because of what failed before it' };
}

function tlsParts({ credentials }: Administration): TlsParts {
  return { ca: credentials?.rootCertificate, cert: credentials?.certChain, key: credentials?.privateKey };
}
