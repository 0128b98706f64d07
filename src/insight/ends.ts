import { groupedBy } from '../base/grouped-by.js';
import { bits, type Cidr } from '../net/address.js';
import type { AddressClass } from '../policy/address-classes.js';
import type { Flow } from '../policy/flow.js';
import type { Endpoint, KnownObject } from '../policy/known-objects.js';
import type { Model } from '../policy/model.js';
import type { RowExample } from './changed-rows.js';
import { AddressesOf, classCounts, type ClassMembers } from './class-members.js';
import type { Directory } from './directory.js';
import { GroupNamer } from './groups.js';
import { examplePacket } from './packet-groups.js';

/** One end of many flows: all who are of some classes of addresses. */
export interface EndGroup {
  /** What a person would call it. */
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  readonly hosts: readonly string[];
  readonly sets: readonly KnownObject[];
  /** Whether addresses are among it that nobody has and no set names. */
  readonly others: boolean;
  /** The networks of rules in which those lie, and which they do not lie in: the smallest that an address is in counts. Without `networks`, all but `exceptNetworks`. */
  readonly networks: readonly string[];
  readonly exceptNetworks: readonly string[];
  /** Of whom only some addresses are meant, and which: endpoints and sets by their ids, `host/NAME`. */
  readonly parts: ReadonlyMap<string, readonly string[]>;
}

/** A flow as an example, with what a person would call its ends. */
export interface NamedExample {
  readonly flow: Flow;
  readonly from: string;
  readonly to: string;
}

/** A text that is equal for groups of the same. */
export function groupKey(group: EndGroup): string {
  let key = KEYS.get(group);
  if (key === undefined) {
    const { endpoints, hosts, sets, others, networks, exceptNetworks, parts } = group;
    KEYS.set(group, (key = JSON.stringify([endpoints.map(({ id }) => id).sort(), hosts, sets.map(({ id }) => id).sort(), others, networks, exceptNetworks, [...parts]])));
  }
  return key;
}

const KEYS = new WeakMap<EndGroup, string>();

/** How many are listed by name. */
const MOST_LISTED = 3;

/** Names ends of flows. */
export class EndNamer {
  private readonly workloads: GroupNamer;
  private readonly sets: GroupNamer;
  private readonly workloadsById = new Map<string, Endpoint>();
  private readonly hostNames: ReadonlySet<string>;
  private readonly objectsById: ReadonlyMap<string, readonly KnownObject[]>;

  /** @param models those whose endpoints count; the first that has one says its labels */
  constructor(
    private readonly models: readonly Model[],
    directory: Directory,
  ) {
    const sets = new Map<string, KnownObject>();
    const places = [...new Set(models.map(({ parts }) => parts.whereabouts))];
    for (const { endpoints, objects } of [...places].reverse()) {
      for (const each of endpoints) if (each.kind === 'workload') this.workloadsById.set(each.id, each);
      for (const each of objects) if (each.kind === 'set') sets.set(each.id, each);
    }
    this.workloads = new GroupNamer([...this.workloadsById.values()], 'workloads', models, directory);
    this.sets = new GroupNamer([...sets.values()], 'sets', models, directory);
    this.objectsById = groupedBy(places.flatMap(({ objects }) => objects), ({ id }) => id);
    this.hostNames = new Set(places.flatMap(({ hosts }) => [...hosts].filter(([, { interfaces }]) => [...interfaces.values()].flat().length > 0).map(([name]) => name)));
  }

  /**
   * All who are of these classes.
   * @param found of each class, who of those that are of it; all where it is left out
   */
  of(classes: readonly AddressClass[], members: ClassMembers, found = classes.map((each) => members.of(each))): EndGroup {
    const nameOf = (): string => this.nameOf(group);
    const endpoints = new Map<string, Endpoint>();
    const hosts = new Set<string>();
    const sets = new Map<string, KnownObject>();
    const networks = new Set<string | undefined>();
    for (const each of found) {
      if (each.kind === 'workloads') for (const { id } of each.endpoints) endpoints.set(id, this.workloadsById.get(id)!);
      else if (each.kind === 'hosts') for (const host of each.hosts) hosts.add(host);
      else if (each.kind === 'sets') for (const set of each.sets) sets.set(set.id, set);
      else networks.add(each.net);
    }
    const partly = [...classCounts(found)].filter(([key, count]) => count < members.classCount(key)).map(([key]) => key);
    const addresses = partly.length === 0 ? undefined : new AddressesOf(classes, classes[0]!.version);
    const parts = new Map(partly.sort().map((key) => [key, addresses!.in(this.netsOf(key, endpoints, sets))]));
    const group = { endpoints: [...endpoints.values()], hosts: [...hosts].sort(), sets: [...sets.values()], others: networks.size > 0, ...outsideOf(networks, members), parts };
    let name: string | undefined;
    // Of thousands of rows few are shown, and to find a name takes longest.
    return { ...group, get name() { return (name ??= nameOf()); } };
  }

  private netsOf(key: string, endpoints: ReadonlyMap<string, Endpoint>, sets: ReadonlyMap<string, KnownObject>): readonly Cidr[] {
    const object = endpoints.get(key) ?? sets.get(key);
    if (object !== undefined) return this.objectsById.get(key)!.flatMap(({ nets }) => nets);
    return this.models.flatMap(({ parts }) => [...(parts.hosts.get(key.slice('host/'.length))?.interfaces.values() ?? [])].flat()).map((address) => ({ address, length: bits(address) }));
  }

  /** What a person would call some workloads. */
  ofWorkloads(endpoints: readonly Endpoint[]): string {
    return this.workloads.of(endpoints);
  }

  private nameOfAddress(text: string): string {
    for (const model of this.models) {
      const { place } = model.address(text);
      if (place?.gate.kind === 'workload' && place.gate.endpoint !== undefined) return this.workloads.nameOf(place.gate.endpoint);
      if (place !== undefined) return `host/${place.node}`;
    }
    return text;
  }

  /** A packet of an example, and what a person would call its ends. */
  example({ route, packets }: RowExample): NamedExample {
    return { flow: { ...route, ...examplePacket(packets) }, from: this.nameOfAddress(route.src), to: this.nameOfAddress(route.dst) };
  }

  private nameOf(group: Omit<EndGroup, 'name'>): string {
    const { endpoints, hosts, sets, others, parts } = group;
    const isWhole = ({ id }: KnownObject): boolean => !parts.has(id);
    const wholeHosts = hosts.filter((name) => !parts.has(`host/${name}`));
    const names = [
      endpoints.some(isWhole) ? this.workloads.of(endpoints.filter(isWhole)) : '',
      this.partsText(endpoints.filter((each) => !isWhole(each)), parts, (some) => this.workloads.of(some), (one) => this.workloads.nameOf(one)),
      this.hostsText(wholeHosts),
      partsListed(hosts.filter((name) => !wholeHosts.includes(name)).map((name) => `host/${name}`), parts, 'hosts'),
      sets.some(isWhole) ? this.setsText(sets.filter(isWhole)) : '',
      this.partsText(sets.filter((each) => !isWhole(each)), parts, (some) => this.setsText(some), (one) => this.setsText([one])),
      others ? othersText(group) : '',
    ];
    return names.filter((name) => name !== '').join('; ');
  }

  /** Those of whom only some addresses are meant: few one by one, with these. */
  private partsText<T extends KnownObject>(some: readonly T[], parts: EndGroup['parts'], ofAll: (some: readonly T[]) => string, ofOne: (one: T) => string): string {
    if (some.length > MOST_LISTED) return `${ofAll(some)} at some of their addresses`;
    return some.map((each) => `${ofOne(each)} (${listing(parts.get(each.id)!)})`).join(', ');
  }

  private hostsText(hosts: readonly string[]): string {
    if (hosts.length === this.hostNames.size && hosts.length > 1) return 'all hosts';
    return listing(hosts.map((name) => `host/${name}`), 'hosts');
  }

  private setsText(sets: readonly KnownObject[]): string {
    if (sets.length === 1) return `set ${sets[0]!.id.slice(sets[0]!.id.indexOf(':') + 1)}`;
    const name = this.sets.of(sets);
    return name.startsWith('all ') ? name : `sets ${name}`;
  }
}

function partsListed(names: readonly string[], parts: EndGroup['parts'], word: string): string {
  return listing(names.map((name) => `${name} (${listing(parts.get(name)!)})`), word);
}

/** The first of some, and how many more. */
function listing(names: readonly string[], word = ''): string {
  if (names.length <= MOST_LISTED) return names.join(', ');
  return `${names.slice(0, MOST_LISTED).join(', ')} and ${names.length - MOST_LISTED} more${word === '' ? '' : ` ${word}`}`;
}

function othersText({ networks, exceptNetworks }: Omit<EndGroup, 'name'>): string {
  const but = exceptNetworks.length === 0 ? '' : `but ${listing(exceptNetworks)}`;
  if (networks.length === 0) return but === '' ? 'other addresses' : `other addresses ${but}`;
  return `other addresses (${[listing(networks), but].filter((part) => part !== '').join(' ')})`;
}

/** In which networks addresses lie that nobody has: those that begin to count, and those within them, or within everything, that do not. */
function outsideOf(own: ReadonlySet<string | undefined>, members: ClassMembers): Pick<EndGroup, 'networks' | 'exceptNetworks'> {
  if (own.size === 0) return { networks: [], exceptNetworks: [] };
  const all = [...members.outside];
  const begins = all.filter(([net, around]) => own.has(net) && !own.has(around)).map(([net]) => net).sort();
  const ends = all.filter(([net, around]) => !own.has(net) && own.has(around)).map(([net]) => net).sort();
  // What begins again within what is left out.
  const whole = own.has(undefined) && begins.length > 0 ? [members.version === 4 ? '0.0.0.0/0' : '::/0'] : [];
  return { networks: [...whole, ...begins], exceptNetworks: ends };
}

/** How many ends are of a group; all other addresses are one. */
export function sizeOf({ endpoints, hosts, sets, others }: EndGroup): number {
  return endpoints.length + hosts.length + sets.length + (others ? 1 : 0);
}
