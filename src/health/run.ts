import { CalicoError } from '../base/errors.js';
import type { ResolvedSettings } from '../config/resolve.js';
import { titleOf } from '../config/source.js';
import { Administration } from '../datastore/etcd/administration.js';
import { Budget } from '../datastore/etcd/budget.js';
import { endpointsOf } from '../datastore/etcd/connect.js';
import type { Store } from '../datastore/store.js';
import { checkCalico } from './calico.js';
import { fine, skipped, type Check } from './check.js';
import { checkEndpoint, type EndpointOptions, type TlsParts } from './endpoints.js';
import { checkMembers, failed } from './members.js';
import { leftoversOf, quotaOf } from './over-http.js';
import { checkRequests } from './requests.js';

export interface HealthRequest {
  /** The settings, or why there are none. */
  readonly resolved: ResolvedSettings | CalicoError;
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
  const { resolved, timeoutMs, signal } = request;
  let opened: Opened;
  try {
    if (resolved instanceof CalicoError) throw resolved;
    const endpoints = await endpointsOf(resolved.settings, new Budget(timeoutMs), signal);
    opened = { resolved, endpoints, etcd: await Administration.open(resolved.settings, endpoints, { timeoutMs, signal }) };
  } catch (error) {
    yield failed('settings', error);
    yield* skipped('name');
    return;
  }
  yield* settingsChecks(opened);
  try {
    yield* checkServers(request, opened);
  } finally {
    opened.etcd.close();
  }
}

/** Settings that can be used, and where they lead. */
interface Opened {
  readonly resolved: ResolvedSettings;
  readonly endpoints: readonly string[];
  readonly etcd: Administration;
}

async function* checkServers(request: HealthRequest, { resolved: { settings }, endpoints, etcd }: Opened): AsyncGenerator<Check> {
  const options: EndpointOptions = { settings, timeoutMs: request.timeoutMs, signal: request.signal, now: request.now, tls: tlsParts(etcd) };
  const ways = await Promise.all(endpoints.map((endpoint) => wayTo(endpoint, options)));
  yield* ways.flatMap(({ checks }) => checks);
  const usable = ways.filter(({ leads }) => leads).map(({ endpoint }) => endpoint);
  const [first] = usable;
  if (first === undefined) {
    yield* skipped('authentication');
    return;
  }
  const quotaBytes = (endpoint: string): ReturnType<typeof quotaOf> => quotaOf(endpoint, options);
  if (yield* checkMembers(usable, etcd, { user: settings.user?.name, configured: endpoints, quotaBytes })) yield* throughTheStore(request, await leftoversOf(first, options));
}

/** Goes the way to one endpoint: what is met on it, and whether it leads there. */
async function wayTo(endpoint: string, options: EndpointOptions): Promise<{ readonly endpoint: string; readonly checks: readonly Check[]; readonly leads: boolean }> {
  const checks: Check[] = [];
  let leads = false;
  for await (const check of checkEndpoint(endpoint, options)) {
    if (check.step === 'tcp') leads ||= check.state === 'ok';
    else if (check.state === 'problem') leads = false;
    checks.push(check);
  }
  return { endpoint, checks, leads };
}

async function* throughTheStore({ connect }: HealthRequest, leftovers: Check): AsyncGenerator<Check> {
  let store: Store;
  try {
    store = await connect();
  } catch (error) {
    yield failed('latency', error);
    yield* skipped('history');
    return;
  }
  const readable = yield* checkRequests(store);
  if (readable !== undefined) yield* checkCalico(store, leftovers, readable);
}

function* settingsChecks({ resolved: { source, settings, warnings, leftAside }, endpoints }: Opened): Generator<Check> {
  const by = source.kind === 'context' ? `context ${source.name}` : titleOf(source);
  yield fine('settings', `${endpoints.join(', ')}, from ${settings.discovery === undefined ? settings.endpointsOrigin : `the SRV records of ${settings.discovery.domain}`} (${by})`);
  for (const { message, remedy } of warnings) yield { step: 'settings', state: 'warning', message, remedy };
  for (const line of leftAside) yield fine('settings', line);
  if (endpoints.length === 1) yield fine('settings', 'one endpoint: while that member is down, nothing else is tried');
}

function tlsParts({ credentials }: Administration): TlsParts {
  return { ca: credentials?.rootCertificate, cert: credentials?.certChain, key: credentials?.privateKey };
}
