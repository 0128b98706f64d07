import type { SrvRecord } from 'node:dns';
import type { ConnectionSettings } from '../config/settings.js';
import { DatastoreError } from '../errors.js';

/** Looks up the SRV records of a name. */
export type SrvResolver = (name: string) => Promise<SrvRecord[]>;

/**
 * Finds the endpoints of a domain by its SRV records, as etcd's own clients do: `_etcd-client-ssl._tcp`, else
 * `_etcd-client._tcp`; those of the lowest priority first. Throws DatastoreError, stage `name`.
 */
export async function discoverEndpoints({ domain, origin }: NonNullable<ConnectionSettings['discovery']>, resolve: SrvResolver): Promise<string[]> {
  const causes: string[] = [];
  for (const [scheme, service] of [['https', '_etcd-client-ssl._tcp'], ['http', '_etcd-client._tcp']] as const) {
    try {
      const records = await resolve(`${service}.${domain}`);
      if (records.length > 0) return records.toSorted((a, b) => a.priority - b.priority || b.weight - a.weight).map((each) => `${scheme}://${each.name}:${each.port}`);
    } catch (error) {
      causes.push((error as NodeJS.ErrnoException).code ?? String(error));
    }
  }
  const cause = causes.length === 0 ? '' : ` (${[...new Set(causes)].join(', ')})`;
  throw new DatastoreError('name', `${origin}: no SRV record _etcd-client-ssl._tcp or _etcd-client._tcp is found for ${domain}${cause}`, 'Check the domain, or name the endpoints in ETCD_ENDPOINTS.');
}

/** Node's own resolver, with one try of at most so many milliseconds. */
export async function systemSrvResolver(timeoutMs: number): Promise<SrvResolver> {
  const { Resolver } = await import('node:dns/promises');
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  return (name) => resolver.resolveSrv(name);
}
