import { CalicoError } from '../../base/errors.js';
import { retry } from '../../base/back-off.js';
import { CHANGING } from '../../datastore/draft.js';
import type { Operation, Store } from '../../datastore/store.js';
import { listed } from '../../text/listed.js';
import { dockerEndpoints, networkIn, type StoredEndpoint } from '../endpoint-objects.js';
import { readKeptNow } from './record.js';

/** How many of those in the way are named. */
const NAMED = 3;

/**
 * Removes the network that an engine is about to remove from all hosts, which take it away when they see that. Where containers of other
 * hosts are in it, it stays, and comes back here. Throws CalicoError that says which.
 */
export async function removeEverywhere(store: Store, node: string, id: string): Promise<void> {
  const done = await retry(CHANGING, async () => {
    const kept = await readKeptNow(store, node);
    const own = [...kept.own.values()].find((each) => each.id === id);
    // It is none of those that all hosts have.
    if (own === undefined) return true;
    const shared = kept.shared.get(own.name);
    const left = shared === undefined ? [] : (await dockerEndpoints(store)).endpoints.filter((each) => each.node !== node && each.membership !== undefined && networkIn(each.membership) === own.name);
    const operations: Operation[] = [{ action: 'delete', key: own.entry.key, expect: own.entry.modRevision }];
    if (shared !== undefined && left.length === 0) operations.push({ action: 'delete', key: shared.entry.key, expect: shared.entry.modRevision });
    if (!(await store.commit(operations)).done) return undefined;
    if (left.length > 0) throw new CalicoError('precondition', `network ${own.name} stays, and comes back to this host: ${inTheWay(left)}`, { subject: own.name });
    return true;
  });
  if (done === undefined) throw new CalicoError('changed', 'the networks of Docker are changed by others again and again');
}

function inTheWay(left: readonly StoredEndpoint[]): string {
  const named = left.slice(0, NAMED).map(({ node, addresses, id }) => `${addresses.join(' and ')} on ${node} (endpoint ${id.slice(0, 12)})`);
  const more = left.length - named.length;
  return `${left.length === 1 ? 'a container is' : `${left.length} containers are`} left in it: ${listed([...named, ...(more > 0 ? [`${more} more`] : [])])}`;
}
