import { groupedBy } from '../base/grouped-by.js';
import { bits, compareIp, containsIp, mask, parseCidr, sameIp, type Cidr, type Ip } from '../net/address.js';
import { EXAMPLE_ADDRESSES } from '../net/example-addresses.js';
import { addressTraits, type AddressTraits } from './address-traits.js';
import { endpointSignature, hostSignature } from './signatures.js';
import type { KnownObject } from './known-objects.js';
import type { Model } from './model.js';
import { NetworkIndex } from './network-index.js';
import type { Address } from './packet.js';
import type { Whereabouts } from './whereabouts.js';

/** Addresses that no policy of some models can tell apart, wherever they are met. */
export interface AddressClass {
  readonly version: 4 | 6;
  /** All of them, as ranges, both ends included. */
  readonly ranges: readonly (readonly [from: Ip, to: Ip])[];
  /** One of them for each host that they are on, and one for outside: that is one that people know, where there is one. */
  readonly representatives: readonly Ip[];
}

/** What nobody sends packets from or to one by one: this network, loopback, link-local and multicast. */
const SPECIAL: readonly Cidr[] = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4', 'fe00::/7'].flatMap((text) => parseCidr(text) ?? []);

/** Whether an address is one of those. */
export function isSpecial(ip: Ip): boolean {
  return SPECIAL.some((net) => containsIp(net, ip));
}

/**
 * All addresses of an IP version, in classes; without those that nobody uses (loopback, multicast), unless `withSpecial` says so.
 * @param nets networks that a class lies within or outside of, besides those that the models name
 */
export function addressClasses(models: readonly Model[], version: 4 | 6, nets: readonly Cidr[] = [], { withSpecial = false } = {}): readonly AddressClass[] {
  const views = viewsOf(models, nets);
  const edges = edgesOf(version, [...SPECIAL, ...nets, ...models.flatMap((model) => model.namedNets(version)), ...views.flatMap(({ whereabouts }) => ownNets(whereabouts))]);
  const classes = new Map<string, { ranges: (readonly [Ip, Ip])[]; representatives: Map<string, Ip> }>();
  edges.forEach((from, at) => {
    if (!withSpecial && isSpecial(from)) return;
    const addresses = views.map(({ whereabouts }) => whereabouts.addressOf(from));
    const signature = views.length === 1 ? views[0]!.text(addresses[0]!) : [...addresses.map((address, index) => views[index]!.text(address)), hasChangedObjects(addresses) ? 'changed' : ''].join('\n');
    let known = classes.get(signature);
    if (known === undefined) classes.set(signature, (known = { ranges: [], representatives: new Map() }));
    known.ranges.push([from, at + 1 < edges.length ? before(edges[at + 1]!) : lastOf(version)]);
    const on = nodesOf(addresses);
    if (!known.representatives.has(on)) known.representatives.set(on, from);
  });
  const outside = nodesOf(views.map(() => ({})));
  return [...classes.values()].map(({ ranges, representatives }) => ({ version, ranges, representatives: [...representatives].map(([on, ip]) => (on === outside ? familiar(ranges, ip) : ip)) }));
}

/** The host that an address is on, in each of some places where it is looked for, as text. */
function nodesOf(addresses: readonly Partial<Pick<Address, 'place'>>[]): string {
  return addresses.length === 1 ? (addresses[0]!.place?.node ?? '') : addresses.map(({ place }) => place?.node ?? '').join('\n');
}

/** Of addresses that nobody has, one that is made for examples, if there is one; else not the first of a network, which looks like the network. */
function familiar(ranges: AddressClass['ranges'], first: Ip): Ip {
  const example = EXAMPLE_ADDRESSES[first.version].find((ip) => ranges.some((range) => isWithin(range, ip)));
  if (example !== undefined) return example;
  const next = after(first, bits(first));
  return next !== undefined && ranges.some((range) => isWithin(range, next)) ? next : first;
}

function isWithin([from, to]: AddressClass['ranges'][number], ip: Ip): boolean {
  return compareIp(from, ip) <= 0 && compareIp(ip, to) <= 0;
}

/** Another address of a class than one of it, on the same host in all models; undefined where there is none. */
export function anotherOnHost(models: readonly Model[], { ranges, version }: AddressClass, ip: Ip): Ip | undefined {
  const nodes = (other: Ip): string => nodesOf(models.map((model) => model.addressOf(other)));
  const wanted = nodes(ip);
  const examples = EXAMPLE_ADDRESSES[version].filter((each) => ranges.some((range) => isWithin(range, each)));
  return [examples, ...ranges].flat().find((other) => !sameIp(other, ip) && nodes(other) === wanted);
}

/** For addresses as text, a number that is equal for those that no policy of a model can tell apart on their hosts. */
export function addressNumbers(model: Model): (ip: string) => number {
  const view = viewsOf([model])[0]!;
  const numbers = new Map<string, number>();
  return (ip) => {
    const text = view.text(model.address(ip));
    let number = numbers.get(text);
    if (number === undefined) numbers.set(text, (number = numbers.size));
    return number;
  };
}

/** One for all models in which an address is the same thing, and the same networks are named. */
function viewsOf(models: readonly Model[], nets: readonly Cidr[] = []): readonly View[] {
  const byTraits = groupedBy(models, (model) => addressTraits(model));
  return [...byTraits].map(([traits, alike]) => new View(traits, alike, nets));
}

/** What there is to say of addresses in models that see them alike. */
class View {
  readonly whereabouts: Whereabouts;
  private readonly nets = new NetworkIndex<number>();
  private readonly hosts = new Map<string, string>();

  /** @param nets networks that count besides those that the models name */
  constructor(
    private readonly traits: AddressTraits,
    private readonly models: readonly Model[],
    nets: readonly Cidr[],
  ) {
    this.whereabouts = models[0]!.parts.whereabouts;
    nets.forEach((net, at) => this.nets.add(net, at));
  }

  /** Equal for addresses of which there is the same to say. */
  text(address: Address): string {
    const { ip, place } = address;
    const { objects, nets } = this.traits.of(address);
    const at = place === undefined ? '' : `${place.gate.kind} ${this.hostText(place.node)} ${place.gate.kind === 'workload' ? endpointSignature(place.gate.endpoint) : ''}`;
    return `${objects} ${nets} ${this.nets.find(ip).sort().join()} ${at}`;
  }

  private hostText(node: string): string {
    let text = this.hosts.get(node);
    if (text === undefined) this.hosts.set(node, (text = this.models.map((model) => hostSignature(model, node)).join('/')));
    return text;
  }
}

/** Whether the objects at an address are other ones in the second model, as far as rules see them. */
function hasChangedObjects([first, ...others]: readonly Address[]): boolean {
  return !others.every((each) => hasSameObjects(each, first!));
}

/** Whether what is at an address of one model has the labels and ports of what is there in another. */
export function hasSameObjects(left: Address, right: Address): boolean {
  const isShared = left.objects.length === right.objects.length && left.objects.every((each, at) => each === right.objects[at]);
  return isShared || objectsText(left) === objectsText(right);
}

/** The objects at an address, as text that is equal in all models. */
function objectsText({ objects }: Address): string {
  return objects.length === 1 ? objectText(objects[0]!) : objects.map(objectText).sort().join(' ');
}

const TEXTS = new WeakMap<KnownObject, string>();

function objectText(object: KnownObject): string {
  let text = TEXTS.get(object);
  if (text === undefined) {
    const labels = Object.entries(object.labels).sort(([left], [right]) => (left < right ? -1 : 1));
    TEXTS.set(object, (text = JSON.stringify([labels, object.ports])));
  }
  return text;
}

/** The networks of objects and the addresses of hosts. */
function ownNets({ objects, hosts }: Whereabouts): readonly Cidr[] {
  const addresses = [...hosts.values()].flatMap(({ interfaces }) => [...interfaces.values()].flat());
  return [...objects.flatMap(({ nets }) => nets), ...addresses.map((address) => ({ address, length: bits(address) }))];
}

/** Where one network begins or another ends: between two of these all addresses are alike. */
function edgesOf(version: 4 | 6, nets: readonly Cidr[]): readonly Ip[] {
  const values = new Map<bigint | number, Ip>([[version === 4 ? 0 : 0n, version === 4 ? { version, value: 0 } : { version, value: 0n }]]);
  for (const { address, length } of nets) {
    if (address.version !== version) continue;
    const first = mask(address, length);
    values.set(first.value, first);
    const next = after(first, length);
    if (next !== undefined) values.set(next.value, next);
  }
  return [...values.values()].sort((left, right) => (left.value < right.value ? -1 : 1));
}

/** The first address after a network; undefined after the last one. */
function after(first: Ip, length: number): Ip | undefined {
  if (first.version === 4) {
    const value = first.value + 2 ** (32 - length);
    return value > 0xffff_ffff ? undefined : { version: 4, value };
  }
  const value = first.value + (1n << BigInt(128 - length));
  return value >> 128n === 0n ? { version: 6, value } : undefined;
}

function before(ip: Ip): Ip {
  return ip.version === 4 ? { version: 4, value: ip.value - 1 } : { version: 6, value: ip.value - 1n };
}

function lastOf(version: 4 | 6): Ip {
  return version === 4 ? { version, value: 0xffff_ffff } : { version, value: (1n << 128n) - 1n };
}
