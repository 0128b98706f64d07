import { addressAt, addressCount, bits, compareIp, containsCidr, containsIp, formatCidr, formatIp, isMasked, network, parseCidr, sameIp, type Cidr, type Ip } from '../net/address.js';
import type { AddressClass } from '../policy/address-classes.js';
import type { Endpoint, KnownObject } from '../policy/known-objects.js';
import type { Model } from '../policy/model.js';

/** Who has the addresses of a class. */
export type Members =
  | { readonly kind: 'workloads'; readonly endpoints: readonly Endpoint[] }
  | { readonly kind: 'hosts'; readonly hosts: readonly string[] }
  /** Addresses outside that sets name. */
  | { readonly kind: 'sets'; readonly sets: readonly KnownObject[] }
  /** Others, in the smallest network that a rule names; without one, in none. */
  | { readonly kind: 'others'; readonly net: string | undefined };

/** Finds out who has the addresses of classes of some models: what the first has counts, then what the next has. */
export class ClassMembers {
  private readonly known = new Map<AddressClass, Members>();
  private readonly workloads = new Map<AddressClass, Map<string, { readonly endpoint: Endpoint; readonly ranges: (readonly [Ip, Ip])[] }>>();
  private readonly hosts = new Map<AddressClass, Set<string>>();
  private readonly nets: readonly Cidr[];
  private counts: ReadonlyMap<string, number> | undefined;
  private nested: ReadonlyMap<string, string | undefined> | undefined;

  constructor(
    private readonly models: readonly Model[],
    private readonly classes: readonly AddressClass[],
    readonly version: 4 | 6,
  ) {
    const ranges = rangesOf(classes);
    this.nets = models.flatMap((model) => [...model.namedNets(version)]).sort((left, right) => right.length - left.length);
    for (const { endpoints, hosts } of new Set(models.map(({ parts }) => parts.whereabouts))) {
      for (const endpoint of endpoints) {
        if (endpoint.kind !== 'workload') continue;
        for (const net of endpoint.nets) if (net.address.version === version) for (const range of within(ranges, net)) this.put(endpoint, range);
      }
      for (const { name, interfaces } of hosts.values()) {
        for (const ip of [...interfaces.values()].flat()) if (ip.version === version) for (const { each } of within(ranges, { address: ip, length: bits(ip) })) put(this.hosts, each, () => new Set<string>(), (found) => found.add(name));
      }
    }
  }

  private put(endpoint: Endpoint, { each, from, to }: Range): void {
    put(this.workloads, each, () => new Map<string, { endpoint: Endpoint; ranges: (readonly [Ip, Ip])[] }>(), (found) => {
      const known = found.get(endpoint.id);
      if (known === undefined) found.set(endpoint.id, { endpoint, ranges: [[from, to]] });
      else known.ranges.push([from, to]);
    });
  }

  /** Which addresses of a class a workload has. */
  rangesOf(each: AddressClass, { id }: Endpoint): AddressClass['ranges'] {
    return this.workloads.get(each)?.get(id)?.ranges ?? [];
  }

  of(each: AddressClass): Members {
    let members = this.known.get(each);
    if (members === undefined) this.known.set(each, (members = this.find(each)));
    return members;
  }

  /** Who it is, where a class is of one workload or has one address: nothing that it sends to itself is asked about. */
  identity(each: AddressClass): string | undefined {
    const members = this.of(each);
    if (members.kind === 'workloads') return members.endpoints.length === 1 ? members.endpoints[0]!.id : undefined;
    const [[from, to]] = each.ranges as readonly [AddressClass['ranges'][number]];
    return each.ranges.length === 1 && sameIp(from, to) ? formatIp(from) : undefined;
  }

  /** Of how many classes somebody has addresses (`keysOf`): who is of fewer of some classes is there with some of the addresses only. */
  classCount(key: string): number {
    this.counts ??= classCounts(this.classes.map((each) => this.of(each)));
    return this.counts.get(key) ?? 0;
  }

  /** The networks of rules in which addresses lie that nobody has, each with the smallest of them around it. */
  get outside(): ReadonlyMap<string, string | undefined> {
    return (this.nested ??= nestedNets(this.classes.flatMap((each) => {
      const members = this.of(each);
      return members.kind === 'others' && members.net !== undefined ? [members.net] : [];
    })));
  }

  private find(each: AddressClass): Members {
    const [ip] = each.representatives;
    const addresses = this.models.map((model) => model.addressOf(ip!));
    const place = addresses.find((address) => address.place !== undefined)?.place;
    if (place?.gate.kind === 'workload') return { kind: 'workloads', endpoints: [...(this.workloads.get(each)?.values() ?? [])].map(({ endpoint }) => endpoint) };
    if (place !== undefined) return { kind: 'hosts', hosts: [...(this.hosts.get(each) ?? [])] };
    const sets = addresses.map(({ objects }) => objects.filter(({ kind }) => kind === 'set')).find(({ length }) => length > 0);
    if (sets !== undefined) return { kind: 'sets', sets };
    const net = this.nets.find((each) => each.length > 0 && containsIp(each, ip!));
    return { kind: 'others', net: net === undefined ? undefined : formatCidr(network(net)) };
  }
}

/** What those are called who have addresses of a class: endpoints and sets by their ids, hosts as `host/NAME`. */
export function keysOf(members: Members): readonly string[] {
  switch (members.kind) {
    case 'workloads':
      return members.endpoints.map(({ id }) => id);
    case 'hosts':
      return members.hosts.map((name) => `host/${name}`);
    case 'sets':
      return members.sets.map(({ id }) => id);
    default:
      return [];
  }
}

/** In how many of some classes everybody is. */
export function classCounts(all: readonly Members[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of all.flatMap(keysOf)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function nestedNets(texts: readonly string[]): ReadonlyMap<string, string | undefined> {
  const nets = [...new Set(texts)].map((text) => ({ text, net: parseCidr(text)! }));
  nets.sort((left, right) => compareIp(left.net.address, right.net.address) || left.net.length - right.net.length);
  const around: (typeof nets)[number][] = [];
  return new Map(nets.map((each) => {
    while (around.length > 0 && !containsCidr(around.at(-1)!.net, each.net)) around.pop();
    const parent = around.at(-1)?.text;
    around.push(each);
    return [each.text, parent];
  }));
}

interface Range {
  readonly from: Ip;
  readonly to: Ip;
  readonly each: AddressClass;
}

function rangesOf(classes: readonly AddressClass[]): readonly Range[] {
  return classes.flatMap((each) => each.ranges.map(([from, to]) => ({ from, to, each }))).sort((left, right) => compareIp(left.from, right.from));
}

/** Which addresses of networks are of some classes: as addresses, networks, or `first-last`. */
export class AddressesOf {
  private readonly ranges: readonly Range[];

  constructor(
    classes: readonly AddressClass[],
    private readonly version: 4 | 6,
  ) {
    this.ranges = rangesOf(classes);
  }

  in(nets: readonly Cidr[]): readonly string[] {
    const found = nets.filter(({ address }) => address.version === this.version).flatMap((net) => [...within(this.ranges, net)]);
    return [...new Set(found.map(({ from, to }) => rangeText(from, to)))];
  }
}

function rangeText(from: Ip, to: Ip): string {
  if (sameIp(from, to)) return formatIp(from);
  const net = Array.from({ length: bits(from) }, (_, length): Cidr => ({ address: from, length })).find((each) => isMasked(each) && sameIp(addressAt(each, addressCount(each) - 1n), to));
  return net === undefined ? `${formatIp(from)}-${formatIp(to)}` : formatCidr(net);
}

/** The ranges, in order, that lie in a network: none lies across the edge of an object's. */
function* within(ranges: readonly Range[], net: Cidr): Generator<Range> {
  const first = network(net);
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareIp(ranges[middle]!.from, first.address) < 0) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < ranges.length && containsIp(net, ranges[at]!.from); at++) yield ranges[at]!;
}

function put<K, V>(map: Map<K, V>, key: K, make: () => V, add: (value: V) => void): void {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  add(value);
}
