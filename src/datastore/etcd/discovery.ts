import type { SrvRecord } from 'node:dns';
import type { ConnectionSettings } from '../../config/settings.js';
import { DatastoreError } from '../../base/errors.js';

/** Looks up the SRV records of a name. */
export type SrvResolver = (name: string) => Promise<SrvRecord[]>;

/** Codes of a resolver that got no answer, or was given up before it did. */
const SILENT: readonly string[] = ['ETIMEOUT', 'ECANCELLED', 'ECONNREFUSED'];

/**
 * Finds the endpoints of a domain by its SRV records, as etcd's own clients do: `_etcd-client-ssl._tcp`, else
 * `_etcd-client._tcp`; those of the lowest priority first. Throws DatastoreError, stage `name`.
 */
export async function discoverEndpoints({ domain, origin }: NonNullable<ConnectionSettings['discovery']>, resolve: SrvResolver): Promise<string[]> {
  const causes: string[] = [];
  const services = [['https', '_etcd-client-ssl._tcp'], ['http', '_etcd-client._tcp']] as const;
  const found = await Promise.allSettled(services.map(([, service]) => resolve(`${service}.${domain}`)));
  for (const [index, [scheme]] of services.entries()) {
    const answer = found[index] as PromiseSettledResult<SrvRecord[]>;
    if (answer.status === 'rejected') causes.push((answer.reason as NodeJS.ErrnoException).code ?? String(answer.reason));
    else if (answer.value.length > 0) return answer.value.toSorted((a, b) => a.priority - b.priority || b.weight - a.weight).map((each) => `${scheme}://${each.name}:${each.port}`);
  }
  if (causes.length > 0 && causes.every((code) => SILENT.includes(code))) {
    throw new DatastoreError('name', `${origin}: no name server answers for ${domain}`, "check this machine's name servers in /etc/resolv.conf, or name the endpoints in ETCD_ENDPOINTS");
  }
  const cause = causes.length === 0 ? '' : ` (${[...new Set(causes)].join(', ')})`;
  throw new DatastoreError('name', `${origin}: no SRV record _etcd-client-ssl._tcp or _etcd-client._tcp found for ${domain}${cause}`, 'check the domain, or name the endpoints in ETCD_ENDPOINTS');
}

/** Node's own resolver, given up when the signal is aborted or the milliseconds are over. A silent server is left for the next after a second. */
export async function systemSrvResolver(timeoutMs: number, signal: AbortSignal | undefined): Promise<SrvResolver> {
  const { Resolver } = await import('node:dns/promises');
  const resolver = new Resolver({ timeout: 1000, tries: 3 });
  const cancel = (): void => resolver.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  setTimeout(cancel, timeoutMs).unref();
  return (name) => resolver.resolveSrv(name);
}
