import { DatastoreError } from '../base/errors.js';
import { reachOf } from '../datastore/reach.js';
import type { Store } from '../datastore/store.js';
import { DOCKER_PREFIX } from '../resources/docker-keys.js';
import { fine, skipped, type Check } from './check.js';
import { failed } from './members.js';

/** What Calico reads and writes (reference/storage 1): the resources, the states that its parts tell one another, and Docker's networks. */
export const PREFIXES = ['/calico/resources/v3/projectcalico.org/', '/calico/ipam/v2/', '/calico/felix/v2/', '/calico/bgp/v1/', DOCKER_PREFIX] as const;
/** What only some clusters need, and who needs it there. */
const NEEDED_BY: Readonly<Record<string, string>> = { [DOCKER_PREFIX]: "only nodes with Docker's networks need that" };

const READS = 10;
/** A median above which Calico's own work suffers, in milliseconds (etcd's advice for a member that is well is below 10). */
const SLOW_MS = 50;

/**
 * How fast a read through the leader is, how far back etcd remembers, and what this user may do. Returns the prefixes that may
 * be read; undefined where nothing can be asked, so that this and all that follows is skipped.
 */
export async function* checkRequests(store: Store): AsyncGenerator<Check, readonly string[] | undefined> {
  const latency = await latencyCheck(store).catch((error: unknown) => failed('latency', error));
  yield latency;
  if (latency.state === 'problem') {
    yield* skipped('history');
    return undefined;
  }
  yield await historyCheck(store).catch((error: unknown) => failed('history', error));
  const readable: string[] = [];
  for (const prefix of PREFIXES) {
    const found = await permissionCheck(store, prefix);
    if (found.may.includes('read')) readable.push(prefix);
    yield found.check;
  }
  return readable;
}

async function latencyCheck(store: Store): Promise<Check> {
  const times: number[] = [];
  for (let count = 0; count < READS; count++) {
    const started = performance.now();
    await store.get(PREFIXES[0]);
    times.push(performance.now() - started);
  }
  // The first one connects.
  const [slowest = 0, ...others] = times.slice(1).sort((one, other) => other - one);
  const median = others[Math.floor(others.length / 2)] ?? slowest;
  const message = `${median.toFixed(1)} ms for a read; the slowest of ${times.length - 1} took ${slowest.toFixed(1)} ms`;
  return median > SLOW_MS ? { step: 'latency', state: 'warning', message, remedy: "see whether the members' disks are slow (etcd logs \"slow fdatasync\"), or the network to them" } : fine('latency', message);
}

async function historyCheck(store: Store): Promise<Check> {
  const { oldest, newest } = await reachOf(store);
  return fine('history', oldest === '1' ? `revision ${newest}; nothing was compacted yet` : `revision ${newest}; what was before ${oldest} is compacted`);
}

/** More than any revision that etcd will have: what is compared with it is not written. */
const NEVER = '9223372036854775807';

/**
 * What this user may do below a prefix, and what is to be said of it. etcd looks at all permissions of a transaction before its comparisons
 * (etcd's checkTxnAuth), so that writing can be tried without writing.
 */
async function permissionCheck(store: Store, prefix: string): Promise<{ readonly check: Check; readonly may: readonly ('read' | 'write')[] }> {
  try {
    for await (const _page of store.list(prefix, { keysOnly: true, pageSize: 1 })) break;
  } catch (error) {
    return { check: denied(error, prefix, 'read'), may: [] };
  }
  try {
    const key = `${prefix}calicoctl-datastore-check`;
    await store.commit([{ action: 'put', key, expect: NEVER, value: '' }]);
    return { check: fine('permissions', 'may be read and written', prefix), may: ['read', 'write'] };
  } catch (error) {
    return { check: denied(error, prefix, 'written'), may: ['read'] };
  }
}

function denied(error: unknown, prefix: string, what: 'read' | 'written'): Check {
  if (!(error instanceof DatastoreError) || error.stage !== 'permission') return failed('permissions', error, prefix);
  const grant = `etcdctl role grant-permission ROLE ${what === 'read' ? 'read' : 'readwrite'} ${prefix} --prefix`;
  const neededBy = NEEDED_BY[prefix];
  if (neededBy !== undefined) return fine('permissions', `may not be ${what}; ${neededBy}: ${grant}`, prefix);
  return { step: 'permissions', state: what === 'read' ? 'problem' : 'warning', subject: prefix, message: `may not be ${what}`, remedy: `grant it: ${grant}` };
}
