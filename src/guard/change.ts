import type { Writing } from '../changes/guard.js';
import { WriteStep, writes, type Step } from '../changes/step.js';
import { writtenEntries } from '../changes/written-entries.js';
import type { Entry, Store } from '../datastore/store.js';
import { readNetwork } from '../policy/stored-network.js';
import { prefixOf } from '../resources/keys.js';
import type { StoredKind, StoredObject } from '../resources/kind.js';
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
  const stored = await read(store, [hostEndpoint], revision);
  const written = writtenObjects(steps, [hostEndpoint]);
  if (stored.entries.every(({ key }) => written.has(key)) && [...written.values()].every((object) => object === undefined)) return undefined;
  const others = await read(store, READ.filter((kind) => kind !== hostEndpoint), stored.revision);
  return policiesOfHosts(laidOver([...stored.entries, ...others.entries], steps, READ));
}

/** The resources of some kinds before and after a write, the same objects where it leaves them alone. Throws DatastoreError. */
export async function changeOf(store: Store, { steps, revision }: Writing, kinds: readonly StoredKind[]): Promise<NetworkChange> {
  return laidOver((await read(store, kinds, revision)).entries, steps, kinds);
}

async function read(store: Store, kinds: readonly StoredKind[], revision: string | undefined): Promise<{ readonly entries: readonly Entry[]; readonly revision: string }> {
  const found = await store.snapshot(kinds.map((kind) => ({ prefix: prefixOf(kind) })), revision === undefined ? {} : { revision });
  return { entries: found.ranges.flat(), revision: found.revision };
}

function laidOver(entries: readonly Entry[], steps: readonly Step[], kinds: readonly StoredKind[]): NetworkChange {
  const written = writtenObjects(steps, kinds);
  const objectsIn = (some: readonly Entry[]): readonly StoredObject[] => readNetwork(some, kinds).resources;
  const same = objectsIn(entries.filter(({ key }) => !written.has(key)));
  const before = [...same, ...objectsIn(entries.filter(({ key }) => written.has(key)))];
  return { before, after: [...same, ...[...written.values()].filter((object) => object !== undefined)] };
}

/** What steps write of some kinds, by key; undefined for what they delete. The steps of manifests have the objects themselves: there may be thousands. */
function writtenObjects(all: readonly Step[], kinds: readonly StoredKind[]): ReadonlyMap<string, StoredObject | undefined> {
  const written = new Map<string, StoredObject | undefined>();
  for (const step of all.filter((each) => writes(each) && kinds.includes(each.target.stored))) {
    if (step instanceof WriteStep) {
      if (step.replaces !== undefined) written.set(step.replaces.key, undefined);
      written.set(step.key, step.objects.object);
    } else {
      for (const [key, entry] of writtenEntries([step])) written.set(key, entry && readNetwork([entry], kinds).resources[0]);
    }
  }
  return written;
}
