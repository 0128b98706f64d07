import type { Store } from '../datastore/store.js';
import type { Owner } from './block.js';
import { ENDPOINT_PREFIX } from './cluster.js';
import { endpointIdentity, networkOf, releasesBy, type EndpointIdentity } from './owners.js';
import { ownerOf } from './unallocated.js';
import { givenUses } from './use-table.js';
import type { Use } from './uses.js';

/** Who is to have an address, as the command line says it. */
export interface Claim {
  readonly node: string;
  readonly handle: string | undefined;
}

/**
 * For whom to assign an address that is in use already, where the node is its user's and the handle the one by which
 * its user's plugin releases: with the attributes that the plugin writes. Undefined where the claim is of somebody else.
 * @param users who uses the address now
 */
export async function rightfulOwner(store: Store, users: readonly Use[], { node, handle }: Claim, now: Date): Promise<Owner | undefined> {
  for (const use of givenUses(users)) {
    if (use.node !== node) continue;
    const endpoint = use.kind === 'workload' ? await readIdentity(store, use.name) : undefined;
    if (!releasesBy(handle, use, endpoint)) continue;
    return ownerOf({ use, ...(endpoint === undefined ? {} : { endpoint }) }, { of: () => networkOf(handle, endpoint!) }, now);
  }
  return undefined;
}

async function readIdentity(store: Store, name: string): Promise<EndpointIdentity | undefined> {
  const entry = await store.get(ENDPOINT_PREFIX + name);
  return entry === undefined ? undefined : endpointIdentity(entry.key, entry.value);
}
