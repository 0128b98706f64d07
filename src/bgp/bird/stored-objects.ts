import { affinityPrefix, parseAffinityKey } from '../../ipam/records/keys.js';
import { decodeAffinity } from '../../ipam/records/records.js';
import type { Entry, Range } from '../../datastore/store.js';
import { prefixOf } from '../../resources/keys.js';
import type { StoredKind, StoredObject } from '../../resources/kind.js';
import { decodeStored, isCorrupt } from '../../resources/stored-value.js';
import { bgpConfiguration } from '../../resources/v3/bgp-configuration.js';
import { bgpFilter } from '../../resources/v3/bgp-filter.js';
import { bgpPeer } from '../../resources/v3/bgp-peer.js';
import { ipPool } from '../../resources/v3/ip-pool.js';
import { node } from '../../resources/v3/node.js';
import type { LocalWorkload } from '../network.js';
import type { BirdObjects } from './facts.js';

/** All that is read of the store for the BIRD of a node (reference/bird 1.1). */
export function birdRanges(name: string): readonly Range[] {
  return [...[node, bgpPeer, bgpConfiguration, bgpFilter, ipPool].map((kind) => ({ prefix: prefixOf(kind) })), { prefix: affinityPrefix({ type: 'host', name }) }];
}

/** What entries of those ranges say for a node. What cannot be read is left out and said. */
export function birdObjects(name: string, entries: readonly Entry[], workloads: readonly LocalWorkload[], remark: (text: string) => void): BirdObjects {
  const decode = <Spec extends StoredObject['spec']>(kind: StoredKind<Spec>): StoredObject<Spec>[] =>
    entries.filter(({ key }) => key.startsWith(prefixOf(kind))).flatMap((entry) => {
      const object = decodeStored(kind, entry);
      if (!isCorrupt(object)) return [object];
      remark(`${object.key} cannot be read and is left out: ${object.reason}`);
      return [];
    });
  return { nodes: decode(node), peers: decode(bgpPeer), configurations: decode(bgpConfiguration), filters: decode(bgpFilter), pools: decode(ipPool), affinities: affinitiesIn(name, entries, remark), workloads };
}

function affinitiesIn(name: string, entries: readonly Entry[], remark: (text: string) => void): BirdObjects['affinities'] {
  return entries.flatMap(({ key, value }) => {
    const parsed = parseAffinityKey(key);
    if (parsed?.claimant.type !== 'host' || parsed.claimant.name !== name) return [];
    const decoded = decodeAffinity(value);
    if ('state' in decoded) return [{ cidr: parsed.cidr, state: decoded.state }];
    remark(`${key} cannot be read and is left out: ${decoded.problem}`);
    return [];
  });
}
