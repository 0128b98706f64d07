import type { Entry, Store } from '../datastore/store.js';
import { formatIp, parseCidrOrIp, parseIp } from '../ipam/address.js';
import { prefixOf } from '../resources/keys.js';
import type { StoredKind, StoredObject } from '../resources/kind.js';
import { decodeStored, isCorrupt } from '../resources/stored-value.js';
import { bgpConfiguration } from '../resources/v3/bgp-configuration.js';
import { bgpPeer, peerAddress } from '../resources/v3/bgp-peer.js';
import { node, type NodeBgp } from '../resources/v3/node.js';
import type { Family } from './peer-name.js';

/** A node as BGP sees it. */
export interface NetworkNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Its address in each family it speaks. */
  readonly addresses: Readonly<Partial<Record<Family, string>>>;
  /** Its own AS number, or that of all nodes. */
  readonly asNumber: number;
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
  /** Whether nodes that it names get the session back to the nodes it is for. */
  readonly reverse: boolean;
}

/** What the datastore says of BGP, at one revision. */
export interface Network {
  readonly nodes: readonly NetworkNode[];
  readonly peers: readonly NetworkPeer[];
  readonly mesh: boolean;
  readonly asNumber: number;
  /** Entries that cannot be read, with the reason. */
  readonly unreadable: readonly string[];
}

const DEFAULT_AS_NUMBER = 64512;

/** Reads nodes, peers and the configuration at one revision. Throws DatastoreError. */
export async function readNetwork(store: Store): Promise<Network> {
  const { ranges } = await store.snapshot([node, bgpPeer, bgpConfiguration].map((kind) => ({ prefix: prefixOf(kind) })));
  const [nodes = [], peers = [], configurations = []] = ranges;
  return networkOf({ nodes, peers, configurations });
}

/** What stored nodes, peers and configurations say. What cannot be read is named, not guessed. */
export function networkOf(entries: { readonly nodes: readonly Entry[]; readonly peers: readonly Entry[]; readonly configurations: readonly Entry[] }): Network {
  const unreadable: string[] = [];
  const decode = (kind: StoredKind, of: readonly Entry[]): StoredObject[] =>
    of.flatMap((entry) => {
      const object = decodeStored(kind, entry);
      if (!isCorrupt(object)) return [object];
      unreadable.push(`${object.key}: ${object.reason}`);
      return [];
    });
  const settings = decode(bgpConfiguration, entries.configurations).find(({ metadata }) => metadata.name === 'default')?.spec ?? {};
  const asNumber = asNumberOf(settings['asNumber']) ?? DEFAULT_AS_NUMBER;
  return {
    nodes: decode(node, entries.nodes).map((object) => nodeOf(object, asNumber)),
    peers: decode(bgpPeer, entries.peers).map(peerOf),
    mesh: settings['nodeToNodeMeshEnabled'] !== false,
    asNumber,
    unreadable,
  };
}

function nodeOf({ metadata, spec }: StoredObject, globalAsNumber: number): NetworkNode {
  const bgp = (spec['bgp'] ?? {}) as NodeBgp;
  const addresses: Partial<Record<Family, string>> = {};
  for (const text of [bgp.ipv4Address, bgp.ipv6Address]) {
    const cidr = typeof text === 'string' ? parseCidrOrIp(text) : undefined;
    if (cidr !== undefined) addresses[cidr.address.version] = formatIp(cidr.address);
  }
  const clusterId = textOf(bgp.routeReflectorClusterID);
  return {
    name: metadata.name,
    labels: metadata.labels ?? {},
    addresses,
    asNumber: asNumberOf(bgp.asNumber) ?? globalAsNumber,
    ...(clusterId === undefined ? {} : { clusterId }),
  };
}

function peerOf({ metadata, spec }: StoredObject): NetworkPeer {
  const given = Object.fromEntries(['node', 'nodeSelector', 'peerSelector', 'localWorkloadSelector'].flatMap((name) => (textOf(spec[name]) === undefined ? [] : [[name, spec[name] as string]])));
  const remote = remoteOf(textOf(spec['peerIP']), asNumberOf(spec['asNumber']));
  return { name: metadata.name, ...given, ...(remote === undefined ? {} : { remote }), reverse: spec['reversePeering'] !== 'Manual' };
}

function remoteOf(peerIp: string | undefined, asNumber: number | undefined): NetworkPeer['remote'] {
  const ip = peerIp === undefined ? undefined : peerAddress(peerIp);
  if (peerIp === undefined || ip === undefined) return undefined;
  const port = parseIp(peerIp) === undefined ? Number(/\d+$/.exec(peerIp)?.[0]) : undefined;
  return { address: formatIp(ip), family: ip.version, ...(port === undefined ? {} : { port }), ...(asNumber === undefined ? {} : { asNumber }) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** 0 stands for none. */
function asNumberOf(value: unknown): number | undefined {
  return typeof value === 'number' && value !== 0 ? value : undefined;
}
