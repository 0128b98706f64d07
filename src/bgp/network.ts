import type { Entry, Store } from '../datastore/store.js';
import { formatIp, parseCidrOrIp, parseIp } from '../net/address.js';
import type { AsStored } from '../resources/fields/field.js';
import { prefixOf } from '../resources/keys.js';
import type { StoredKind, StoredObject } from '../resources/kind.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { bgpConfiguration, type BgpConfigurationSpec } from '../resources/v3/bgp-configuration.js';
import { bgpPeer, peerAddress, type BgpPeerSpec } from '../resources/v3/bgp-peer.js';
import { bgpOf, node, type NodeSpec } from '../resources/v3/node.js';
import type { Family } from './peer-name.js';
import { positive, storedAsNumber, textOf } from './stored.js';

/** A node as BGP sees it. */
export interface NetworkNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Its address in each family it speaks. */
  readonly addresses: Readonly<Partial<Record<Family, string>>>;
  /** Its own AS number, or that of all nodes. */
  readonly asNumber: number;
  /** The AS number that its Node gives, where it gives one. */
  readonly ownAsNumber?: number;
  /** The port its BIRD listens on by a BGPConfiguration of its own. */
  readonly listenPort?: number;
  /** Set for a route reflector. */
  readonly clusterId?: string;
}

/** A BGPPeer: on the nodes it is for, sessions with what it names. */
export interface NetworkPeer {
  readonly name: string;
  /** The nodes it is for; all of them where neither is given. */
  readonly node?: string;
  readonly nodeSelector?: string;
  /** Exactly one of the three says whom they peer with. */
  readonly remote?: { readonly address: string; readonly family: Family; readonly port?: number; readonly asNumber?: number };
  readonly peerSelector?: string;
  readonly localWorkloadSelector?: string;
  /** The AS number that it gives its peers. */
  readonly asNumber?: number;
  /** Whether nodes that it names get the session back to the nodes it is for. */
  readonly reverse: boolean;
}

/** A workload of the node itself that a BGPPeer with a localWorkloadSelector means; the store knows nothing of it (reference/bird 3.3). */
export interface LocalWorkload {
  /** The name of the BGPPeer. */
  readonly bgpPeer: string;
  readonly addresses: Readonly<Partial<Record<Family, string>>>;
}

/** What the datastore says of BGP, at one revision. */
export interface BgpNetwork {
  readonly nodes: readonly NetworkNode[];
  readonly peers: readonly NetworkPeer[];
  readonly mesh: boolean;
  readonly asNumber: number;
  /** The port every BIRD listens on that has none of its own; 179 where none is said. */
  readonly listenPort?: number;
  /** Who asks only for what the datastore says has none. */
  readonly localWorkloads?: readonly LocalWorkload[];
  /** Entries that cannot be read, with the reason. */
  readonly unreadable: readonly string[];
}

const DEFAULT_AS_NUMBER = 64512;

/** Reads nodes, peers and the configuration at one revision. Throws DatastoreError. */
export async function readNetwork(store: Store): Promise<BgpNetwork> {
  const { ranges } = await store.snapshot([node, bgpPeer, bgpConfiguration].map((kind) => ({ prefix: prefixOf(kind) })));
  const [nodes = [], peers = [], configurations = []] = ranges;
  return bgpNetworkOf({ nodes, peers, configurations });
}

/** What stored nodes, peers and configurations say. What cannot be read is named, not guessed. */
export function bgpNetworkOf(entries: { readonly nodes: readonly Entry[]; readonly peers: readonly Entry[]; readonly configurations: readonly Entry[] }): BgpNetwork {
  const unreadable: string[] = [];
  const decode = <Spec extends StoredObject['spec']>(kind: StoredKind<Spec>, of: readonly Entry[]): StoredObject<Spec>[] =>
    of.flatMap((entry) => {
      const object = decodeStored(kind, entry);
      if (!isCorrupt(object)) return [object];
      unreadable.push(`${object.key}: ${object.reason}`);
      return [];
    });
  return { ...bgpNetworkFrom({ nodes: decode(node, entries.nodes), peers: decode(bgpPeer, entries.peers), configurations: decode(bgpConfiguration, entries.configurations) }), unreadable };
}

/** What nodes, peers and configurations say. */
export function bgpNetworkFrom(objects: { readonly nodes: readonly StoredObject<NodeSpec>[]; readonly peers: readonly StoredObject<BgpPeerSpec>[]; readonly configurations: readonly StoredObject<BgpConfigurationSpec>[] }): BgpNetwork {
  const configurations = new Map(objects.configurations.map(({ metadata, spec }) => [metadata.name, spec]));
  const settings: AsStored<BgpConfigurationSpec> = configurations.get('default') ?? {};
  const asNumber = storedAsNumber(settings.asNumber) ?? DEFAULT_AS_NUMBER;
  const listenPort = positive(settings.listenPort);
  return {
    nodes: objects.nodes.map((object) => nodeOf(object, asNumber, configurations.get(`node.${object.metadata.name}`))),
    peers: objects.peers.map(peerOf),
    mesh: settings.nodeToNodeMeshEnabled !== false,
    asNumber,
    ...(listenPort === undefined ? {} : { listenPort }),
    unreadable: [],
  };
}

/** Of a BGPConfiguration of one node only the port concerns its peers: the mesh and the AS number are those of all (reference/node 11). */
function nodeOf(object: StoredObject<NodeSpec>, globalAsNumber: number, settings: AsStored<BgpConfigurationSpec> = {}): NetworkNode {
  const { metadata } = object;
  const bgp = bgpOf(object) ?? {};
  const addresses: Partial<Record<Family, string>> = {};
  for (const text of [bgp.ipv4Address, bgp.ipv6Address]) {
    const cidr = typeof text === 'string' ? parseCidrOrIp(text) : undefined;
    if (cidr !== undefined) addresses[cidr.address.version] = formatIp(cidr.address);
  }
  const clusterId = textOf(bgp.routeReflectorClusterID);
  const ownAsNumber = storedAsNumber(bgp.asNumber);
  const listenPort = positive(settings.listenPort);
  return {
    name: metadata.name,
    labels: metadata.labels ?? {},
    addresses,
    asNumber: ownAsNumber ?? globalAsNumber,
    ...(ownAsNumber === undefined ? {} : { ownAsNumber }),
    ...(listenPort === undefined ? {} : { listenPort }),
    ...(clusterId === undefined ? {} : { clusterId }),
  };
}

function peerOf({ metadata, spec }: StoredObject<BgpPeerSpec>): NetworkPeer {
  const given = Object.fromEntries((['node', 'nodeSelector', 'peerSelector', 'localWorkloadSelector'] as const).flatMap((name) => (textOf(spec[name]) === undefined ? [] : [[name, spec[name] as string]])));
  const asNumber = storedAsNumber(spec.asNumber);
  const remote = remoteOf(textOf(spec.peerIP), asNumber);
  return { name: metadata.name, ...given, ...(asNumber === undefined ? {} : { asNumber }), ...(remote === undefined ? {} : { remote }), reverse: spec.reversePeering !== 'Manual' };
}

function remoteOf(peerIp: string | undefined, asNumber: number | undefined): NetworkPeer['remote'] {
  const ip = peerIp === undefined ? undefined : peerAddress(peerIp);
  if (peerIp === undefined || ip === undefined) return undefined;
  const port = parseIp(peerIp) === undefined ? Number(/\d+$/.exec(peerIp)?.[0]) : undefined;
  return { address: formatIp(ip), family: ip.version, ...(port === undefined ? {} : { port }), ...(asNumber === undefined ? {} : { asNumber }) };
}
