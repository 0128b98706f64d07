import { compareIp, containsIp, formatIp, type Cidr, type Ip } from '../net/address.js';
import { addressClasses, type AddressClass } from '../policy/address-classes.js';
import type { Model } from '../policy/model.js';
import type { Route } from '../policy/routes.js';
import { endpointSignature, hostSignature } from '../policy/signatures.js';
import type { End } from './end.js';

/** An address of an end; of a network set one for each class of addresses in it, on each host where some are. */
export interface EndAddress {
  readonly end: End;
  readonly ip: Ip;
  readonly text: string;
  /** The host that it is on; undefined for outside. */
  readonly node: string | undefined;
}

/** Addresses that no policy can tell apart, by their hosts. */
export interface Alike {
  /** Its class of addresses. */
  readonly of: string;
  readonly size: number;
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
    const found = new Map<string, { of: string; size: number; byNode: Map<string | undefined, EndAddress[]> }>();
    const known = new Set<string>();
    for (const end of ends) {
      for (const ip of this.addressesOf(end, version)) {
        const text = formatIp(ip);
        const identity = [text, end.gate?.node, end.gate?.interface, end.via?.interface].join(' ');
        if (known.has(identity)) continue;
        known.add(identity);
        const node = end.gate?.node ?? this.model.address(text).place?.node;
        const of = this.classOf(ip);
        const key = `${of}|${this.wayOf(end, node)}`;
        let alike = found.get(key);
        if (alike === undefined) found.set(key, (alike = { of, size: 0, byNode: new Map() }));
        alike.size++;
        const own = alike.byNode.get(node);
        const address = { end, ip, text, node };
        if (own === undefined) alike.byNode.set(node, [address]);
        else own.push(address);
      }
    }
    return [...found.values()];
  }

  private addressesOf({ nets, addresses }: End, version: 4 | 6): readonly Ip[] {
    if (nets === undefined) return addresses.filter((ip) => ip.version === version);
    return this.ofVersion(version).of.flatMap(({ ranges }) => {
      const byNode = new Map<string | undefined, Ip>();
      for (const [from] of ranges) {
        if (!nets.some((net) => containsIp(net, from))) continue;
        const node = this.model.addressOf(from).place?.node;
        if (!byNode.has(node)) byNode.set(node, from);
      }
      return [...byNode.values()];
    });
  }

  /** What an end's own way adds to the class of its address: whose interface it comes through, which host endpoint it meets. */
  private wayOf({ gate, via }: End, node: string | undefined): string {
    const { model } = this;
    const host = node === undefined ? undefined : model.host(node);
    return [
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
export function* pairsBetween(from: readonly Alike[], to: readonly Alike[]): Generator<Pair> {
  for (const source of from) {
    for (const destination of to) {
      const near = onOneHost(source, destination);
      if (near !== undefined) yield near;
      const far = onTwoHosts(source, destination);
      if (far !== undefined) yield far;
    }
  }
}

function onOneHost(source: Alike, destination: Alike): Pair | undefined {
  let count = 0;
  for (const [node, senders, receivers] of sharedHosts(source, destination)) count += senders.length * receivers.length - equalAmong(source, destination, node);
  if (count === 0) return undefined;
  for (const [node, senders] of source.byNode) {
    const first = firstPair(senders, destination.byNode.get(node) ?? []);
    if (first !== undefined) return { ...first, count };
  }
  return undefined;
}

/** The hosts on which some of both are. */
function* sharedHosts({ byNode }: Alike, { byNode: others }: Alike): Generator<readonly [node: string | undefined, senders: readonly EndAddress[], receivers: readonly EndAddress[]]> {
  for (const node of (byNode.size <= others.size ? byNode : others).keys()) {
    const [senders, receivers] = [byNode.get(node), others.get(node)];
    if (senders !== undefined && receivers !== undefined) yield [node, senders, receivers];
  }
}

/** How many pairs of alike addresses there are, but for those of an address with itself. */
export function pairCount(source: Alike, destination: Alike): number {
  let count = source.size * destination.size;
  if (source.of === destination.of) for (const [node] of sharedHosts(source, destination)) count -= equalAmong(source, destination, node);
  return count;
}

/** How many addresses are on a host among both. Equal ones are of one class. */
function equalAmong(source: Alike, destination: Alike, node: string | undefined): number {
  if (source.of !== destination.of) return 0;
  const own = new Set(destination.byNode.get(node)!.map(({ text }) => text));
  return source.byNode.get(node)!.filter(({ text }) => own.has(text)).length;
}

function firstPair(senders: readonly EndAddress[], receivers: readonly EndAddress[]): Pick<Pair, 'from' | 'to'> | undefined {
  for (const from of senders.slice(0, 2)) {
    const to = receivers.find(({ text }) => text !== from.text);
    if (to !== undefined) return { from, to };
  }
  return undefined;
}

function onTwoHosts(source: Alike, destination: Alike): Pair | undefined {
  let count = source.size * destination.size;
  for (const [, senders, receivers] of sharedHosts(source, destination)) count -= senders.length * receivers.length;
  if (count === 0) return undefined;
  for (const [node, [from]] of source.byNode) {
    for (const [other, [to]] of destination.byNode) if (other !== node) return { from: from!, to: to!, count };
  }
  return undefined;
}

/** The way of packets from one address of a pair to the other. */
export function routeOf({ from, to }: Pick<Pair, 'from' | 'to'>): Route {
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
