import { compareIp, containsIp, formatIp, type Cidr, type Ip } from '../net/address.js';
import { addressClasses, type AddressClass } from '../policy/address-classes.js';
import type { Model } from '../policy/model.js';
import type { Route } from '../policy/routes.js';
import { endpointSignature, hostSignature } from '../policy/signatures.js';
import type { End } from './end.js';

/** An address of an end; of a network set one for each class of addresses in it. */
export interface EndAddress {
  readonly end: End;
  readonly ip: Ip;
  readonly text: string;
  /** The host that it is on; undefined for outside. */
  readonly node: string | undefined;
}

/** Addresses that no policy can tell apart, by their hosts. */
export interface Alike {
  readonly key: string;
  readonly byNode: ReadonlyMap<string | undefined, readonly EndAddress[]>;
}

/** Sorts addresses of ends into those that policies cannot tell apart, so that of thousands of pairs few have to be looked at. */
export class Sorter {
  private readonly classes = new Map<4 | 6, { readonly starts: readonly Ip[]; readonly numbers: readonly number[]; readonly of: readonly AddressClass[] }>();

  /** @param nets the networks of sets that are ends */
  constructor(
    private readonly model: Model,
    private readonly nets: readonly Cidr[],
  ) {}

  /** All addresses of an IP version that some ends have, each once. */
  alike(ends: readonly End[], version: 4 | 6): readonly Alike[] {
    const found = new Map<string, Map<string | undefined, EndAddress[]>>();
    const known = new Set<string>();
    for (const end of ends) {
      for (const ip of this.addressesOf(end, version)) {
        const text = formatIp(ip);
        const identity = [text, end.gate?.node, end.gate?.interface, end.via?.interface].join(' ');
        if (known.has(identity)) continue;
        known.add(identity);
        const node = end.gate?.node ?? this.model.address(text).place?.node;
        const key = this.keyOf(end, ip, node);
        const byNode = found.get(key) ?? new Map<string | undefined, EndAddress[]>();
        found.set(key, byNode);
        byNode.set(node, [...(byNode.get(node) ?? []), { end, ip, text, node }]);
      }
    }
    return [...found].map(([key, byNode]) => ({ key, byNode }));
  }

  private addressesOf({ nets, addresses }: End, version: 4 | 6): readonly Ip[] {
    if (nets === undefined) return addresses.filter((ip) => ip.version === version);
    return this.ofVersion(version).of.flatMap(({ ranges }) => ranges.find(([from]) => nets.some((net) => containsIp(net, from)))?.[0] ?? []);
  }

  /** Its class, and what its own way adds: whose interface it comes through, which host endpoint it meets. */
  private keyOf({ gate, via }: End, ip: Ip, node: string | undefined): string {
    const { model } = this;
    const host = node === undefined ? undefined : model.host(node);
    return [
      this.classOf(ip),
      node === undefined ? '' : hostSignature(model, node),
      gate === undefined ? '' : endpointSignature(model.workloadAt(gate.node, gate.interface)),
      host === undefined ? '' : endpointSignature(host.governs(via?.node === node ? via!.interface : host.networkInterface)),
    ].join('|');
  }

  /** Addresses that nobody sends from or to (loopback, multicast) are in no class: each is one by itself. */
  private classOf(ip: Ip): string {
    const { starts, numbers, of } = this.ofVersion(ip.version);
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (compareIp(starts[middle]!, ip) <= 0) low = middle;
      else high = middle - 1;
    }
    const number = numbers[low];
    const isInside = number !== undefined && of[number]!.ranges.some(([from, to]) => compareIp(from, ip) <= 0 && compareIp(ip, to) <= 0);
    return isInside ? String(number) : formatIp(ip);
  }

  private ofVersion(version: 4 | 6) {
    let known = this.classes.get(version);
    if (known === undefined) {
      const of = addressClasses([this.model], version, this.nets.filter(({ address }) => address.version === version));
      const ranges = of.flatMap((each, number) => each.ranges.map(([from]) => ({ from, number }))).sort((left, right) => compareIp(left.from, right.from));
      this.classes.set(version, (known = { of, starts: ranges.map(({ from }) => from), numbers: ranges.map(({ number }) => number) }));
    }
    return known;
  }
}

/** Two addresses that stand for `count` pairs of alike ones on the same host, or on different ones. */
export interface Pair {
  readonly from: EndAddress;
  readonly to: EndAddress;
  readonly count: number;
}

/** All pairs of addresses of two groups, but for those of an address with itself, by an example of each kind. */
export function pairsBetween(from: readonly Alike[], to: readonly Alike[]): readonly Pair[] {
  return from.flatMap((source) => to.flatMap((destination) => [...onOneHost(source, destination), ...onTwoHosts(source, destination)]));
}

function onOneHost(source: Alike, destination: Alike): readonly Pair[] {
  let [count, first]: [number, Pick<Pair, 'from' | 'to'> | undefined] = [0, undefined];
  for (const [node, senders] of source.byNode) {
    const receivers = destination.byNode.get(node) ?? [];
    const own = new Set(receivers.map(({ text }) => text));
    count += senders.length * receivers.length - senders.filter(({ text }) => own.has(text)).length;
    first ??= firstPair(senders, receivers);
  }
  return first === undefined ? [] : [{ ...first, count }];
}

function firstPair(senders: readonly EndAddress[], receivers: readonly EndAddress[]): Pick<Pair, 'from' | 'to'> | undefined {
  for (const from of senders.slice(0, 2)) {
    const to = receivers.find(({ text }) => text !== from.text);
    if (to !== undefined) return { from, to };
  }
  return undefined;
}

function onTwoHosts(source: Alike, destination: Alike): readonly Pair[] {
  let [count, first]: [number, Pick<Pair, 'from' | 'to'> | undefined] = [0, undefined];
  const all = [...destination.byNode.values()].reduce((sum, { length }) => sum + length, 0);
  for (const [node, senders] of source.byNode) {
    count += senders.length * (all - (destination.byNode.get(node)?.length ?? 0));
    if (first !== undefined) continue;
    const other = [...destination.byNode].find(([each]) => each !== node);
    if (other !== undefined) first = { from: senders[0]!, to: other[1][0]! };
  }
  return first === undefined ? [] : [{ ...first, count }];
}

/** The way of packets from one address of a pair to the other. */
export function routeOf({ from, to }: Pair): Route {
  const vias = [from.end.via, to.end.via].filter((via) => via !== undefined);
  return {
    src: from.text,
    dst: to.text,
    ...(vias.length > 0 && { via: Object.fromEntries(vias.map((via) => [via.node, via.interface])) }),
    ...gateOf('from', from.end),
    ...gateOf('to', to.end),
  };
}

function gateOf(side: 'from' | 'to', { gate }: End): Pick<Route, 'from' | 'to'> {
  return gate === undefined ? {} : { [side]: gate };
}
