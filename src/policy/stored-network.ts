import type { StoredKind, StoredObject } from '../resources/kind.js';
import { storedKindOfKey } from '../resources/registry.js';
import { decodeStored, isCorrupt, type CorruptEntry, type StoredEntry } from '../resources/stored-value.js';
import { felixConfiguration } from '../resources/v3/felix-configuration.js';
import { globalNetworkPolicy } from '../resources/v3/global-network-policy.js';
import { globalNetworkSet } from '../resources/v3/global-network-set.js';
import { hostEndpoint } from '../resources/v3/host-endpoint.js';
import { networkPolicy } from '../resources/v3/network-policy.js';
import { networkSet } from '../resources/v3/network-set.js';
import { node } from '../resources/v3/node.js';
import { profile } from '../resources/v3/profile.js';
import { stagedGlobalNetworkPolicy } from '../resources/v3/staged-global-network-policy.js';
import { tier } from '../resources/v3/tier.js';
import { workloadEndpoint } from '../resources/v3/workload-endpoint.js';

/** The kinds that `compile` looks at: what policies are, and what they rest on. */
export const POLICY_KINDS: readonly StoredKind[] = [tier, globalNetworkPolicy, networkPolicy, stagedGlobalNetworkPolicy, profile, workloadEndpoint, hostEndpoint, globalNetworkSet, networkSet, node, felixConfiguration];

/** The resources of a store of some kinds, otherwise those that `compile` looks at, and the entries that hold none though their keys say so. */
export function readNetwork(entries: Iterable<StoredEntry>, kinds: readonly StoredKind[] = POLICY_KINDS): { readonly resources: readonly StoredObject[]; readonly corrupt: readonly CorruptEntry[] } {
  const resources: StoredObject[] = [];
  const corrupt: CorruptEntry[] = [];
  for (const entry of entries) {
    const kind = storedKindOfKey(entry.key);
    if (kind === undefined || !kinds.includes(kind)) continue;
    const object = decodeStored(kind, entry);
    if (isCorrupt(object)) corrupt.push(object);
    else resources.push(object);
  }
  return { resources, corrupt };
}
