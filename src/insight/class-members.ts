import { compareIp, containsIp, formatCidr, network, parseCidrOrIp, formatIp, type Cidr, type Ip } from '../net/address.js';
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
  private readonly workloads = new Map<AddressClass, Map<string, Endpoint>>();
  private readonly hosts = new Map<AddressClass, Set<string>>();
  private readonly nets: readonly Cidr[];

  constructor(
    private readonly models: readonly Model[],
    classes: readonly AddressClass[],
    version: 4 | 6,
  ) {
    const ranges = classes.flatMap((each) => each.ranges.map(([from, to]) => ({ from, to, each }))).sort((left, right) => compareIp(left.from, right.from));
    this.nets = models.flatMap((model) => [...model.namedNets(version)]).sort((left, right) => right.length - left.length);
    for (const model of models) {
      for (const endpoint of model.parts.endpoints) {
        if (endpoint.kind !== 'workload') continue;
        for (const net of endpoint.nets) if (net.address.version === version) for (const each of within(ranges, net)) put(this.workloads, each, () => new Map<string, Endpoint>(), (found) => found.has(endpoint.id) || found.set(endpoint.id, endpoint));
      }
      for (const { name, interfaces } of model.parts.hosts.values()) {
        for (const ip of [...interfaces.values()].flat()) if (ip.version === version) for (const each of within(ranges, parseCidrOrIp(formatIp(ip))!)) put(this.hosts, each, () => new Set<string>(), (found) => found.add(name));
      }
    }
  }

  of(each: AddressClass): Members {
    let members = this.known.get(each);
    if (members === undefined) this.known.set(each, (members = this.find(each)));
    return members;
  }

  private find(each: AddressClass): Members {
    const [ip] = each.representatives;
    const addresses = this.models.map((model) => model.addressOf(ip!));
    const place = addresses.find((address) => address.place !== undefined)?.place;
    if (place?.gate.kind === 'workload') return { kind: 'workloads', endpoints: [...(this.workloads.get(each)?.values() ?? [])] };
    if (place !== undefined) return { kind: 'hosts', hosts: [...(this.hosts.get(each) ?? [])] };
    const sets = addresses.map(({ objects }) => objects.filter(({ kind }) => kind === 'set')).find(({ length }) => length > 0);
    if (sets !== undefined) return { kind: 'sets', sets };
    const net = this.nets.find((each) => each.length > 0 && containsIp(each, ip!));
    return { kind: 'others', net: net === undefined ? undefined : formatCidr(network(net)) };
  }
}

interface Range {
  readonly from: Ip;
  readonly to: Ip;
  readonly each: AddressClass;
}

/** The classes of the ranges, in order, that lie in a network: no range lies across the edge of an endpoint's. */
function* within(ranges: readonly Range[], net: Cidr): Generator<AddressClass> {
  const first = network(net);
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareIp(ranges[middle]!.from, first.address) < 0) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < ranges.length && containsIp(net, ranges[at]!.from); at++) yield ranges[at]!.each;
}

function put<K, V>(map: Map<K, V>, key: K, make: () => V, add: (value: V) => void): void {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  add(value);
}
