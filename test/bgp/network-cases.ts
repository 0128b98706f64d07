import { bgpNetworkOf, type BgpNetwork } from '../../src/bgp/network.js';
import type { Entry } from '../../src/datastore/store.js';

type Spec = Readonly<Record<string, unknown>>;

function entry(plural: string, kind: string, name: string, spec: Spec, labels?: Readonly<Record<string, string>>): Entry {
  return {
    key: `/calico/resources/v3/projectcalico.org/${plural}/${name}`,
    value: JSON.stringify({ kind, apiVersion: 'projectcalico.org/v3', metadata: { name, ...(labels && { labels }) }, spec }),
    modRevision: '1',
  };
}

/** A node as it is stored. */
export function node(name: string, bgp: Spec, labels?: Readonly<Record<string, string>>): Entry {
  return entry('nodes', 'Node', name, { bgp }, labels);
}

/** A BGPPeer as it is stored. */
export function bgpPeer(name: string, spec: Spec): Entry {
  return entry('bgppeers', 'BGPPeer', name, spec);
}

/** The network of some stored objects, with a BGPConfiguration if one is given. */
export function network(nodes: readonly Entry[], peers: readonly Entry[] = [], configuration?: Spec): BgpNetwork {
  return bgpNetworkOf({ nodes, peers, configurations: configuration === undefined ? [] : [entry('bgpconfigurations', 'BGPConfiguration', 'default', configuration), entry('bgpconfigurations', 'BGPConfiguration', 'node.a', { asNumber: 1, nodeToNodeMeshEnabled: false })] });
}

/** Nodes a, b, c ... with the addresses 10.0.0.1, 10.0.0.2 ... */
export function plainNodes(count: number): Entry[] {
  return Array.from({ length: count }, (_, index) => node(nameOf(index), { ipv4Address: `10.0.${Math.floor((index + 1) / 256)}.${(index + 1) % 256}/24` }));
}

/** a to z, then n26, n27 ... */
function nameOf(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : `n${index}`;
}
