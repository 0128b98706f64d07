import { setTimeout as sleep } from 'node:timers/promises';
import { CalicoError } from '../base/errors.js';
import { Draft } from '../datastore/draft.js';
import type { Store } from '../datastore/store.js';
import { dockerHandle } from '../ipam/cluster/owners.js';
import { attributeAt, handleOf as handleAt, sequenceAt } from '../ipam/records/block.js';
import { readBlock, readHandle } from '../ipam/records/records-in-draft.js';
import { releaseAddresses, type AddressRequest } from '../ipam/operations/release.js';
import { addressAt, formatIp, parseCidr } from '../net/address.js';
import { dockerEndpointKey } from '../resources/docker-keys.js';
import { isOver, type DriverContext } from './context.js';
import { deleteStored, dockerEndpoints } from './endpoint-objects.js';
import { removeInterfaces } from './interface.js';
import { assignedAt } from './owner.js';

/** What is younger may belong to a container that is just starting: the engine asks again for so long where we were away. */
const GRACE_MS = 120_000;
const LOOKED_AFTER_MS = 60_000;

/** What the engine has on this host. */
interface Known {
  readonly endpoints: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
}

/**
 * Takes away what containers left that went while nobody was here to be told: endpoints that the engine does not know, and addresses that no
 * endpoint has (reference/libnetwork 6). Looks now and then until the signal is aborted. Never throws but for bugs.
 */
export async function keepTidy(context: DriverContext): Promise<void> {
  const { log, signal } = context;
  let told = '';
  while (!signal.aborted) {
    try {
      await tidyUp(context);
      told = '';
    } catch (error) {
      // Who is told to end while it waits for an answer hears that, in no words of ours.
      if (isOver(signal)) return;
      if (!(error instanceof CalicoError)) throw error;
      // Who keeps the networks tells that the engine is away.
      if (error.message !== told) log.debug(`what containers left cannot be looked for: ${error.message}`);
      told = error.message;
    }
    await sleep(LOOKED_AFTER_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Looks once. Throws CalicoError where engine or datastore do not answer. */
export async function tidyUp(context: DriverContext, graceMs = GRACE_MS): Promise<void> {
  const { withStore, node, log, host, sources } = context;
  const oldest = sources.now().getTime() - graceMs;
  await withStore(async (store) => {
    // The datastore first: what comes after it has been read is none of what is looked at.
    const { endpoints, orphans } = await dockerEndpoints(store);
    const stored = endpoints.filter((each) => each.node === node);
    const assigned = await assignedAddresses(store, node);
    const known = await knownTo(context);
    const isGone = ({ id, created }: { readonly id: string; readonly created: number }): boolean => !known.endpoints.has(id) && created < oldest;
    for (const endpoint of stored.filter(isGone)) {
      await removeInterfaces(host, endpoint.id);
      if (await deleteStored(store, endpoint)) log.warning(`endpoint ${endpoint.id} (${endpoint.addresses.join(', ')}) is deleted: the Docker engine does not have it any more`);
    }
    for (const { key, modRevision } of orphans.filter((each) => each.key.startsWith(dockerEndpointKey(node)))) await store.commit([{ action: 'delete', key, expect: modRevision }]);
    const inUse = new Set(stored.filter((each) => !isGone(each)).flatMap(({ addresses }) => addresses));
    const unused = assigned.filter(({ ip, since }) => since < oldest && !inUse.has(formatIp(ip)) && !known.addresses.has(formatIp(ip)));
    for (const { ip, outcome } of await releaseAddresses(store, unused)) if (outcome === 'released') log.warning(`${formatIp(ip)} is released: neither the Docker engine nor an endpoint has it`);
  });
}

async function knownTo({ engine }: DriverContext): Promise<Known> {
  const networks = await Promise.all((await engine.networks()).map(async ({ id }) => engine.network(id)));
  const there = networks.filter((each) => each !== undefined);
  const endpoints = there.flatMap((each) => each.endpoints);
  return { endpoints: new Set(endpoints.map(({ id }) => id)), addresses: new Set([...endpoints.flatMap(({ addresses }) => addresses), ...there.flatMap(({ reserved }) => reserved)]) };
}

/** The addresses that Docker has on this node, and since when. */
async function assignedAddresses(store: Store, node: string): Promise<readonly (AddressRequest & { readonly since: number })[]> {
  const handle = dockerHandle(node);
  const draft = new Draft(store);
  const cidrs = [...((await readHandle(draft, handle)) ?? new Map<string, number>()).keys()].map(parseCidr).filter((each) => each !== undefined);
  const found: (AddressRequest & { readonly since: number })[] = [];
  for (const cidr of cidrs) {
    const block = await readBlock(draft, cidr);
    for (let ordinal = 0; block !== undefined && ordinal < block.allocations.length; ordinal++) {
      const attribute = attributeAt(block, ordinal);
      if (handleAt(attribute) === handle) found.push({ ip: addressAt(cidr, ordinal), handle, sequence: sequenceAt(block, ordinal), since: assignedAt(attribute?.secondary ?? {}) ?? 0 });
    }
  }
  return found;
}
