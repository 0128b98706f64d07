import { networkInterfaces } from 'node:os';
import { withTimeLimit } from '../base/time-limit.js';
import type { ConnectionSettings } from '../config/settings.js';
import { resolveName } from '../dns/resolve.js';
import type { Surroundings } from '../guard/ways.js';
import { parseIp } from '../net/address.js';

/** How long a name server may take; what is not known then is not looked at. */
const NAME_MS = 1000;

/** Where etcd is by the settings, and where this machine is. A domain of SRV records is not looked up again. */
export async function surroundings({ endpoints }: ConnectionSettings, env: Readonly<Record<string, string | undefined>>): Promise<Surroundings> {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).flatMap(({ address }) => parseIp(address) ?? []));
  const [client = ''] = (env['SSH_CONNECTION'] ?? '').split(' ');
  return { etcd: (await Promise.all(endpoints.map(addressesOf))).flat(), own, sshClient: parseIp(client) };
}

async function addressesOf(endpoint: string): Promise<Surroundings['etcd']> {
  const { hostname, port, protocol } = new URL(endpoint);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = parseIp(host) === undefined ? await withTimeLimit(NAME_MS, undefined, (signal) => resolveName(host, { signal })).catch(() => []) : [host];
  return addresses.flatMap((address) => parseIp(address) ?? []).map((ip) => ({ ip, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) }));
}
