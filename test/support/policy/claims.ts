import type { Where } from '../../../src/insight/changed-rows.js';
import type { EndGroup } from '../../../src/insight/ends.js';
import type { PacketGroup, ToldPackets } from '../../../src/insight/packet-groups.js';
import { compareIp, containsIp, parseCidrOrIp, parseIp, type Ip } from '../../../src/net/address.js';
import type { Flow } from '../../../src/policy/flow.js';
import type { Address } from '../../../src/policy/packet.js';
import { protocolNumber } from '../../../src/policy/protocol-number.js';
import { HOSTS } from './random-network.js';
import type { Random } from './random.js';
import { ADDRESSES, PORTS } from './random-rule.js';

/** What a row says: from everybody of a group to everybody of another, with some packets. */
export interface Claim {
  readonly from: EndGroup;
  readonly to: EndGroup;
  readonly versions: readonly (4 | 6)[];
  readonly where: Where | undefined;
  readonly exceptOwnHost?: boolean;
  readonly packets: ToldPackets;
}

/** Whether a row speaks of a packet between two addresses: read as docs/policy.md says that it is to be read. */
export function claims({ from, to, versions, where, exceptOwnHost, packets }: Claim, source: Address, destination: Address, flow: Flow): boolean {
  const isWithinHost = source.place !== undefined && source.place.node === destination.place?.node;
  const isOwn = isWithinHost && [source, destination].some(({ place }) => place?.gate.kind === 'self');
  return versions.includes(source.ip.version) && isAmong(from, source) && isAmong(to, destination) && isTold(packets, flow)
    && (where === undefined || (where === 'one host') === isWithinHost) && !(exceptOwnHost === true && isOwn);
}

/** Whether an address is of one of a group. */
export function isAmong({ endpoints, hosts, sets, others, networks, exceptNetworks, parts }: EndGroup, { objects, place, ip }: Address): boolean {
  const isMeant = (key: string): boolean => parts.get(key)?.some((text) => isIn(text, ip)) ?? true;
  const isObject = ({ id }: { readonly id: string }): boolean => objects.some((each) => each.id === id) && isMeant(id);
  if (place?.gate.kind === 'workload') return endpoints.some(isObject);
  if (place !== undefined) return hosts.includes(place.node) && isMeant(`host/${place.node}`);
  if (objects.some(({ kind }) => kind === 'set')) return sets.some(isObject);
  const around = [...networks, ...exceptNetworks].filter((text) => isIn(text, ip)).sort((left, right) => parseCidrOrIp(right)!.length - parseCidrOrIp(left)!.length);
  return others && (around.length === 0 ? networks.length === 0 : networks.includes(around[0]!));
}

/** An address, a network, or `first-last`. */
function isIn(text: string, ip: Ip): boolean {
  const [first, last] = text.split('-');
  return last === undefined ? containsIp(parseCidrOrIp(first!)!, ip) : compareIp(parseIp(first!)!, ip) <= 0 && compareIp(ip, parseIp(last)!) <= 0;
}

function isTold({ allBut, groups }: ToldPackets, flow: Flow): boolean {
  return groups.some((group) => isOf(group, flow)) !== allBut;
}

const NAMED = ['icmp', 'tcp', 'udp', 'icmpv6', 'sctp', 'udplite'].map((name) => protocolNumber(name)!);

function isOf({ protocols, sourcePorts, ports, types, codes }: PacketGroup, { protocol, sport, dport, type, code }: Flow): boolean {
  const number = protocolNumber(protocol)!;
  const isProtocol = protocols.some((each) => protocolNumber(each) === number || (String(each).includes(':') && isWithin([String(each)], number) && !NAMED.includes(number)));
  return isProtocol && isWithin(sourcePorts, sport) && isWithin(ports, dport) && isWithin(types, type) && isWithin(codes, code);
}

/** Whether a number is in ranges such as `8000:8100`; in a missing list anything is. */
function isWithin(ranges: readonly string[] | undefined, value = -1): boolean {
  return ranges?.map((range) => range.split(':').map(Number)).some(([low, high = low]) => value >= low! && value <= high!) ?? true;
}

/** Two different addresses of one IP version, as a random network has them. */
export function randomEnds(random: Random): Pick<Flow, 'src' | 'dst'> {
  const addresses = random.one(ADDRESSES);
  const src = random.one(addresses);
  return { src, dst: random.one(addresses.filter((each) => each !== src)) };
}

/** What two addresses send each other, besides these. */
export function randomPacket(random: Random, { src }: Pick<Flow, 'src'>): Omit<Flow, 'src' | 'dst'> {
  const isSix = src.includes(':');
  const protocol = random.one(['tcp', 'tcp', 'udp', 'sctp', isSix ? 'icmpv6' : 'icmp', 4, 50]);
  if (typeof protocol === 'number') return { protocol };
  return protocol.startsWith('icmp') ? { protocol, type: random.one([0, 3, 8, 128, 135]), code: random.below(3) } : { protocol, sport: random.one([40_000, ...PORTS]), dport: random.one(PORTS) };
}

/** Every choice of interfaces on the way between two addresses of a random network. */
export function waysBetween(source: Address, destination: Address): readonly Pick<Flow, 'via' | 'from' | 'to'>[] {
  const names = (node: string): readonly string[] => Object.keys(HOSTS[node]!.interfaces);
  const nodes = [...new Set([source, destination].flatMap(({ place }) => place?.node ?? []))];
  if (nodes.length === 0) return Object.keys(HOSTS).flatMap((node) => names(node).flatMap((entered) => names(node).map((left) => ({ from: { node, interface: entered }, to: { node, interface: left } }))));
  return nodes.reduce<readonly Record<string, string>[]>((all, node) => names(node).flatMap((name) => all.map((each) => ({ ...each, [node]: name }))), [{}]).map((via) => ({ via }));
}
