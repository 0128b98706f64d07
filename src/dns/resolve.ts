import { isIPv4, isIPv6 } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { addressesInHosts, candidatesFor, readSystemFiles, serversOf, sourcesOf, type SystemFiles } from './system.js';

/** A name that has no address, or of which it cannot be said. */
export class NameError extends Error {
  constructor(
    /** `unknown`: there is no such name; `silent`: no name server answers; `failed`: one answers with a failure. */
    readonly kind: 'unknown' | 'silent' | 'failed',
    message: string,
  ) {
    super(message);
    this.name = 'NameError';
  }
}

export interface ResolveOptions {
  /** Gives it up at once. */
  readonly signal?: AbortSignal | undefined;
  /** Files other than those of this machine. */
  readonly files?: SystemFiles;
  /** Name servers other than those of this machine, as `ADDRESS:PORT`. */
  readonly servers?: readonly string[];
}

/** Sources that are looked at here; all others are the C library's. */
const OWN_SOURCES: readonly string[] = ['files', 'dns', 'resolve', 'myhostname', 'compat'];
const LOOPBACK: readonly string[] = ['127.0.0.1', '::1'];

/**
 * The addresses of a host, as the C library finds them: an address itself, the hosts file, DNS with the search list, what
 * else nsswitch.conf names. Unlike dns.lookup it can be given up at any moment, and leaves nothing that holds the process.
 * Rejects with NameError, or with the reason of the signal.
 */
export async function resolveName(name: string, options: ResolveOptions = {}): Promise<readonly string[]> {
  if (isAddress(name)) return [name];
  const files = options.files ?? (await readSystemFiles());
  const sources = sourcesOf(files.nsswitch);
  const known = [...new Set(sources.includes('files') ? addressesInHosts(files.hosts, name) : [])].filter(isAddress);
  if (known.length > 0) return known;
  if (/(^|\.)localhost\.?$/i.test(name)) return LOOPBACK;
  const outcome = await fromDns(name, files, sources, options);
  if ('addresses' in outcome) return outcome.addresses;
  const own = name.toLowerCase() === hostname().toLowerCase() && sources.includes('myhostname') ? ownAddresses() : [];
  if (own.length > 0) return own;
  if (sources.some((source) => !OWN_SOURCES.includes(source))) {
    const { askOthers } = await import('./others.js');
    const others = await askOthers(name, options.signal);
    if (others.length > 0) return others;
  }
  throw explained(outcome.code, options.servers ?? serversOf(files.resolvConf));
}

/** The expression for IPv6 takes Node 8 ms to compile: what has no colon is not shown to it. */
function isAddress(text: string): boolean {
  return text.includes(':') ? isIPv6(text) : isIPv4(text);
}

async function fromDns(name: string, files: SystemFiles, sources: readonly string[], { signal, servers }: ResolveOptions): Promise<import('./dns.js').DnsOutcome> {
  signal?.throwIfAborted();
  if (!sources.includes('dns') && !sources.includes('resolve')) return { code: 'ENOTFOUND' };
  const { askDns } = await import('./dns.js');
  return askDns(candidatesFor(name, files.resolvConf), { signal, servers });
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((interfaces) => interfaces?.flatMap(({ internal, address, scopeid }) => (internal || (scopeid ?? 0) !== 0 ? [] : [address])) ?? []);
}

function explained(code: string, servers: readonly string[]): NameError {
  const who = servers.length === 0 ? 'no name server is configured' : `the name server ${servers.join(', ')}`;
  if (code === 'ENOTFOUND' || code === 'ENODATA') return new NameError('unknown', 'the host name cannot be resolved');
  if (code === 'ETIMEOUT') return new NameError('silent', `${who} does not answer`);
  if (code === 'ECONNREFUSED') return new NameError('silent', servers.length === 0 ? who : `nothing answers as ${who.slice(4)}`);
  return new NameError('failed', `the name server reports a failure (${code})`);
}
