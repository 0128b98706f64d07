import type { Writing } from '../changes/guard.js';
import { writes } from '../changes/step.js';
import { writtenEntries } from '../changes/written-entries.js';
import type { Entry, Store } from '../datastore/store.js';
import { prefixOf } from '../resources/keys.js';
import type { StoredKind } from '../resources/kind.js';
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

/** Kinds of which a change may open or close a way of hosts: policies of namespaces are about workloads alone. */
const DECIDING: readonly StoredKind[] = [tier, globalNetworkPolicy, profile, hostEndpoint, globalNetworkSet, networkSet, felixConfiguration, node];

/** What is read to see it: what decides, and who has BGP sessions with whom. */
const READ: readonly StoredKind[] = [...DECIDING, bgpPeer, bgpConfiguration];

/** The entries of some kinds, by key, as they are and as they would be. */
export interface NetworkChange {
  readonly before: readonly Entry[];
  readonly after: readonly Entry[];
}

/** Whether a write may open or close a way of hosts. */
export function mayClose({ steps }: Writing): boolean {
  return steps.some((step) => writes(step) && DECIDING.includes(step.target.stored));
}

/**
 * Reads the network as it was when a write was decided, and lays the write over it. Undefined where no host is protected by a host
 * endpoint then, so that policies decide nothing about hosts. Throws DatastoreError.
 */
export async function networkChange(store: Store, { steps, revision }: Writing): Promise<NetworkChange | undefined> {
  const prefix = prefixOf(hostEndpoint);
  const first = await store.snapshot([{ prefix }], revision === undefined ? {} : { revision });
  const endpoints = first.ranges.flat();
  const written = writtenEntries(steps.filter(({ target }) => READ.includes(target.stored)));
  const after = (entries: readonly Entry[]): readonly Entry[] => [...entries.filter(({ key }) => !written.has(key)), ...[...written.values()].filter((entry) => entry !== undefined)];
  if (!after(endpoints).some(({ key }) => key.startsWith(prefix))) return undefined;
  const others = await store.snapshot(READ.filter((kind) => kind !== hostEndpoint).map((each) => ({ prefix: prefixOf(each) })), { revision: first.revision });
  const before = [...endpoints, ...others.ranges.flat()];
  return { before, after: after(before) };
}
