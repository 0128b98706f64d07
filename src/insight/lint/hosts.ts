import { groupedBy } from '../../base/grouped-by.js';
import { isMap } from '../../base/data.js';
import { formatIp, parseCidrOrIp, type Ip } from '../../net/address.js';
import { PORTS } from '../../net/ports.js';
import { addressClasses } from '../../policy/address-classes.js';
import { HookAnswers } from '../../policy/hook-answers.js';
import { endpointHook, type EndpointHook } from '../../policy/hooks.js';
import { interval } from '../../policy/interval-set.js';
import type { Endpoint } from '../../policy/known-objects.js';
import { DIRECTIONS, type Model } from '../../policy/model.js';
import type { Address } from '../../policy/packet.js';
import { icmpOf, NO_PACKETS, overlap, WITH_ANY_PORTS, type PacketSet } from '../../policy/packet-set.js';
import { TCP } from '../../policy/protocol-number.js';
import type { Direction } from '../../policy/rule.js';
import { HookSignatures } from '../../policy/signatures.js';
import type { StoredObject } from '../../resources/kind.js';
import type { ClosedPort, Finding } from './finding.js';
import type { StoredObjects } from './stored-objects.js';

const BGP = { name: 'BGP', port: PORTS.bgp } as const;

/** What a host needs besides BGP: to reach it (SSH), and what it reaches. */
const NEEDS: readonly Omit<ClosedPort, 'peers'>[] = [
  { name: 'etcd', port: PORTS.etcd, direction: 'egress' },
  { name: 'SSH', port: PORTS.ssh, direction: 'ingress' },
  { name: 'Typha', port: PORTS.typha, direction: 'egress' },
];

/** ICMPv6: who has this address, and the answer. */
const SOLICITATION = 135;
const ADVERTISEMENT = 136;

/** Host endpoints whose policies close what the host lives by. Nothing is said where any address at all still gets through. */
export function hostFindings(model: Model, stored: StoredObjects): readonly Finding[] {
  const hosts = model.parts.endpoints.filter((endpoint) => endpoint.kind === 'host' && model.host(endpoint.node).governedBy(endpoint).length > 0 && isGoverned(model, endpoint));
  if (hosts.length === 0) return [];
  const gate = new HostGate(model, bgpPeers(stored.all));
  // Host endpoints of equal policies are closed in the same way: one finding for all of them.
  return [...groupedBy(hosts, (endpoint) => gate.closed(endpoint)).values()].flatMap((equal) => closedFindings(model, equal, gate, stored));
}

function closedFindings(model: Model, equal: readonly Endpoint[], gate: HostGate, stored: StoredObjects): readonly Finding[] {
  const { needs, cutsNeighbours } = gate.closed(equal[0]!);
  const [typha, others] = [needs.filter(({ name }) => name === 'Typha'), needs.filter(({ name }) => name !== 'Typha')];
  const policies = model.selecting(equal[0]!.group);
  const find = (code: 'closes-calico-port' | 'closes-typha', closed: readonly ClosedPort[], endpoints: readonly Endpoint[]): readonly Finding[] =>
    (closed.length === 0 ? [] : stored.groupOf(endpoints, code).map((place) => ({ code, ...place, closed, policies })));
  const withPeers = equal.map((endpoint) => ({ endpoint, peers: gate.closedPeers(endpoint) }));
  const cut = withPeers.find(({ peers }) => peers.length > 0);
  return [
    ...find('closes-calico-port', [...others, ...(cut?.peers ?? [])], others.length > 0 ? equal : withPeers.filter(({ peers }) => peers.length > 0).map(({ endpoint }) => endpoint)),
    ...find('closes-typha', typha, equal),
    ...(cutsNeighbours ? stored.groupOf(equal.filter((endpoint) => hasIpv6(model, endpoint)), 'cuts-neighbour-discovery') : []).map((place) => ({ code: 'cuts-neighbour-discovery' as const, ...place, policies })),
  ];
}

function hasIpv6(model: Model, endpoint: Endpoint): boolean {
  const host = model.host(endpoint.node);
  return [...endpoint.nets.map(({ address }) => address), ...host.governedBy(endpoint).flatMap((name) => host.interfaces.get(name) ?? [])].some(({ version }) => version === 6);
}

/** Whether any policy is asked there; without one, and without profiles, it is known that a host endpoint closes everything. */
function isGoverned(model: Model, { group }: Endpoint): boolean {
  return (['normal', 'untracked', 'preDNAT'] as const).some((hook) => DIRECTIONS.some((direction) => model.tiers(group, hook, direction).length > 0));
}

function tcpTo(port: number): PacketSet {
  return [{ ...WITH_ANY_PORTS, protocols: interval(TCP), second: interval(port) }];
}

function neighbour(type: number): PacketSet {
  return [{ ...icmpOf(6), first: interval(type), second: interval(0) }];
}

interface Peer {
  readonly node: string;
  readonly ip: Ip;
}

/** The addresses by which nodes are reached in BGP. */
function bgpPeers(resources: readonly StoredObject[]): readonly Peer[] {
  return resources.filter(({ kind }) => kind === 'Node').flatMap(({ metadata: { name }, spec }) => {
    const bgp = isMap(spec['bgp']) ? spec['bgp'] : {};
    return [bgp['ipv4Address'], bgp['ipv6Address']].flatMap((text) => (typeof text === 'string' ? (parseCidrOrIp(text) ?? []) : [])).map(({ address }) => ({ node: name, ip: address }));
  });
}

/** What is closed at host endpoints of one kind. */
interface Closed {
  readonly needs: readonly ClosedPort[];
  readonly peers: readonly Peer[];
  readonly cutsNeighbours: boolean;
}

/** What hosts let in and out at the interfaces of host endpoints; asked once for those that nothing tells apart. */
class HostGate {
  private readonly answers: HookAnswers;
  private readonly signatures = new HookSignatures();
  private readonly anywhere = new Map<4 | 6, readonly Address[]>();
  private readonly known = new Map<string, Closed>();

  constructor(
    private readonly model: Model,
    private readonly peers: readonly Peer[],
  ) {
    this.answers = new HookAnswers(model);
  }

  /** What is closed to every address, or to other nodes. */
  closed(endpoint: Endpoint): Closed {
    const key = this.keyOf(endpoint);
    let closed = this.known.get(key);
    if (closed === undefined) {
      closed = {
        needs: NEEDS.filter((need) => this.isClosed(endpoint, need.direction, [4, 6], tcpTo(need.port))),
        peers: this.peers.filter(({ ip }) => DIRECTIONS.every((direction) => !this.lets(endpoint, direction, this.model.address(formatIp(ip)), tcpTo(BGP.port)))),
        cutsNeighbours: DIRECTIONS.some((direction) => [SOLICITATION, ADVERTISEMENT].some((type) => this.isClosed(endpoint, direction, [6], neighbour(type)))),
      };
      this.known.set(key, closed);
    }
    return closed;
  }

  /** Other nodes with which no session can be opened from either side. */
  closedPeers(endpoint: Endpoint): readonly ClosedPort[] {
    const own = this.peers.filter(({ node }) => node === endpoint.node);
    const closed = this.closed(endpoint).peers.filter(({ node, ip }) => node !== endpoint.node && own.some((each) => each.ip.version === ip.version));
    return closed.length === 0 ? [] : [{ ...BGP, direction: 'egress', peers: [...new Set(closed.map(({ node }) => node))] }];
  }

  /** Equal for host endpoints that ask the same of packets, and whose addresses their rules cannot tell apart. */
  private keyOf(endpoint: Endpoint): string {
    return DIRECTIONS.flatMap((direction) => this.hooks(endpoint, direction).flatMap((hook) => {
      const near = ([4, 6] as const).map((version) => {
        const address = this.nearAddress(endpoint, version);
        return address === undefined ? '' : this.answers.keyOf(hook, direction === 'egress' ? 'source' : 'destination', address);
      });
      return [this.signatures.of(this.model, hook), ...near];
    })).join('\n');
  }

  /** Whether packets get through from or to no address at all. */
  private isClosed(endpoint: Endpoint, direction: Direction, versions: readonly (4 | 6)[], packets: PacketSet): boolean {
    return !versions.some((version) => this.farAddresses(version).some((far) => this.lets(endpoint, direction, far, packets)));
  }

  private farAddresses(version: 4 | 6): readonly Address[] {
    let known = this.anywhere.get(version);
    if (known === undefined) {
      known = addressClasses([this.model], version, [], { withSpecial: true }).flatMap(({ ranges }) => ranges.slice(0, 1)).map(([from]) => this.model.addressOf(from));
      this.anywhere.set(version, known);
    }
    return known;
  }

  /** Whether some of the packets between the host and an address are denied by none of the hooks on their way (reference/policy 7). */
  private lets(endpoint: Endpoint, direction: Direction, far: Address, packets: PacketSet): boolean {
    const { version } = far.ip;
    const near = this.nearAddress(endpoint, version);
    if (near === undefined) return false;
    const ends = direction === 'ingress' ? { version, source: far, destination: near } : { version, source: near, destination: far };
    let asked = packets;
    let accepted: PacketSet = NO_PACKETS;
    for (const hook of this.hooks(endpoint, direction)) {
      const parts = this.answers.ask(hook, ends, asked).filter((part) => part.do !== 'deny');
      const isLast = hook.hook === 'host';
      accepted = [...accepted, ...parts.filter((part) => isLast || (part.do === 'allow' && part.rule !== undefined)).flatMap((part) => part.packets)];
      asked = parts.filter((part) => part.do === 'none' || part.rule === undefined).flatMap((part) => part.packets);
    }
    return overlap(accepted, packets).length > 0;
  }

  private hooks(endpoint: Endpoint, direction: Direction): readonly EndpointHook[] {
    const isWildcard = this.model.host(endpoint.node).wildcard === endpoint;
    const names = (['untracked', 'preDNAT', 'host'] as const).filter((hook) => (hook !== 'untracked' || !isWildcard) && (hook !== 'preDNAT' || direction === 'ingress'));
    return names.map((hook) => endpointHook(this.model, hook, direction, endpoint));
  }

  /** An address of the host there, or another one of its family where none is known. */
  private nearAddress(endpoint: Endpoint, version: 4 | 6): Address | undefined {
    const host = this.model.host(endpoint.node);
    const known = [...host.governedBy(endpoint).flatMap((name) => host.interfaces.get(name) ?? []), ...endpoint.nets.map(({ address }) => address), ...[...host.interfaces.values()].flat()];
    const ip = known.find((each) => each.version === version);
    return ip === undefined ? this.farAddresses(version).find(({ place }) => place === undefined) : this.model.address(formatIp(ip));
  }
}
