import { groupedBy } from '../base/grouped-by.js';
import { addressClasses, type AddressClass } from '../policy/address-classes.js';
import type { Flow } from '../policy/flow.js';
import { HookAnswers } from '../policy/hook-answers.js';
import type { Endpoint } from '../policy/known-objects.js';
import { DIRECTIONS, type Model } from '../policy/model.js';
import { join, NO_PACKETS, type PacketSet } from '../policy/packet-set.js';
import { outcomesOn } from '../policy/reach.js';
import { routesBetween, type Route } from '../policy/routes.js';
import type { Direction } from '../policy/rule.js';
import { ClassMembers } from './class-members.js';
import type { Directory } from './directory.js';
import { EndNamer, sizeOf, type EndGroup } from './ends.js';
import { examplePacket, packetsKey, toldPackets, type ToldPackets } from './packet-groups.js';

/** That everybody of one group gets to everybody of another with some packets. */
export interface Exposed {
  readonly to: EndGroup;
  readonly from: EndGroup;
  readonly versions: readonly (4 | 6)[];
  readonly packets: ToldPackets;
  readonly example: { readonly flow: Flow; readonly from: string; readonly to: string };
}

/** Endpoints without policies. */
export interface Unpoliced {
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  /** In which directions; their profiles alone decide there. */
  readonly directions: readonly Direction[];
}

/** Who can be reached by whom, and who has no policies. */
export interface Exposure {
  /** From addresses that no workload and no host has. */
  readonly fromOutside: readonly Exposed[];
  /** Of workloads, from workloads of other namespaces; undefined where there are too many kinds of workloads to compare each with each. */
  readonly fromOtherNamespaces: readonly Exposed[] | undefined;
  /** How many kinds of workloads policies tell apart. */
  readonly kinds: number;
  readonly withoutPolicies: readonly Unpoliced[];
  /** Hosts without a host endpoint: nothing is asked about their packets. */
  readonly openHosts: readonly string[];
}

/** Some seconds, of a core of today: each of them is compared with each. */
const MOST_KINDS = 600;

/** Works out what is exposed in a network: of all packets, not by examples. */
export function exposureOf(model: Model, directory: Directory): Exposure {
  const namer = new EndNamer([model], directory);
  const found = ([4, 6] as const).map((version) => new Exposing(model, version, namer));
  const kinds = Math.max(...found.map((each) => each.kinds));
  const workloads = model.parts.endpoints.filter(({ kind }) => kind === 'workload');
  return {
    fromOutside: told(found.flatMap((each) => each.fromOutside())),
    fromOtherNamespaces: kinds > MOST_KINDS ? undefined : told(found.flatMap((each) => each.fromOtherNamespaces())),
    kinds,
    withoutPolicies: withoutPolicies(model, workloads, namer),
    openHosts: [...model.parts.hosts.values()].filter(({ interfaces }) => [...interfaces.values()].flat().length > 0).filter(({ name }) => !model.parts.endpoints.some(({ kind, node }) => kind === 'host' && node === name)).map(({ name }) => name).sort(),
  };
}

/** Some who are of one class of addresses. */
interface Unit {
  readonly of: AddressClass;
  /** Workloads of one namespace; absent for all who are of the class. */
  readonly endpoints?: readonly Endpoint[];
  readonly namespace?: string;
}

/** What gets from one class to another. */
interface Between {
  readonly packets: PacketSet;
  /** One of the ways, and what gets through on it; absent where nothing does. */
  readonly example?: { readonly route: Route; readonly packets: PacketSet } | undefined;
}

class Exposing {
  private readonly classes: readonly AddressClass[];
  private readonly members: ClassMembers;
  private readonly answers: HookAnswers;
  private readonly known = new Map<AddressClass, Map<AddressClass, Between>>();

  constructor(
    private readonly model: Model,
    private readonly version: 4 | 6,
    private readonly namer: EndNamer,
  ) {
    this.classes = addressClasses([model], version);
    this.members = new ClassMembers([model], this.classes, version);
    this.answers = new HookAnswers(model);
  }

  /** How many classes of addresses are workloads. */
  get kinds(): number {
    return this.classes.filter((each) => this.members.of(each).kind === 'workloads').length;
  }

  fromOutside(): readonly Exposed[] {
    const kindOf = (each: AddressClass): string => this.members.of(each).kind;
    const unit = (of: AddressClass): Unit => ({ of });
    const outside = this.classes.filter((each) => ['sets', 'others'].includes(kindOf(each))).map(unit);
    const inside = this.classes.filter((each) => ['workloads', 'hosts'].includes(kindOf(each))).map(unit);
    return this.exposed(inside, () => outside);
  }

  fromOtherNamespaces(): readonly Exposed[] {
    const units = this.classes.flatMap((of): Unit[] => {
      const members = this.members.of(of);
      if (members.kind !== 'workloads') return [];
      return [...groupedBy(members.endpoints, ({ id }) => id.slice(id.indexOf(':') + 1, id.indexOf('/')))].map(([namespace, endpoints]) => ({ of, endpoints, namespace }));
    });
    const others = new Map([...new Set(units.map(({ namespace }) => namespace))].map((namespace) => [namespace, units.filter((each) => each.namespace !== namespace)]));
    return this.exposed(units, ({ namespace }) => others.get(namespace) ?? []);
  }

  /** Who of them is reached from whom: in one row those for whom all of that is the same. */
  private exposed(units: readonly Unit[], sources: (unit: Unit) => readonly Unit[]): readonly Exposed[] {
    const numbers = new Map<Unit, number>();
    const numberOf = (unit: Unit): number => numbers.get(unit) ?? (numbers.set(unit, numbers.size), numbers.size - 1);
    const alike = groupedBy(units.map((to) => {
      const byPackets = groupedBy(sources(to).filter((from) => this.between(from.of, to.of).packets.length > 0), (from) => packetsKey(this.between(from.of, to.of).packets));
      return { to, byPackets, key: JSON.stringify([...byPackets].map(([text, from]) => [text, from.map(numberOf)])) };
    }), ({ key }) => key);
    return [...alike.values()].flatMap((same) => {
      const to = this.groupOf(same.map((each) => each.to));
      return [...same[0]!.byPackets.values()].map((from): Exposed => {
        const { packets, example: found } = this.between(from[0]!.of, same[0]!.to.of);
        const { route, packets: own } = found!;
        const example = { flow: { ...route, ...examplePacket(own) }, from: this.namer.nameOfAddress(route.src), to: this.namer.nameOfAddress(route.dst) };
        return { to, from: this.groupOf(from), versions: [this.version], packets: toldPackets(this.version, packets), example };
      });
    });
  }

  /** What gets from an address of one class to one of another, on one way or another. */
  private between(from: AddressClass, to: AddressClass): Between {
    const known = this.known.get(from) ?? new Map<AddressClass, Between>();
    this.known.set(from, known);
    let found = known.get(to);
    if (found === undefined) known.set(to, (found = this.findBetween(from, to)));
    return found;
  }

  private findBetween(from: AddressClass, to: AddressClass): Between {
    const found: { packets: PacketSet; example?: Between['example'] } = { packets: NO_PACKETS };
    for (const route of routesBetween([this.model], from, to)) {
      for (const { verdict, packets } of outcomesOn(this.model, this.answers, this.version, route)) {
        if (verdict === 'deny' || packets.length === 0) continue;
        found.packets = join(found.packets, packets);
        found.example ??= { route, packets };
      }
    }
    return found;
  }

  private groupOf(units: readonly Unit[]): EndGroup {
    const group = this.namer.of(units.map(({ of }) => of), this.members);
    if (units.every(({ endpoints }) => endpoints === undefined)) return group;
    const endpoints = [...new Map(units.flatMap((each) => each.endpoints ?? []).map((each) => [each.id, each])).values()];
    return { ...group, endpoints, name: this.namer.ofWorkloads(endpoints) };
  }
}

/** Both IP versions in one row where they are alike; those that are about most ends come first. */
function told(all: readonly Exposed[]): readonly Exposed[] {
  const equal = groupedBy(all, ({ to, from, packets }) => JSON.stringify([to.name, from.name, packets]));
  const rows = [...equal.values()].map((same) => ({ ...same[0]!, versions: [...new Set(same.flatMap(({ versions }) => versions))] }));
  const weight = ({ from, to }: Exposed): number => sizeOf(from) * sizeOf(to);
  return rows.sort((left, right) => weight(right) - weight(left));
}

function withoutPolicies(model: Model, workloads: readonly Endpoint[], namer: EndNamer): readonly Unpoliced[] {
  const directionsOf = ({ group }: Endpoint): readonly Direction[] => DIRECTIONS.filter((direction) => model.tiers(group, 'normal', direction).length === 0);
  const groups = groupedBy(workloads.filter((each) => directionsOf(each).length > 0), (each) => directionsOf(each).join());
  return [...groups.values()].map((endpoints) => ({ name: namer.ofWorkloads(endpoints), endpoints, directions: directionsOf(endpoints[0]!) }));
}
