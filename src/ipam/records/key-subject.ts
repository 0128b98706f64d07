import type { Cidr } from '../../net/address.js';
import { AFFINITY_PREFIXES, BLOCK_PREFIX, CONFIG_KEY, HANDLE_PREFIX, IPAM_PREFIX, affinityKey, blockKey, markedHost, parseAffinityKey, parseBlockKey } from './keys.js';

/** What a key below IPAM_PREFIX stands for, by its form (reference/ipam 1): `nothing` where Calico has no such key. */
export type KeySubject = { readonly handle: string } | { readonly affinityOf: Cidr } | { readonly block: Cidr } | { readonly markerOf: string } | 'configuration' | 'nothing';

/** What a key stands for; undefined for one that lies elsewhere. */
export function subjectOf(key: string): KeySubject | undefined {
  if (!key.startsWith(IPAM_PREFIX)) return undefined;
  if (key === CONFIG_KEY) return 'configuration';
  if (key.startsWith(BLOCK_PREFIX)) {
    const cidr = parseBlockKey(key);
    return cidr !== undefined && blockKey(cidr) === key ? { block: cidr } : 'nothing';
  }
  if (key.startsWith(HANDLE_PREFIX)) {
    const handle = key.slice(HANDLE_PREFIX.length);
    return handle === '' || handle.includes('/') ? 'nothing' : { handle };
  }
  const markerOf = markedHost(key);
  if (markerOf !== undefined) return { markerOf };
  const affinity = AFFINITY_PREFIXES.some((prefix) => key.startsWith(prefix)) ? parseAffinityKey(key) : undefined;
  return affinity !== undefined && affinityKey(affinity.claimant, affinity.cidr) === key ? { affinityOf: affinity.cidr } : 'nothing';
}
