import type { Writing } from '../changes/guard.js';
import { WriteStep, writes, type Step } from '../changes/step.js';
import type { Store } from '../datastore/store.js';
import { prefixOf } from '../resources/keys.js';
import type { StoredKind, StoredObject } from '../resources/kind.js';
import { storedKindOfKey } from '../resources/registry.js';
import { decodeStored, isCorrupt, type StoredEntry } from '../resources/stored-value.js';
import { bgpConfiguration } from '../resources/v3/bgp-configuration.js';
import { bgpPeer } from '../resources/v3/bgp-peer.js';
import { felixConfiguration } from '../resources/v3/felix-configuration.js';
import { globalNetworkPolicy } from '../resources/v3/global-network-policy.js';
import { globalNetworkSet } from '../resources/v3/global-network-set.js';
import { hostEndpoint } from '../resources/v3/host-endpoint.js';
import { networkSet } from '../resources/v3/network-set.js';
import { node } from '../resources/v3/node.js';
import { profile } from '../resources/v3/profile.js';
import { tier } from '../resources/v3/tier.js';
import { policiesOfHosts } from './policies-of-hosts.js';

/** Kinds of which a change may open or close a way of hosts: policies of namespaces are about workloads alone. */
const DECIDING: readonly StoredKind[] = [tier, globalNetworkPolicy, profile, hostEndpoint, globalNetworkSet, networkSet, felixConfiguration, node];

/** What is read to see it: what decides, and who has BGP sessions with whom. */
const READ: readonly StoredKind[] = [...DECIDING, bgpPeer, bgpConfiguration];

/** The resources that decide about hosts, as they are and as they would be. What the write leaves alone is the same object in both. */
export interface NetworkChange {
  readonly before: readonly StoredObject[];
  readonly after: readonly StoredObject[];
}

/** Whether a write may open or close a way of hosts. */
export function mayClose({ steps }: Writing): boolean {
  return steps.some((step) => writes(step) && DECIDING.includes(step.target.stored));
}

/**
 * Reads the network as it was when a write was decided, and lays the write over it; what cannot be read decides nothing. Undefined where no
 * host is protected by a host endpoint then, so that policies decide nothing about hosts. Throws DatastoreError.
 */
export async function networkChange(store: Store, { steps, revision }: Writing): Promise<NetworkChange | undefined> {
  const options = revision === undefined ? {} : { revision };
  const [stored, written] = [await store.snapshot([{ prefix: prefixOf(hostEndpoint) }], options), writtenObjects(steps, [hostEndpoint])];
  const stays = stored.ranges.flat().some(({ key }) => !written.has(key));
  if (!stays && [...written.values()].every((object) => object === undefined)) return undefined;
  return policiesOfHosts(await changeOf(store, { steps, revision: stored.revision }, READ));
}

/** The resources of some kinds before and after a write, the same objects where it leaves them alone. Throws DatastoreError. */
export async function changeOf(store: Store, { steps, revision }: Writing, kinds: readonly StoredKind[]): Promise<NetworkChange> {
  const { ranges } = await store.snapshot(kinds.map((each) => ({ prefix: prefixOf(each) })), revision === undefined ? {} : { revision });
  const written = writtenObjects(steps, kinds);
  const entries = ranges.flat();
  const same = objectsIn(entries.filter(({ key }) => !written.has(key)));
  const before = [...same, ...objectsIn(entries.filter(({ key }) => written.has(key)))];
  return { before, after: [...same, ...[...written.values()].filter((object) => object !== undefined)] };
}

/** What steps write of some kinds, by key; undefined for what they delete. */
function writtenObjects(all: readonly Step[], kinds: readonly StoredKind[]): ReadonlyMap<string, StoredObject | undefined> {
  const written = new Map<string, StoredObject | undefined>();
  const steps = all.filter((step) => writes(step) && kinds.includes(step.target.stored));
  for (const step of steps) {
    if (step instanceof WriteStep) {
      const { replaces } = step;
      if (replaces !== undefined) written.set(replaces.key, undefined);
      written.set(step.key, step.objects.object);
      continue;
    }
    for (const operation of step.operations) {
      if (operation.action === 'put') written.set(operation.key, objectsIn([operation])[0]);
      if (operation.action === 'delete') written.set(operation.key, undefined);
    }
  }
  return written;
}

function objectsIn(entries: readonly Omit<StoredEntry, 'modRevision'>[]): readonly StoredObject[] {
  return entries.flatMap((entry) => {
    const kind = storedKindOfKey(entry.key);
    const object = kind === undefined ? undefined : decodeStored(kind, { modRevision: '0', ...entry });
    return object === undefined || isCorrupt(object) ? [] : [object];
  });
}
