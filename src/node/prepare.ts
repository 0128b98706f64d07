import { existsSync, statSync, writeFileSync, type Stats } from 'node:fs';
import type { Notify } from '../base/notice.js';
import type { NodeRunNotice } from './notices.js';
import { CalicoError, type NameOption } from '../base/errors.js';
import { makeFolder } from '../base/make-folder.js';
import type { Mount } from '../host/engine/container.js';
import { runProgram } from '../host/program.js';

/** Modules that the dataplane needs first of all (reference/node 3). */
const MODULES = ['xt_set', 'ip6_tables'];
const CONNTRACK_LIMIT = '1000000';

/**
 * Loads kernel modules, enables forwarding and raises the limit of connection tracking (reference/node 3). Modules may be built in, so
 * a failure there means nothing. Throws CalicoError where forwarding cannot be enabled.
 */
export async function prepareKernel(notify: Notify<NodeRunNotice>): Promise<void> {
  notify({ code: 'kernel.modules', modules: MODULES });
  await runProgram('modprobe', ['-a', ...MODULES]).catch(() => undefined);
  notify({ code: 'kernel.forwarding', family: 'IPv4' });
  setForwarding('IPv4', '/proc/sys/net/ipv4/ip_forward');
  if (existsSync('/proc/sys/net/ipv6')) {
    notify({ code: 'kernel.forwarding', family: 'IPv6' });
    setForwarding('IPv6', '/proc/sys/net/ipv6/conf/all/forwarding');
  }
  notify({ code: 'kernel.conntrack' });
  const failure = tryWrite('/proc/sys/net/netfilter/nf_conntrack_max', CONNTRACK_LIMIT);
  if (failure !== undefined) notify({ code: 'kernel.conntrack.failed', reason: failure });
}

function setForwarding(family: string, path: string): void {
  const failure = tryWrite(path, '1');
  if (failure !== undefined) throw new CalicoError('failed', `${family} forwarding cannot be enabled: ${failure}`, { hint: 'the node cannot route without it; no container was changed' });
}

/** Writes a setting of the kernel; returns what went wrong. */
function tryWrite(path: string, value: string): string | undefined {
  try {
    writeFileSync(path, value);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Checks that every file and socket that is to be mounted is there: engines put an empty folder in its place. Throws CalicoError. */
export function checkMounts(mounts: readonly Mount[]): void {
  for (const { source, kind, origin = 'the node' } of mounts) {
    const found = statSync(source, { throwIfNoEntry: false });
    const advice = kind === 'socket' ? (option: NameOption) => `Docker networking uses it to reach Docker; ${option('disable-docker-networking')} avoids the need` : undefined;
    if (found === undefined && kind !== 'folder') throw new CalicoError('failed', `${origin} needs the ${kind} ${source}, which does not exist`, { hint: advice });
    if (found !== undefined && !isOfKind(found, kind)) throw new CalicoError('failed', `${origin} needs the ${kind} ${source}, which is something else`, { hint: advice });
  }
}

function isOfKind(found: Stats, kind: Mount['kind']): boolean {
  return kind === 'folder' ? found.isDirectory() : kind === 'file' ? found.isFile() : found.isSocket();
}

/** Makes the folders that are to be mounted: podman and nerdctl refuse those that do not exist. Throws CalicoError. */
export function makeFolders(mounts: readonly Mount[]): void {
  for (const { source, kind } of mounts) {
    if (kind !== 'folder') continue;
    try {
      makeFolder(source);
    } catch (error) {
      throw new CalicoError('failed', `the folder ${source} cannot be created: ${(error as Error).message}`);
    }
  }
}
