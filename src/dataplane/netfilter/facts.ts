import { isMap } from '../../base/data.js';
import { formatIp, network, parseCidrOrIp } from '../../net/address.js';
import { texts } from '../../policy/known-objects.js';
import type { StoredObject } from '../../resources/kind.js';
import type { Family } from '../desired.js';
import type { Link, ObjectsByKind } from '../input.js';
import { familyOf, overlayOf, tunnelAddress, type Overlay } from './overlay.js';
import { Members, membersOfNet } from './sets/members.js';
import type { Terms } from './terms.js';

/** A set that does not come of rules. */
export interface PlainSet {
  readonly id: string;
  readonly type: 'hash:net' | 'hash:ip';
  readonly nets: readonly string[];
  /** The families in which it is there. */
  readonly families: readonly Family[];
}

/** What the chains and sets of a host rest on beside endpoints and policies. */
export interface Facts {
  readonly overlay: Overlay;
  /** Networks of services. */
  readonly serviceNets: readonly string[];
  readonly natOutgoing: Readonly<Record<Family, boolean>>;
  /** Devices of tunnels whose own address is known. */
  readonly tunnels: Readonly<Record<Family, readonly string[]>>;
  readonly sets: readonly PlainSet[];
}

const BOTH: readonly Family[] = [4, 6];

/** Reads them from a store and a host. */
export function factsOf({ settings }: Terms, objects: ObjectsByKind, links: readonly Link[]): Facts {
  const of = (kind: string): readonly StoredObject[] => objects.get(kind) ?? [];
  const pools = of('IPPool').filter(isForWorkloads);
  const overlay = overlayOf(settings, of('IPPool'));
  const own = of('Node').find(({ metadata: { name } }) => name === settings.node);
  const masqueraded = pools.filter(({ spec }) => spec['natOutgoing'] === true);
  const tunnel = (device: string, address: string | undefined, isUsed: boolean): readonly string[] => (isUsed && address !== undefined ? [device] : []);
  return {
    overlay,
    serviceNets: serviceNets(of('BGPConfiguration')),
    natOutgoing: { 4: masqueraded.some(({ spec }) => familyOf(spec['cidr']) === 4), 6: masqueraded.some(({ spec }) => familyOf(spec['cidr']) === 6) },
    tunnels: {
      4: [...tunnel('tunl0', tunnelAddress(own, 'ipip', 4), overlay.ipip), ...tunnel('vxlan.calico', tunnelAddress(own, 'vxlan', 4), overlay.vxlan[4])],
      6: tunnel('vxlan-v6.calico', tunnelAddress(own, 'vxlan', 6), overlay.vxlan[6]),
    },
    sets: [
      { id: 'network-ip-pools', type: 'hash:net', nets: cidrsOf(pools), families: BOTH },
      { id: 'masq-ipam-pools', type: 'hash:net', nets: cidrsOf(masqueraded), families: BOTH },
      { id: 'this-host', type: 'hash:ip', nets: hostAddresses(settings, links), families: BOTH },
      ...nodeSets(settings, overlay, of('Node')),
    ],
  };
}

/** A pool for load balancers alone is none of the addresses of workloads. */
function isForWorkloads({ spec: { allowedUses } }: StoredObject): boolean {
  const uses = texts(allowedUses);
  return uses.length === 0 || uses.some((use) => use !== 'LoadBalancer');
}

function cidrsOf(pools: readonly StoredObject[]): readonly string[] {
  return pools.flatMap(({ spec: { cidr } }) => (typeof cidr === 'string' ? [cidr] : []));
}

function serviceNets(configurations: readonly StoredObject[]): readonly string[] {
  const spec = configurations.find(({ metadata: { name } }) => name === 'default')?.spec ?? {};
  const lists = ['serviceClusterIPs', 'serviceExternalIPs', 'serviceLoadBalancerIPs'].map((name) => spec[name]);
  return [...new Set(lists.flatMap((list) => (Array.isArray(list) ? list.filter(isMap) : [])).flatMap(({ cidr }) => (typeof cidr === 'string' && cidr !== '' ? [cidr] : [])))];
}

/** Every address of the host but those that are for workloads. What lo has the kernel keeps as a network too, and Felix takes its address for one of the host's. */
function hostAddresses({ interfaceExclude, interfacePrefix }: Terms['settings'], links: readonly Link[]): readonly string[] {
  const own = links.filter(({ name }) => !interfacePrefix.some((prefix) => name.startsWith(prefix)) && !interfaceExclude.some((pattern) => pattern.test(name)));
  return own.flatMap(({ name, addresses }) => addresses.flatMap((text) => {
    const cidr = parseCidrOrIp(text);
    if (cidr === undefined) return [];
    const isLoopback = name === 'lo' && cidr.address.version === 4 && cidr.length < 32;
    return [formatIp(cidr.address), ...(isLoopback ? [formatIp(network(cidr).address)] : [])];
  }));
}

/** The hosts of a cluster that may send tunnelled packets, and that are not translated to. */
function nodeSets(settings: Terms['settings'], overlay: Overlay, nodes: readonly StoredObject[]): readonly PlainSet[] {
  const { natOutgoingExclusions, externalNodesList } = settings;
  const sets: PlainSet[] = [];
  const excludesHosts = natOutgoingExclusions === 'IPPoolsAndHostIPs';
  if (overlay.ipip || excludesHosts) sets.push({ id: 'all-hosts-net', type: 'hash:net', nets: [...nodes.flatMap((node) => nodeAddresses(node)), ...externalNodesList], families: excludesHosts ? BOTH : [4] });
  const vxlan = BOTH.filter((family) => overlay.vxlan[family]);
  const others = nodes.filter(({ metadata: { name } }) => name !== settings.node);
  const ends = vxlan.flatMap((family) => others.filter((node) => tunnelAddress(node, 'vxlan', family) !== undefined).flatMap((node) => nodeAddresses(node).filter((address) => familyOf(address) === family)));
  if (vxlan.length > 0) sets.push({ id: 'all-vxlan-net', type: 'hash:net', nets: [...ends, ...externalNodesList], families: vxlan });
  return sets;
}

function nodeAddresses({ spec: { bgp } }: StoredObject): readonly string[] {
  if (!isMap(bgp)) return [];
  return [bgp['ipv4Address'], bgp['ipv6Address']].flatMap((text) => {
    const address = typeof text === 'string' ? parseCidrOrIp(text)?.address : undefined;
    return address === undefined ? [] : [formatIp(address)];
  });
}

/** The members that a list of networks comes to in one family. */
export function membersIn(nets: readonly string[], family: Family): ReadonlySet<string> {
  const members = new Members();
  for (const cidr of nets.flatMap((net) => parseCidrOrIp(net) ?? [])) if (cidr.address.version === family) for (const member of membersOfNet(cidr)) members.add(member);
  return members.texts;
}
