import { execFile } from 'node:child_process';

/** How long sources besides hosts file and DNS are waited for, in milliseconds: mDNS takes five seconds to find nothing. */
const LONGEST_MS = 6000;

/**
 * Asks everything that nsswitch.conf names (mDNS, LDAP, machines ...) by the C library, in a process that can be ended.
 * Returns no addresses where there is no `getent`. Rejects with the reason of the signal only.
 */
export async function askOthers(name: string, signal: AbortSignal | undefined): Promise<string[]> {
  signal?.throwIfAborted();
  const text = await new Promise<string>((resolve) => {
    execFile('getent', ['ahosts', '--', name], { timeout: LONGEST_MS, killSignal: 'SIGKILL', ...(signal && { signal }) }, (error, stdout) => resolve(error === null ? stdout : ''));
  });
  signal?.throwIfAborted();
  return [...new Set(text.split('\n').map((line) => line.split(/\s/)[0] ?? '').filter((address) => address !== ''))];
}
